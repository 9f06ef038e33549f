"""Packed or not: products by their traces, weighed with the code that is left."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.model import PackerSign
from scanner.model.base import same
from scanner.static.facts import ComponentFact, DexFile, NativeLib, PackageFacts
from scanner.static.packers import UNKNOWN, defined_classes, find_packers

SHELL = PackerSign(
    id="shell",
    name=same("Shell"),
    classes=("com.shell.Stub",),
    native_libs=("libshell.so", "libvendor.so"),
    assets=("shell.dat",),
    not_libs=("libvendor-sdk.so",),
)


def dex(*classes: str) -> bytes:
    """Return the smallest file with a string, type and class table."""
    words = sorted({f"L{c.replace('.', '/')};".encode() for c in classes} | {b"Lother/Ref;"})
    n = len(words)
    strings, types = 0x70, 0x70 + 4 * n
    defs = types + 4 * n
    data = defs + 32 * len(classes)
    offsets, body = [], bytearray()
    for word in words:
        offsets.append(data + len(body))
        units = len(word.decode())
        body += (
            bytes((units,) if units < 0x80 else (units & 0x7F | 0x80, units >> 7)) + word + b"\0"
        )
    head = bytearray(0x70)
    head[:8] = b"dex\n035\0"
    struct.pack_into("<12I", head, 0x38, n, strings, n, types, 0, 0, 0, 0, 0, 0, len(classes), defs)
    rows = b"".join(
        struct.pack("<8I", words.index(f"L{c.replace('.', '/')};".encode()), *[0] * 7)
        for c in classes
    )
    return (
        bytes(head)
        + struct.pack(f"<{n}I", *offsets)
        + struct.pack(f"<{n}I", *range(n))
        + rows
        + body
    )


def facts(
    *defined: str, application: str = "", libs: tuple[str, ...] = (), assets: tuple[str, ...] = ()
) -> PackageFacts:
    names = ("a.b.Main", "a.b.Sync", "a.b.Push")
    return PackageFacts(
        package="a.b",
        application_class=application,
        components=tuple(
            ComponentFact(kind="activity", name=n, exported=True, launcher=n == names[0])
            for n in names
        ),
        native_libs=tuple(
            NativeLib(name=n, abi="arm64-v8a", path=f"lib/{n}", size=1) for n in libs
        ),
        assets=assets,
        dex=(DexFile(name="classes.dex", data=dex(*defined)),),
    )


WHOLE = ("a.b.Main", "a.b.Sync", "a.b.Push", "com.shell.Stub")


def test_defined_is_not_referenced() -> None:
    data = dex("a.b.Main")
    assert defined_classes(data, frozenset({b"La/b/Main;", b"Lother/Ref;"})) == {b"La/b/Main;"}
    assert defined_classes(b"short", frozenset({b"La;"})) == set()


@pytest.mark.parametrize("name", ["A", "a.b.c", "x." + "y" * 124, "x." + "y" * 300, "包.类", "o.é"])
def test_defined_names_of_all_lengths_and_scripts(name: str) -> None:
    wanted = f"L{name.replace('.', '/')};".encode()
    assert defined_classes(dex("q.Z", name), frozenset({wanted, b"Lq/W;"})) == {wanted}


@settings(max_examples=200)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=40))
def test_no_bytes_break_the_class_list(at: int, noise: bytes) -> None:
    data = dex("a.b.Main", "a.b.Sync")
    broken = data[:at] + noise + data[at + len(noise) :]
    wanted = frozenset({b"La/b/Main;"})
    assert defined_classes(broken, wanted) <= wanted
    assert defined_classes(noise, wanted) == set()


def test_a_shell_class_with_hidden_code_is_certain() -> None:
    packers, gaps = find_packers(facts("com.shell.Stub", application="com.shell.Stub"), [SHELL])
    assert [(p.packer, p.confidence) for p in packers] == [("shell", "certain")]
    assert packers[0].evidence[0] == "class com.shell.Stub"
    (gap,) = gaps
    assert gap.code == "packed-code"
    assert gap.subject == "Shell"
    assert {"static.calls", "static.sdks"} <= set(gap.blocks)


def test_a_library_with_hidden_code_is_firm() -> None:
    packers, gaps = find_packers(facts("x.Y", libs=("libshell-2.10.so",)), [SHELL])
    assert packers[0].confidence == "firm"
    assert gaps[0].code == "packed-code"


@pytest.mark.parametrize(
    "lib", ["libshell.so", "libshell-2.10.5.so", "libshell_x86.so", "libshell.a64.so"]
)
def test_a_library_beside_all_code_is_tentative_and_blocks_nothing(lib: str) -> None:
    packers, gaps = find_packers(facts(*WHOLE, libs=(lib,)), [SHELL])
    assert [p.confidence for p in packers] == ["tentative"]
    assert gaps == ()


@pytest.mark.parametrize("lib", ["libshellfish.so", "libvendor-sdk.so", "libxshell.so"])
def test_libraries_of_other_products_do_not_count(lib: str) -> None:
    assert find_packers(facts(*WHOLE, libs=(lib,)), [SHELL]) == ((), ())


def test_assets_count_by_base_name() -> None:
    packers, _ = find_packers(facts(*WHOLE, assets=("deep/shell.dat",)), [SHELL])
    assert packers[0].evidence == ("asset shell.dat",)


def test_hidden_code_without_a_known_product() -> None:
    packers, gaps = find_packers(facts("x.Y"), [SHELL])
    assert [(p.packer, p.confidence) for p in packers] == [(UNKNOWN, "tentative")]
    assert [g.code for g in gaps] == ["missing-code"]


def test_one_missing_class_of_many_is_no_sign() -> None:
    assert find_packers(facts("a.b.Main", "a.b.Sync"), [SHELL]) == ((), ())

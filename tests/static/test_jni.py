"""Exports of native libraries, and the native methods of the app that they hold."""

import random
from pathlib import Path

import pytest

from profiles.model import Knowledge
from scanner.model.static import StaticEvidence
from scanner.static.elf import exported
from scanner.static.gather import gather_static
from scanner.static.jni import mangled
from tests.support.dex_made import (
    Class,
    Method,
    cls,
    dex,
    invoke_static,
    method,
    return_void,
)
from tests.support.elf_made import elf
from tests.support.knowledge import knowledge
from tests.support.package_made import axml, manifest, save

JAVA = (b"Java_", b"JNI_OnLoad")
NATIVE, STATIC, PUBLIC = 0x100, 0x8, 0x1
DESCRIPTOR = "(Ljava/lang/String;)V"


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("with_hash", [True, False])
def test_defined_symbols_are_told_and_needed_ones_not(wide: bool, with_hash: bool) -> None:
    data = elf(
        ["Java_a_B_c", "JNI_OnLoad", "other"], imported=["Java_x_Y_z"], wide=wide,
        with_hash=with_hash,
    )  # fmt: skip
    assert exported(data, JAVA) == ("JNI_OnLoad", "Java_a_B_c")


def test_a_text_is_no_symbol() -> None:
    assert exported(elf(["other"], texts=b"Java_a_B_c"), JAVA) == ()


@pytest.mark.parametrize("data", [b"", b"\x7fELF", b"\x7fELF" + b"\xff" * 200, bytes(500)])
def test_what_is_no_library_exports_nothing(data: bytes) -> None:
    assert exported(data, JAVA) == ()


@pytest.mark.parametrize("wide", [True, False])
def test_damaged_libraries_never_raise(wide: bool) -> None:
    whole = elf(["Java_a_B_c", "JNI_OnLoad"], wide=wide, with_hash=True)
    chance = random.Random(3)  # noqa: S311 - a fixed sequence
    for _ in range(3000):
        data = bytearray(whole[: chance.randrange(len(whole) + 1)])
        for _ in range(chance.randrange(4)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        assert all(n.startswith(("Java_", "JNI_")) for n in exported(bytes(data), JAVA))


@pytest.mark.parametrize(
    ("text", "symbol"),
    [("a/b/C", "a_b_C"), ("do_it", "do_1it"), ("a/B$C", "a_B_00024C"), ("数", "_06570")],
)
def test_names_as_symbols_write_them(text: str, symbol: str) -> None:
    assert mangled(text) == symbol


def app(tmp_path: Path, know: Knowledge, library: bytes, *, called: bool = True) -> StaticEvidence:
    native = Method("read", DESCRIPTOR, None, PUBLIC | STATIC | NATIVE, 0)
    call = [invoke_static("Lapp/demo/Lib;", "read", DESCRIPTOR, 0)] if called else []
    attach = method("attachBaseContext", "(Landroid/content/Context;)V", [*call, return_void()])
    classes: list[Class] = [
        cls("Lapp/demo/Lib;", [native]),
        cls("Lapp/demo/App;", [attach], sup="Landroid/app/Application;"),
    ]
    entries = {
        "AndroidManifest.xml": axml(
            manifest(package="app.demo", attributes={"android:name": "app.demo.App"})
        ),
        "classes.dex": dex(classes),
        "lib/arm64-v8a/libx.so": library,
    }
    return gather_static(save(tmp_path / "a.apk", entries), know, flow_budget=0).static


def sites(static: StaticEvidence) -> list[tuple[str, bool | None, tuple[str, ...]]]:
    return [
        (c.target, c.reach.before_consent, c.reach.chain)
        for c in static.calls
        if c.place.cls.endswith(".so")
    ]


IDENTIFIER = b"ro.serialno"


@pytest.mark.parametrize(
    ("library", "how"),
    [
        (elf(["Java_app_demo_Lib_read"], texts=IDENTIFIER), "exported"),
        (elf(["Java_app_demo_Lib_read__Ljava_lang_String_2"], texts=IDENTIFIER), "exported"),
        (
            elf(["JNI_OnLoad"], texts=b"read\0" + DESCRIPTOR.encode() + b"\0" + IDENTIFIER),
            "registered",
        ),
    ],
)
def test_a_library_that_early_code_enters(
    tmp_path: Path, know: Knowledge, library: bytes, how: str
) -> None:
    static = app(tmp_path, know, library)
    (held,) = static.native_methods
    assert (held.method, held.how) == ("app.demo.Lib.read", how)
    ((_, early, chain),) = sites(static)
    assert (early, chain[-1]) == (True, "app.demo.Lib.read")
    assert all(c.confidence == "tentative" for c in static.calls)


@pytest.mark.parametrize(
    "library",
    [
        elf(["JNI_OnLoad"], texts=b"read\0" + IDENTIFIER),
        elf(["JNI_OnLoad"], texts=b"xread\0" + DESCRIPTOR.encode() + b"\0" + IDENTIFIER),
        elf(["other"], texts=b"read\0" + DESCRIPTOR.encode() + b"\0" + IDENTIFIER),
        elf(["Java_app_demo_Lib_other"], texts=IDENTIFIER),
    ],
)
def test_a_library_that_does_not_hold_the_method(
    tmp_path: Path, know: Knowledge, library: bytes
) -> None:
    static = app(tmp_path, know, library)
    assert static.native_methods == ()
    ((_, early, _),) = sites(static)
    assert early is None


def test_a_native_method_that_nothing_calls_shows_no_way(tmp_path: Path, know: Knowledge) -> None:
    """The library may still run when it is loaded: not reached is not unreachable."""
    library = elf(["Java_app_demo_Lib_read"], texts=IDENTIFIER)
    static = app(tmp_path, know, library, called=False)
    assert len(static.native_methods) == 1
    ((_, early, chain),) = sites(static)
    assert (early, chain) == (None, ())

"""The resource table: languages, references, odd layouts, hostile counts."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.static.resources import Table
from scanner.static.string_pool import StringPool
from scanner.static.xml_tree import T_REFERENCE, T_STRING, Value
from tests.support.package_made import proto_table, table

STRINGS = {
    "app_name": {"": "Sky", "zh": "天空", "zh-TW": "天空繁", "en": "Sky (en)"},
    "only_default": {"": "plain"},
    "only_zh": {"zh-CN": "仅中文", "zh-TW": "僅中文"},
}
FIRST = 0x7F010000


def filled(kind: str) -> Table:
    found = Table()
    if kind == "proto":
        found.add_proto(proto_table(STRINGS))
    else:
        found.add(table(STRINGS, utf8=kind == "utf8"))
    return found


@pytest.mark.parametrize("kind", ["utf8", "utf16", "proto"])
def test_values_by_language(kind: str) -> None:
    found = filled(kind)
    reference = Value(T_REFERENCE, FIRST)
    assert found.text(reference) == "Sky"
    assert found.text(reference, "zh") == "天空"
    assert found.text(reference, "fr") == "Sky"
    assert found.text(Value(T_REFERENCE, FIRST + 2), "zh") == "仅中文"
    assert found.text(Value(T_REFERENCE, FIRST + 99)) == ""
    assert found.text(Value(T_STRING, 0, "direct")) == "direct"
    assert found.name(FIRST + 1) == "string/only_default"
    assert found.type_name(FIRST) == "string"
    assert not found.problems


@pytest.mark.parametrize("kind", ["utf8", "utf16", "proto"])
def test_listing_by_language(kind: str) -> None:
    found = filled(kind)
    assert {s.name: s.text for s in found.strings()} == {"app_name": "Sky", "only_default": "plain"}
    assert {s.name: s.text for s in found.strings("zh")} == {
        "app_name": "天空",
        "only_zh": "仅中文",
    }
    assert [s.id for s in found.strings("en")] == [FIRST]


def test_splits_merge() -> None:
    found = Table()
    found.add(table({"a": {"": "base"}}))
    found.add(table({"a": {"zh": "分包"}}))
    assert found.text(Value(T_REFERENCE, FIRST)) == "base"
    assert found.text(Value(T_REFERENCE, FIRST), "zh") == "分包"


def test_a_reference_that_leads_to_itself_ends() -> None:
    data = bytearray(table({"a": {"": "x"}}))
    at = data.rfind(struct.pack("<HBBI", 8, 0, 3, 0))
    struct.pack_into("<HBBI", data, at, 8, 0, 1, FIRST)
    found = Table()
    found.add(bytes(data))
    assert found.value(FIRST) is None


def test_sparse_and_short_offset_entries() -> None:
    base = table({"a": {"": "x"}})
    type_at = base.rfind(struct.pack("<HH", 0x201, 48))
    sparse = bytearray(base)
    sparse[type_at + 9] = 1
    struct.pack_into("<HH", sparse, type_at + 48, 5, 0)
    short = bytearray(base)
    short[type_at + 9] = 2
    struct.pack_into("<HH", short, type_at + 48, 0, 0xFFFF)
    for data, number in ((sparse, 5), (short, 0)):
        found = Table()
        found.add(bytes(data))
        assert found.text(Value(T_REFERENCE, FIRST + number)) == "x"
        assert [(s.id, s.text) for s in found.strings()] == [(FIRST + number, "x")]


def test_compact_entries() -> None:
    data = bytearray(table({"a": {"": "x"}}))
    at = data.rfind(struct.pack("<HHIHBBI", 8, 0, 0, 8, 0, 3, 0))
    struct.pack_into("<HHI", data, at, 0, 0x0308, 0)
    found = Table()
    found.add(bytes(data))
    assert found.text(Value(T_REFERENCE, FIRST)) == "x"
    assert [s.name for s in found.strings()] == ["a"]


def test_noise_is_a_problem_and_no_error() -> None:
    found = Table()
    found.add(b"noise" * 10)
    assert found.problems == {"resources-unreadable"}


def test_a_pool_of_lies_is_bounded() -> None:
    head = struct.pack("<HHIIIIII", 1, 28, 32, 0xFFFFFFFF, 0, 0x100, 0xFFFFFF00, 0)
    pool = StringPool(head + b"\xff" * 4, 0, 32)
    assert pool.count == 1
    assert pool[0] == pool[1] == pool[-1] == ""


@settings(max_examples=200)
@given(st.integers(0, 700), st.binary(min_size=1, max_size=24))
def test_no_bytes_break_the_reader(at: int, noise: bytes) -> None:
    for kind in ("utf8", "proto"):
        data = table(STRINGS) if kind == "utf8" else proto_table(STRINGS)
        broken = data[:at] + noise + data[at + len(noise) :]
        found = Table()
        (found.add if kind == "utf8" else found.add_proto)(broken)
        list(found.strings("zh"))
        list(found.strings())
        for number in range(4):
            found.text(Value(T_REFERENCE, FIRST + number), "zh")
            found.name(FIRST + number)

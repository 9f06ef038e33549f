"""Binary XML: the tree, and what protectors do to lead a reader astray."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.static.axml import parse_axml
from scanner.static.proto_xml import parse_proto_xml
from scanner.static.xml_read import read_xml
from scanner.static.xml_tree import Element
from tests.support.package_made import IDS, Node, axml, field, proto_xml

TREE: Node = (
    "manifest",
    {"package": "a.b", "android:versionCode": 7, "android:versionName": "一.2"},
    [
        ("application", {"android:debuggable": True, "android:label": "@0x7f010000"}, []),
        ("uses-sdk", {"android:minSdkVersion": 21}, []),
    ],
)


def shape(element: Element) -> tuple[str, list[object]]:
    return element.tag, [shape(child) for child in element.children]


@pytest.mark.parametrize("data", [axml(TREE), axml(TREE, utf8=False), proto_xml(TREE)])
def test_all_encodings_give_one_tree(data: bytes) -> None:
    root = read_xml(data).root
    assert root is not None
    assert shape(root) == ("manifest", [("application", []), ("uses-sdk", [])])
    assert root.attributes["package"].text == "a.b"
    code, name = root.android("versionCode"), root.android("versionName")
    assert code is not None
    assert code.integer == 7
    assert name is not None
    assert name.text == "一.2"
    label, debug = root.children[0].android("label"), root.children[0].android("debuggable")
    assert label is not None
    assert label.reference == 0x7F010000
    assert debug is not None
    assert debug.boolean is True


def test_the_resource_id_decides_when_the_name_lies() -> None:
    data = axml(TREE).replace(b"debuggable", b"xebuggable")
    root = parse_axml(data).root
    assert root is not None
    found = root.children[0].android("debuggable")
    assert found is not None
    assert found.boolean is True


def test_an_attribute_without_id_or_namespace_is_not_androids() -> None:
    root = parse_axml(axml(("service", {"exported": True, "name": "x"}, []))).root
    assert root is not None
    assert root.android("exported") is None
    assert "exported" in root.attributes


def test_a_foreign_magic_number_and_unknown_chunks_are_passed_over() -> None:
    data = bytearray(axml(TREE))
    data[0:2] = b"\0\0"
    pool = 8 + struct.unpack_from("<I", data, 12)[0]
    data[pool:pool] = struct.pack("<HHI", 0x7777, 8, 16) + b"noisenoi"
    root = parse_axml(bytes(data)).root
    assert root is not None
    assert len(root.children) == 2


def test_an_inflated_string_count_changes_nothing() -> None:
    data = bytearray(axml(TREE))
    struct.pack_into("<I", data, 16, 0x7FFFFFFF)
    root = parse_axml(bytes(data)).root
    assert root is not None
    assert root.tag == "manifest"


def test_a_wider_attribute_stride_is_followed() -> None:
    data = axml(("a", {"android:name": "n"}, []))
    at = data.rfind(struct.pack("<HHH", 20, 20, 1))
    wide = bytearray(data)
    struct.pack_into("<H", wide, at + 2, 24)
    root = parse_axml(bytes(wide)).root
    assert root is not None
    assert root.android("name") is not None


def test_a_cut_file_keeps_what_stands_before_the_cut() -> None:
    data = axml(TREE)
    found = parse_axml(data[:-60])
    assert found.root is not None
    assert "xml-truncated" in found.problems
    assert parse_axml(data[:40]).root is None


def test_depth_is_bounded() -> None:
    flat = axml(("x", {}, [("x", {}, [])]))
    start = flat.rfind(struct.pack("<HH", 0x0102, 16))
    deep = flat[:start] + flat[start : start + 36] * 700
    nested = b""
    for _ in range(700):
        nested = field(1, field(3, "x") + (field(5, nested) if nested else b""))
    for data, parse in ((deep, parse_axml), (nested, parse_proto_xml)):
        found = parse(data)
        assert "xml-limit" in found.problems
        assert found.root is not None


@settings(max_examples=200)
@given(st.data())
def test_no_bytes_break_either_reader(data: st.DataObject) -> None:
    for sound, parse in ((axml(TREE), parse_axml), (proto_xml(TREE), parse_proto_xml)):
        at = data.draw(st.integers(0, len(sound)))
        noise = data.draw(st.binary(max_size=40))
        parse(sound[:at] + noise + sound[at + len(noise) :])
        parse(noise)


def test_ids_are_unique() -> None:
    assert len(set(IDS.values())) == len(IDS)
    assert IDS["name"] == 0x01010003

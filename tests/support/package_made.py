"""Packages and their parts, made for one test: binary XML, protobuf XML, resource tables, zips."""

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from scanner.static.axml_attributes import ATTRIBUTE_NAMES
from scanner.static.xml_tree import ANDROID

IDS = {name: number for number, name in ATTRIBUTE_NAMES.items()}

Attributes = Mapping[str, str | int | bool]
Node = tuple[str, Attributes, list["Node"]]
"""Tag, attributes (`android:name` or `name`), children."""


def _pool(strings: list[str], utf8: bool) -> bytes:
    body, offsets = bytearray(), []
    for text in strings:
        offsets.append(len(body))
        if utf8:
            raw = text.encode()
            body += bytes((min(len(text), 127), len(raw))) + raw + b"\0"
        else:
            raw = text.encode("utf-16-le")
            body += struct.pack("<H", len(raw) // 2) + raw + b"\0\0"
    body += b"\0" * (-len(body) % 4)
    start = 28 + 4 * len(strings)
    head = struct.pack(
        "<HHIIIIII", 1, 28, start + len(body), len(strings), 0, 0x100 * utf8, start, 0
    )
    return head + struct.pack(f"<{len(strings)}I", *offsets) + bytes(body)


class _Writer:
    def __init__(self) -> None:
        self.strings: list[str] = []
        self.ids: list[int] = []
        self.body = bytearray()

    def word(self, text: str) -> int:
        if text not in self.strings:
            self.strings.append(text)
        return self.strings.index(text)

    def reserve(self, node: Node) -> None:
        """Attribute names come first: the resource map runs beside the start of the pool."""
        for key in node[1]:
            name = key.removeprefix("android:")
            if key.startswith("android:") and name in IDS and name not in self.strings:
                self.strings.append(name)
                self.ids.append(IDS[name])
        for child in node[2]:
            self.reserve(child)

    def write(self, node: Node) -> None:
        tag, attributes, children = node
        rows = b"".join(self.attribute(k, v) for k, v in attributes.items())
        head = struct.pack("<II", 1, 0xFFFFFFFF)
        inner = struct.pack(
            "<IIHHHHHH", 0xFFFFFFFF, self.word(tag), 20, 20, len(attributes), 0, 0, 0
        )
        self.body += (
            struct.pack("<HHI", 0x0102, 16, 16 + len(inner) + len(rows)) + head + inner + rows
        )
        for child in children:
            self.write(child)
        self.body += struct.pack("<HHI", 0x0103, 16, 24) + head
        self.body += struct.pack("<II", 0xFFFFFFFF, self.word(tag))

    def attribute(self, key: str, value: str | int | bool) -> bytes:
        space = self.word(ANDROID) if key.startswith("android:") else 0xFFFFFFFF
        name = self.word(key.removeprefix("android:"))
        kind, data, raw = 3, 0, 0xFFFFFFFF
        if isinstance(value, bool):
            kind, data = 0x12, 0xFFFFFFFF * value
        elif isinstance(value, int):
            kind, data = 0x10, value
        elif value.startswith("@0x"):
            kind, data = 1, int(value[1:], 16)
        else:
            data = raw = self.word(value)
        return struct.pack("<IIIHBBI", space, name, raw, 8, 0, kind, data)


def axml(node: Node, utf8: bool = True) -> bytes:
    """Return binary XML."""
    writer = _Writer()
    writer.reserve(node)
    writer.write(node)
    ids = struct.pack(f"<HHI{len(writer.ids)}I", 0x180, 8, 8 + 4 * len(writer.ids), *writer.ids)
    body = _pool(writer.strings, utf8) + ids + bytes(writer.body)
    return struct.pack("<HHI", 3, 8, 8 + len(body)) + body


def varint(value: int) -> bytes:
    """Return a protocol-buffer varint."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def field(number: int, value: int | bytes | str) -> bytes:
    """Return one protocol-buffer field."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def proto_xml(node: Node) -> bytes:
    """Return the `XmlNode` message of aapt2 for a tree."""
    tag, attributes, children = node
    body = field(3, tag)
    for key, value in attributes.items():
        name = key.removeprefix("android:")
        row = field(1, ANDROID) if key.startswith("android:") else b""
        row += field(2, name)
        if key.startswith("android:") and name in IDS:
            row += field(5, IDS[name])
        if isinstance(value, bool):
            row += field(3, str(value).lower()) + field(6, field(7, field(8, int(value))))
        elif isinstance(value, int):
            row += field(3, str(value)) + field(6, field(7, field(6, value)))
        elif value.startswith("@0x"):
            row += field(6, field(1, field(2, int(value[1:], 16))))
        else:
            row += field(3, value)
        body += field(4, row)
    body += b"".join(field(5, proto_xml(child)) for child in children)
    return field(1, body)


def proto_table(strings: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the `ResourceTable` message: string name -> locale -> text, ids from 0x7f010000."""
    entries = b""
    for number, (name, texts) in enumerate(strings.items()):
        row = field(1, field(1, number)) + field(2, name)
        for locale, text in texts.items():
            config = field(1, field(3, locale)) if locale else b""
            row += field(6, config + field(2, field(4, field(2, field(1, text)))))
        entries += field(3, row)
    kind = field(3, field(1, field(1, 1)) + field(2, "string") + entries)
    return field(2, field(1, field(1, 0x7F)) + kind)


def table(strings: Mapping[str, Mapping[str, str]], utf8: bool = True) -> bytes:
    """Return a compiled resource table: string name -> locale -> text, ids from 0x7f010000."""
    names = list(strings)
    locales = sorted({locale for texts in strings.values() for locale in texts})
    values = sorted({text for texts in strings.values() for text in texts.values()})
    chunks = b""
    for locale in locales:
        offsets, entries = [], b""
        for key, name in enumerate(names):
            text = strings[name].get(locale)
            offsets.append(0xFFFFFFFF if text is None else len(entries))
            if text is not None:
                entries += struct.pack("<HHIHBBI", 8, 0, key, 8, 0, 3, values.index(text))
        language, _, region = locale.partition("-")
        config = struct.pack("<III", 28, 0, 0)[:8] + language.encode().ljust(2, b"\0")
        config = (config + region.encode().ljust(2, b"\0")).ljust(28, b"\0")
        start = 20 + len(config) + 4 * len(names)
        head = struct.pack("<HHI", 0x201, 20 + len(config), start + len(entries))
        head += struct.pack("<BBHII", 1, 0, 0, len(names), start) + config
        chunks += head + struct.pack(f"<{len(names)}I", *offsets) + entries
    types, keys = _pool(["string"], utf8), _pool(names, utf8)
    size = 288 + len(types) + len(keys) + len(chunks)
    package = struct.pack("<HHII", 0x200, 288, size, 0x7F) + bytes(256)
    package += struct.pack("<5I", 288, 0, 288 + len(types), 0, 0) + types + keys + chunks
    body = _pool(values, utf8) + package
    return struct.pack("<HHII", 2, 12, 12 + len(body), 1) + body


def archive(entries: Mapping[str, bytes], stored: bool = False) -> bytes:
    """Return a zip archive."""
    out = BytesIO()
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", kind) as target:
        for name, data in entries.items():
            target.writestr(zipfile.ZipInfo(name), data, kind)
    return out.getvalue()


def save(path: Path, entries: Mapping[str, bytes], stored: bool = False) -> Path:
    """Write a zip archive and return its path."""
    path.write_bytes(archive(entries, stored))
    return path


def manifest(
    *inside: Node, package: str = "a.b", attributes: Attributes | None = None, target: int = 30
) -> Node:
    """Return a manifest tree with an application that holds the given elements."""
    outside = [n for n in inside if n[0] not in _COMPONENTS]
    inner = [n for n in inside if n[0] in _COMPONENTS]
    sdk: Node = ("uses-sdk", {"android:minSdkVersion": 21, "android:targetSdkVersion": target}, [])
    application: Node = ("application", attributes or {}, inner)
    return ("manifest", {"package": package}, [sdk, *outside, application])


_COMPONENTS = {"activity", "activity-alias", "service", "receiver", "provider", "meta-data"}

"""Writers of binary formats for the second generator: only what a device report needs."""

import plistlib
import struct
import zlib
from collections.abc import Mapping
from typing import Any

Tree = Mapping[str, Any]


def cbor(value: Any) -> bytes:  # noqa: C901 - one branch per type
    """Return a value as CBOR (RFC 8949)."""

    def head(major: int, number: int) -> bytes:
        if number < 24:
            return bytes([major << 5 | number])
        for code, form, limit in ((24, ">B", 1 << 8), (25, ">H", 1 << 16), (26, ">I", 1 << 32)):
            if number < limit:
                return bytes([major << 5 | code]) + struct.pack(form, number)
        return bytes([major << 5 | 27]) + struct.pack(">Q", number)

    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str | bytes):
        data = value.encode() if isinstance(value, str) else value
        return head(3 if isinstance(value, str) else 2, len(data)) + data
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


def bson(value: Tree) -> bytes:  # noqa: C901 - one branch per type
    """Return a document as BSON."""
    out = b""
    for key, item in value.items():
        name = key.encode() + b"\0"
        match item:
            case bool():
                out += b"\x08" + name + bytes([item])
            case int():
                out += b"\x12" + name + struct.pack("<q", item)
            case float():
                out += b"\x01" + name + struct.pack("<d", item)
            case str():
                text = item.encode() + b"\0"
                out += b"\x02" + name + struct.pack("<i", len(text)) + text
            case bytes():
                out += b"\x05" + name + struct.pack("<i", len(item)) + b"\0" + item
            case dict():
                out += b"\x03" + name + bson(item)
            case list():
                out += b"\x04" + name + bson({str(i): v for i, v in enumerate(item)})
    return struct.pack("<i", len(out) + 5) + out + b"\0"


def varint(number: int) -> bytes:
    """Return an unsigned LEB128 number."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def proto(value: Tree) -> bytes:
    """Return a tree as protobuf, fields numbered from one in their order."""
    out = b""
    for number, item in enumerate(value.values(), 1):
        match item:
            case int():
                out += varint(number << 3) + varint(item)
            case float():
                out += varint(number << 3 | 1) + struct.pack("<d", item)
            case list():
                out += b"".join(_field(number, part) for part in item)
            case _:
                out += _field(number, item)
    return out


def _field(number: int, item: Any) -> bytes:
    data = (
        proto(item)
        if isinstance(item, dict)
        else item
        if isinstance(item, bytes)
        else str(item).encode()
    )
    return varint(number << 3 | 2) + varint(len(data)) + data


def thrift_binary(value: Tree) -> bytes:
    """Return a tree as a Thrift struct in the binary protocol."""
    out = b""
    for number, item in enumerate(value.values(), 1):
        match item:
            case int():
                out += struct.pack(">bhq", 10, number, item)
            case float():
                out += struct.pack(">bhd", 4, number, item)
            case dict():
                out += struct.pack(">bh", 12, number) + thrift_binary(item)
            case _:
                data = item if isinstance(item, bytes) else str(item).encode()
                out += struct.pack(">bhi", 11, number, len(data)) + data
    return out + b"\0"


def thrift_compact(value: Tree) -> bytes:
    """Return a tree as a Thrift struct in the compact protocol."""
    out = b""
    for item in value.values():
        match item:
            case int():
                out += b"\x16" + varint(item << 1)
            case float():
                out += b"\x17" + struct.pack("<d", item)
            case dict():
                out += b"\x1c" + thrift_compact(item)
            case _:
                data = item if isinstance(item, bytes) else str(item).encode()
                out += b"\x18" + varint(len(data)) + data
    return out + b"\0"


def avro(value: Any) -> bytes:
    """Return a tree as an Avro record: lengths and numbers as zigzag, no names."""
    match value:
        case int():
            return varint(value << 1)
        case float():
            return struct.pack("<d", value)
        case dict():
            return b"".join(map(avro, value.values()))
        case list():
            return varint(len(value) << 1) + b"".join(map(avro, value)) + b"\0"
    data = value if isinstance(value, bytes) else str(value).encode()
    return varint(len(data) << 1) + data


def amf3(value: Any) -> bytes:
    """Return a tree as AMF3."""
    match value:
        case int() | float():
            return b"\x05" + struct.pack(">d", value)
        case dict():
            return (
                b"\x0a\x0b\x01"
                + b"".join(_amf_text(k) + amf3(v) for k, v in value.items())
                + b"\x01"
            )
        case list():
            return b"\x09" + varint(len(value) << 1 | 1) + b"\x01" + b"".join(map(amf3, value))
    return b"\x06" + _amf_text(str(value))


def _amf_text(text: str) -> bytes:
    return varint(len(text.encode()) << 1 | 1) + text.encode()


def tlv(value: Tree) -> bytes:
    """Return a tree as type, two bytes of length, contents."""
    out = b""
    for number, item in enumerate(value.values(), 1):
        data = tlv(item) if isinstance(item, dict) else str(item).encode()
        out += struct.pack(">BH", number, len(data)) + data
    return out


def java_map(value: Tree) -> bytes:
    """Return a tree roughly as Java serialises a map of strings."""
    out = b"\xac\xed\x00\x05sr\x00\x11java.util.HashMap\x05\x07\xda\xc1\xc3\x16`\xd1\x03\x00\x02xp"
    for key, item in value.items():
        for text in (key, str(item)):
            out += b"t" + struct.pack(">H", len(text.encode())) + text.encode()
    return out + b"x"


def lz4_block(data: bytes) -> bytes:
    """Return an LZ4 block with real back references (greedy, four-byte matches)."""
    out, seen, start, at = bytearray(), {}, 0, 0
    while at + 12 < len(data):
        key = data[at : at + 4]
        earlier = seen.get(key)
        seen[key] = at
        if earlier is None or at - earlier > 0xFFFF:
            at += 1
            continue
        size = 4
        while at + size < len(data) - 5 and data[earlier + size] == data[at + size]:
            size += 1
        out += _lz4_sequence(data[start:at], at - earlier, size)
        at += size
        start = at
    rest = data[start:]
    return bytes(out + _lz4_head(len(rest), 0) + rest)


def _lz4_head(literals: int, match: int) -> bytes:
    out = bytearray([min(literals, 15) << 4 | min(match, 15)])
    if literals >= 15:
        out += _lz4_more(literals - 15)
    return bytes(out)


def _lz4_more(size: int) -> bytes:
    return b"\xff" * (size // 255) + bytes([size % 255])


def _lz4_sequence(literals: bytes, offset: int, size: int) -> bytes:
    out = _lz4_head(len(literals), size - 4) + literals + struct.pack("<H", offset)
    return out + (_lz4_more(size - 19) if size >= 19 else b"")


def lz4_frame(data: bytes) -> bytes:
    """Return an LZ4 frame of one block, without checksums (the header's is a placeholder)."""
    block = lz4_block(data)
    return b"\x04\x22\x4d\x18\x60\x40\x82" + struct.pack("<I", len(block)) + block + b"\0\0\0\0"


def snappy(data: bytes) -> bytes:
    """Return raw snappy with real copies."""
    out, seen, start, at = bytearray(varint(len(data))), {}, 0, 0

    def literal(part: bytes) -> bytes:
        if not part:
            return b""
        size = len(part) - 1
        if size < 60:
            return bytes([size << 2]) + part
        return bytes([61 << 2]) + struct.pack("<H", size) + part

    while at + 4 <= len(data):
        key = data[at : at + 4]
        earlier = seen.get(key)
        seen[key] = at
        if earlier is None or at - earlier > 0xFFFF:
            at += 1
            continue
        size = 4
        while size < 60 and at + size < len(data) and data[earlier + size] == data[at + size]:
            size += 1
        out += (
            literal(data[start:at]) + bytes([(size - 1) << 2 | 2]) + struct.pack("<H", at - earlier)
        )
        at += size
        start = at
    return bytes(out + literal(data[start:]))


def snappy_frame(data: bytes) -> bytes:
    """Return the snappy framing format: stream identifier, one compressed chunk."""
    body = b"\0\0\0\0" + snappy(data)
    return b"\xff\x06\0\0sNaPpY" + b"\0" + len(body).to_bytes(3, "little") + body


def bplist(value: Tree) -> bytes:
    """Return a binary property list."""
    return plistlib.dumps(dict(value), fmt=plistlib.FMT_BINARY)


def png_text(value: bytes) -> bytes:
    """Return a picture of one dot that carries a text."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"tEXt", b"Comment\0" + value)
    return (
        b"\x89PNG\r\n\x1a\n" + body + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )


def jpeg_with_place(latitude: float, longitude: float) -> bytes:
    """Return the head of a JPEG whose Exif names a place in degrees, minutes and seconds."""

    def rationals(value: float) -> bytes:
        degrees, rest = divmod(abs(value) * 3600, 3600)
        minutes, seconds = divmod(rest, 60)
        return struct.pack("<6I", int(degrees), 1, int(minutes), 1, round(seconds * 1000), 1000)

    north, east = b"N" if latitude >= 0 else b"S", b"E" if longitude >= 0 else b"W"
    first = struct.pack("<HHHIII", 1, 0x8825, 4, 1, 26, 0)
    gps = struct.pack(
        "<HHHI4sHHIIHHI4sHHIII",
        4, 1, 2, 2, north, 2, 5, 3, 80, 3, 2, 2, east, 4, 5, 3, 104, 0,
    )  # fmt: skip
    tiff = b"II*\0" + struct.pack("<I", 8) + first + gps
    tiff = tiff.ljust(80, b"\0") + rationals(latitude) + rationals(longitude)
    exif = b"Exif\0\0" + tiff
    head = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return head + b"\xff\xda" + bytes(64) + b"\xff\xd9"

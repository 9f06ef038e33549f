"""CBOR and BSON: binary documents that name their fields. Bounded readers of our own."""

import struct
from typing import Any

_MAX_DEPTH = 32
_MAX_ITEMS = 100_000
_CBOR_TAG = b"\xd9\xd9\xf7"
_CBOR_MAPS = (*range(0xA1, 0xBC), 0xBF)
_MIN = 8
_BREAK = object()
_BSON_FIXED = {1: "<d", 9: "<q", 16: "<i", 17: "<Q", 18: "<q"}
_BSON_TEXT = (2, 13, 14)


class _BadError(Exception):
    """Not this format."""


class _Reader:
    """A position in bytes, and how many items may still be read."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.left = data, 0, _MAX_ITEMS

    def take(self, size: int) -> bytes:
        end = self.at + size
        self.left -= 1
        if size < 0 or end > len(self.data) or self.left < 0:
            raise _BadError
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def to_zero(self) -> str:
        end = self.data.find(b"\0", self.at)
        if end < 0:
            raise _BadError
        piece = self.data[self.at : end]
        self.at = end + 1
        return piece.decode("utf-8")


def uncbor(data: bytes, declared: bool) -> Any:
    """Return the map or list of CBOR that uses all bytes, else None."""
    if not data or (not declared and (len(data) < _MIN or not _looks_like_cbor(data))):
        return None
    reader = _Reader(data)
    try:
        content = _cbor(reader, 0)
    except (_BadError, struct.error, UnicodeDecodeError, TypeError, OverflowError):
        return None
    whole = reader.at == len(data) and isinstance(content, dict | list)
    return content if whole and content else None


def _looks_like_cbor(data: bytes) -> bool:
    """Accept a map whose first key is a text: an array looks like MessagePack."""
    if data.startswith(_CBOR_TAG):
        return True
    if data[0] not in _CBOR_MAPS:
        return False
    wide = {0xB8: 2, 0xB9: 3, 0xBA: 5, 0xBB: 9}.get(data[0], 1)
    return len(data) > wide and 0x61 <= data[wide] <= 0x79  # noqa: PLR2004 - a text of one byte and more


def _cbor(reader: _Reader, depth: int) -> Any:
    head = reader.take(1)[0]
    major, small = head >> 5, head & 31
    if depth > _MAX_DEPTH:
        raise _BadError
    if major == 7:  # noqa: PLR2004 - floats and simple values
        return _cbor_simple(reader, small)
    number = _cbor_number(reader, small, major)
    if major <= 1:
        return number if major == 0 else -1 - number
    if major <= 3:  # noqa: PLR2004 - bytes and text
        return _cbor_string(reader, number, major, depth)
    if major == 6:  # noqa: PLR2004 - a tag says how to read what follows
        return _cbor(reader, depth + 1)
    return _cbor_items(reader, number, major, depth)


def _cbor_number(reader: _Reader, small: int, major: int) -> int:
    if small < 24:  # noqa: PLR2004 - the number itself
        return small
    if small <= 27:  # noqa: PLR2004 - one, two, four or eight bytes
        return int.from_bytes(reader.take(1 << small - 24), "big")
    if small == 31 and 2 <= major <= 5:  # noqa: PLR2004 - until a break
        return -1
    raise _BadError


def _cbor_simple(reader: _Reader, small: int) -> Any:
    if small in (25, 26, 27):
        size = 1 << small - 24
        form = {2: ">e", 4: ">f", 8: ">d"}[size]
        value = struct.unpack(form, reader.take(size))[0]
        return value if size == 8 else float(f"{value:.8g}")  # noqa: PLR2004 - single precision has eight digits
    if small == 31:  # noqa: PLR2004 - break
        return _BREAK
    if small < 20 or small > 24:  # noqa: PLR2004 - not assigned
        raise _BadError
    if small == 24:  # noqa: PLR2004 - one more byte
        reader.take(1)
    return {20: False, 21: True}.get(small)


def _cbor_string(reader: _Reader, size: int, major: int, depth: int) -> Any:
    if size >= 0:
        piece = reader.take(size)
        return piece.decode("utf-8") if major == 3 else piece  # noqa: PLR2004 - text
    parts: list[Any] = []
    while (part := _cbor(reader, depth + 1)) is not _BREAK:
        parts.append(part)
    return ("" if major == 3 else b"").join(parts)  # noqa: PLR2004 - text


def _cbor_items(reader: _Reader, size: int, major: int, depth: int) -> Any:
    content: list[Any] = []
    pairs: dict[Any, Any] = {}
    count = 0
    while count != size:
        item = _cbor(reader, depth + 1)
        if item is _BREAK:
            if size >= 0:
                raise _BadError
            break
        if major == 4:  # noqa: PLR2004 - array
            content.append(item)
        else:
            pairs[item if isinstance(item, str) else str(item)] = _cbor(reader, depth + 1)
        count += 1
    return content if major == 4 else pairs  # noqa: PLR2004 - array


def unbson(data: bytes) -> Any:
    """Return a BSON document that uses all bytes, else None."""
    if len(data) < _MIN or int.from_bytes(data[:4], "little") != len(data) or data[-1]:
        return None
    reader = _Reader(data)
    try:
        content = _bson(reader, 0)
    except (_BadError, struct.error, UnicodeDecodeError):
        return None
    return content if reader.at == len(data) and content else None


def _bson(reader: _Reader, depth: int) -> dict[str, Any]:
    if depth > _MAX_DEPTH:
        raise _BadError
    end = reader.at + int.from_bytes(reader.take(4), "little")
    if end > len(reader.data):
        raise _BadError
    found: dict[str, Any] = {}
    while kind := reader.take(1)[0]:
        name = reader.to_zero()
        found[name] = _bson_value(reader, kind, depth)
    if reader.at != end:
        raise _BadError
    return found


def _bson_value(reader: _Reader, kind: int, depth: int) -> Any:  # noqa: C901, PLR0911 - one return per type
    if kind in _BSON_FIXED:
        form = _BSON_FIXED[kind]
        return struct.unpack(form, reader.take(struct.calcsize(form)))[0]
    if kind in _BSON_TEXT:
        return reader.take(int.from_bytes(reader.take(4), "little"))[:-1].decode("utf-8")
    if kind == 3:  # noqa: PLR2004 - document
        return _bson(reader, depth + 1)
    if kind == 4:  # noqa: PLR2004 - array, keys are positions
        return [*_bson(reader, depth + 1).values()]
    if kind == 5:  # noqa: PLR2004 - binary
        size = int.from_bytes(reader.take(4), "little")
        reader.take(1)
        return reader.take(size)
    if kind == 7:  # noqa: PLR2004 - object id
        return reader.take(12).hex()
    if kind == 8:  # noqa: PLR2004 - truth value
        return reader.take(1) == b"\1"
    if kind in (6, 10):
        return None
    raise _BadError

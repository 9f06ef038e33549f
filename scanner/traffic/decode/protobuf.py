"""Protobuf without a schema: the wire format alone shows fields, numbers and strings."""

import struct
from typing import NamedTuple

_MAX_DEPTH = 12
_MAX_FIELDS = 20_000
_MAX_NUMBER = (1 << 29) - 1
_VARINT_BITS = 63
_MAX_CUT = 4
"""Bytes of the longest UTF-8 character."""


class Field(NamedTuple):
    """One field: its number and an int, a float, bytes (text or opaque) or a nested message."""

    number: int
    value: "int | float | bytes | list[Field]"


class WireError(Exception):
    """Not the wire format."""


class _Left:
    """How many fields may still be read: nested messages share one account."""

    __slots__ = ("fields",)

    def __init__(self) -> None:
        self.fields = _MAX_FIELDS


def parse(data: bytes) -> list[Field] | None:
    """Return the fields of a message, None when the bytes cannot be one."""
    try:
        return _message(data, _Left(), 0)
    except (WireError, struct.error):
        return None


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at a position and the position after it. Raises `WireError`."""
    value = shift = 0
    while True:
        if at >= len(data) or shift > _VARINT_BITS:
            raise WireError
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the last byte of a varint
            return value, at
        shift += 7


def _message(data: bytes, left: _Left, depth: int) -> list[Field]:
    fields: list[Field] = []
    at = 0
    while at < len(data):
        left.fields -= 1
        if left.fields < 0:
            raise WireError
        tag, at = varint(data, at)
        number, wire = tag >> 3, tag & 7
        if not 0 < number <= _MAX_NUMBER:
            raise WireError
        value, at = _value(data, at, wire, left, depth)
        fields.append(Field(number, value))
    return fields


def _value(
    data: bytes, at: int, wire: int, left: _Left, depth: int
) -> tuple["int | float | bytes | list[Field]", int]:
    if wire == 0:
        return varint(data, at)
    if wire == 1:
        return struct.unpack_from("<d", data, at)[0], at + 8
    if wire == 5:  # noqa: PLR2004 - 32-bit wire type
        return float(f"{struct.unpack_from('<f', data, at)[0]:.8g}"), at + 4
    if wire != 2:  # noqa: PLR2004 - groups are gone since proto3
        raise WireError
    size, at = varint(data, at)
    if at + size > len(data):
        raise WireError
    part = data[at : at + size]
    if not part or depth >= _MAX_DEPTH or is_text(part):
        return part, at + size
    try:
        nested = _message(part, left, depth + 1)
    except (WireError, struct.error):
        return part, at + size
    return nested, at + size


_PLAIN = bytes([9, 10, 13, *range(32, 127), *range(128, 256)])


def is_text(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 text without control characters."""
    if data.translate(None, _PLAIN):
        return False
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(data) >= _MAX_CUT and error.start > len(data) - _MAX_CUT  # cut by a limit
    return True

"""Protocol-buffer wire format, read without a schema compiler.

https://protobuf.dev/programming-guides/encoding/ - only what the bundle formats need: varints and
length-delimited fields. Never raises: reading ends where the bytes stop making sense.
"""

from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MOST_SHIFT = 63


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a varint and the offset after it; the offset is -1 when it does not end."""
    value = shift = 0
    while at < len(data) and shift <= _MOST_SHIFT:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - no continuation bit
            return value, at
        shift += 7
    return 0, -1


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield (field number, value) in order: integers for numbers, bytes for everything nested."""
    at = 0
    while 0 <= at < len(data):
        key, at = varint(data, at)
        if at < 0:
            return
        kind = key & 7
        if kind == _VARINT:
            value, at = varint(data, at)
            if at < 0:
                return
            yield key >> 3, value
            continue
        length = {_FIXED64: 8, _FIXED32: 4}.get(kind, -1)
        if kind == _BYTES:
            length, at = varint(data, at)
        if length < 0 or at < 0 or at + length > len(data):
            return
        raw = data[at : at + length]
        at += length
        yield key >> 3, raw if kind == _BYTES else int.from_bytes(raw, "little")


def first(data: bytes, number: int) -> bytes:
    """Return the first length-delimited field with a number, or nothing."""
    return next((v for n, v in fields(data) if n == number and isinstance(v, bytes)), b"")


def number_of(data: bytes, number: int, default: int = 0) -> int:
    """Return the last numeric field with a number, or the default."""
    found = default
    for n, value in fields(data):
        if n == number and isinstance(value, int):
            found = value
    return found

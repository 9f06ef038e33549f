"""Functions that a native library exports: the dynamic symbol table of an ELF file.

Only what the loader itself uses is believed: program headers and the dynamic section. Section
headers may be missing or wrong, and protected libraries have none. Never raises on any bytes.
"""

import struct
from typing import NamedTuple

import numpy as np

from scanner.static.dex.arrays import Ints, distinct

_MAGIC = b"\x7fELF"
_LOAD, _DYNAMIC = 1, 2
_HASH, _STRTAB, _SYMTAB, _STRSZ = 4, 5, 6, 10
_CLASS_AT, _WIDE_CLASS, _ORDER_AT, _LITTLE, _HEADER_SIZE = 4, 2, 5, 1, 64
_MOST_HEADERS, _MOST_TAGS, _MOST_SYMBOLS = 128, 4096, 2_000_000
_LONGEST = 600


class _Layout(NamedTuple):
    """Where things stand in a file of one word size."""

    header: struct.Struct
    program: struct.Struct
    offset_of: tuple[int, int, int]
    tag: struct.Struct
    symbol: "np.dtype[np.void]"


_WIDE = _Layout(
    struct.Struct("<HHIQQQIHHHHHH"),
    struct.Struct("<IIQQQQQQ"),
    (2, 3, 5),
    struct.Struct("<qQ"),
    np.dtype([("name", "<u4"), ("kind", "<u2"), ("section", "<u2"), ("where", "<u8", 2)]),
)
_NARROW = _Layout(
    struct.Struct("<HHIIIIIHHHHHH"),
    struct.Struct("<IIIIIIII"),
    (1, 2, 4),
    struct.Struct("<iI"),
    np.dtype([("name", "<u4"), ("where", "<u4", 2), ("kind", "<u2"), ("section", "<u2")]),
)


class _Segment(NamedTuple):
    kind: int
    offset: int
    address: int
    size: int


def exported(data: bytes, prefixes: tuple[bytes, ...]) -> tuple[str, ...]:
    """Return the names of defined dynamic symbols that begin with one of the prefixes, sorted."""
    if data[:4] != _MAGIC or len(data) < _HEADER_SIZE or data[_ORDER_AT] != _LITTLE:
        return ()
    layout = _WIDE if data[_CLASS_AT] == _WIDE_CLASS else _NARROW
    try:
        segments = _segments(data, layout)
        tags = _tags(data, layout, segments)
        return _names(data, layout, segments, tags, prefixes)
    except (struct.error, ValueError, OverflowError):
        return ()


def _segments(data: bytes, layout: _Layout) -> list[_Segment]:
    head = layout.header.unpack_from(data, 16)
    at, count, step = head[4], min(head[9], _MOST_HEADERS), head[8]
    offset, address, size = layout.offset_of
    rows = (layout.program.unpack_from(data, at + step * k) for k in range(count))
    return [_Segment(row[0], row[offset], row[address], row[size]) for row in rows]


def _tags(data: bytes, layout: _Layout, segments: list[_Segment]) -> dict[int, int]:
    """Return the dynamic section: the first value of each tag."""
    found: dict[int, int] = {}
    dynamic = next((s for s in segments if s.kind == _DYNAMIC), None)
    if dynamic is None:
        return found
    for k in range(min(dynamic.size // layout.tag.size, _MOST_TAGS)):
        tag, value = layout.tag.unpack_from(data, dynamic.offset + k * layout.tag.size)
        if tag == 0:
            break
        found.setdefault(tag, value)
    return found


def _place(segments: list[_Segment], address: int) -> int:
    """Return the file offset of an address. Raises `ValueError` outside all segments."""
    for one in segments:
        if one.kind == _LOAD and one.address <= address < one.address + one.size:
            return address - one.address + one.offset
    raise ValueError


def _count(data: bytes, segments: list[_Segment], tags: dict[int, int], room: int) -> int:
    """Return how many symbols there are: by the hash table, else up to the string table."""
    if _HASH in tags:
        at = _place(segments, tags[_HASH])
        return min(int(struct.unpack_from("<II", data, at)[1]), room)
    return room


def _names(
    data: bytes,
    layout: _Layout,
    segments: list[_Segment],
    tags: dict[int, int],
    prefixes: tuple[bytes, ...],
) -> tuple[str, ...]:
    if _SYMTAB not in tags or _STRTAB not in tags:
        return ()
    at, text = _place(segments, tags[_SYMTAB]), _place(segments, tags[_STRTAB])
    end = text + min(tags.get(_STRSZ, len(data)), max(0, len(data) - text))
    stop = text if text > at else len(data)
    room = min(max(0, stop - at) // layout.symbol.itemsize, _MOST_SYMBOLS)
    table = np.frombuffer(data, layout.symbol, _count(data, segments, tags, room), at)
    begins = text + table["name"][table["section"] != 0].astype(np.int64)
    found = {_name(data, int(begin), end) for begin in _starting(data, begins, end, prefixes)}
    return tuple(sorted(found - {""}))


def _starting(data: bytes, begins: Ints, end: int, prefixes: tuple[bytes, ...]) -> list[int]:
    """Return those of the places where a text with one of the prefixes begins."""
    inside = distinct(begins[begins < end]).tolist()
    return [at for at in inside if data.startswith(prefixes, at)]


def _name(data: bytes, begin: int, end: int) -> str:
    stop = data.find(b"\0", begin, min(end, begin + _LONGEST))
    return data[begin:stop].decode("ascii", "replace") if stop > begin else ""

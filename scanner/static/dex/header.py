"""The fixed tables of one dex file, clamped to the bytes that are really there.

Only the header is asked where a table is; the map list is hints for call sites and method
handles, which have no other address. Offsets of a version-41 container count from its start.
"""

import struct
from typing import Any

import msgspec
import numpy as np

from scanner.static.dex.arrays import U32, Ints
from scanner.static.dex.losses import Losses

HEADER_SIZE = 0x70
CONTAINER_HEADER_SIZE = 0x78
MAX_IN_CONTAINER = 256
MAX_MAP_ITEMS = 64
_LITTLE_ENDIAN = 0x12345678
_CALL_SITES, _HANDLES = 0x0007, 0x0008

_PROTO = np.dtype([("shorty", "<u4"), ("ret", "<u4"), ("params", "<u4")])
_MEMBER = np.dtype([("cls", "<u2"), ("kind", "<u2"), ("name", "<u4")])
_CLASS = np.dtype(
    [
        ("cls", "<u4"),
        ("flags", "<u4"),
        ("sup", "<u4"),
        ("interfaces", "<u4"),
        ("source", "<u4"),
        ("annotations", "<u4"),
        ("data", "<u4"),
        ("values", "<u4"),
    ]
)
_HANDLE = np.dtype([("kind", "<u2"), ("pad", "<u2"), ("member", "<u2"), ("pad2", "<u2")])


class Tables(msgspec.Struct, frozen=True, eq=False):
    """The id tables of one dex file as structured arrays, plus its bytes.

    `strings` are offsets of string data; the member tables have `cls`, `kind` (field type or
    prototype) and `name`.
    """

    name: str
    data: bytes
    version: int
    strings: U32
    types: U32
    protos: Ints
    fields: Ints
    methods: Ints
    classes: Ints
    call_sites: U32
    handles: Ints


def read_tables(name: str, data: bytes, losses: Losses) -> list[Tables]:
    """Return the tables of every dex in the file: one, or several of a version-41 container.

    A file that is no dex gives an empty list and a loss.
    """
    found: list[Tables] = []
    start = 0
    while len(found) < MAX_IN_CONTAINER and start + HEADER_SIZE <= len(data):
        version = _version(data, start)
        if version is None:
            break
        found.append(_read(name if start == 0 else f"{name}@{start:#x}", data, start, losses))
        size = struct.unpack_from("<I", data, start + 0x20)[0]
        if version < 41 or size < CONTAINER_HEADER_SIZE:
            break
        start += size
    if not found:
        code = "unsupported-dex" if data[:3] in {b"cde", b"dey", b"dex"} else "not-dex"
        losses.add(name, code)
    return found


def _version(data: bytes, start: int) -> int | None:
    """Return 35..., or None when this is no little-endian dex header."""
    digits = data[start + 4 : start + 7]
    if data[start : start + 4] != b"dex\n" or not digits.isdigit():
        return None
    if struct.unpack_from("<I", data, start + 0x28)[0] != _LITTLE_ENDIAN:
        return None
    return int(digits)


def _read(name: str, data: bytes, start: int, losses: Losses) -> Tables:
    words = struct.unpack_from("<13I", data, start + 0x34)
    map_off, sizes = words[0], words[1:]

    def table(at: int, dtype: np.dtype[Any] | str) -> Ints:
        return _table(name, data, sizes[at], sizes[at + 1], np.dtype(dtype), losses)

    sites, handles = _from_map(data, map_off)
    return Tables(
        name=name,
        data=data,
        version=int(data[start + 4 : start + 7]),
        strings=table(0, "<u4"),
        types=table(2, "<u4"),
        protos=table(4, _PROTO),
        fields=table(6, _MEMBER),
        methods=table(8, _MEMBER),
        classes=table(10, _CLASS),
        call_sites=_table(name, data, *sites, np.dtype("<u4"), losses),
        handles=_table(name, data, *handles, _HANDLE, losses),
    )


def _table(
    name: str, data: bytes, count: int, offset: int, dtype: np.dtype[Any], losses: Losses
) -> Ints:
    """Return `count` records at `offset`, or as many as the file holds."""
    room = max(0, len(data) - offset) // dtype.itemsize if count else 0
    fits = min(count, room)
    losses.add(name, "truncated-table", count - fits)
    return np.frombuffer(data, dtype, fits, offset if fits else 0)


def _from_map(data: bytes, offset: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return (count, offset) of the call sites and of the method handles, (0, 0) when absent."""
    found = {_CALL_SITES: (0, 0), _HANDLES: (0, 0)}
    if 0 < offset <= len(data) - 4:
        count = min(struct.unpack_from("<I", data, offset)[0], MAX_MAP_ITEMS)
        for at in range(offset + 4, min(offset + 4 + 12 * count, len(data) - 11), 12):
            kind, _, size, where = struct.unpack_from("<HHII", data, at)
            if kind in found and where < len(data) and found[kind] == (0, 0):
                found[kind] = (size, where)
    return found[_CALL_SITES], found[_HANDLES]

"""The compiled resource table: values, names and strings by language, read on demand.

Layout: ResTable of ResourceTypes.h, with sparse, 16-bit-offset and compact entries. Tables of
several splits merge into one. Never raises on any bytes: what cannot be read is absent.
"""

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scanner.static.resources_proto import ProtoEntry, read_proto_table
from scanner.static.string_pool import StringPool
from scanner.static.xml_tree import T_STRING, Value

_POOL, _TABLE, _PACKAGE, _TYPE = 0x0001, 0x0002, 0x0200, 0x0201
_CHUNK = struct.Struct("<HHI")
_TYPE_HEADER = struct.Struct("<BBHII")
_SPARSE, _OFFSET16 = 1, 2
_NO_ENTRY, _NO_ENTRY16 = 0xFFFFFFFF, 0xFFFF
_COMPLEX, _COMPACT = 1, 8
_MOST_ENTRIES = 1 << 16
_MOST_CHUNKS = 100_000
_MOST_CONFIGS = 1000
"""Most configurations of one type: each lookup goes through all of them."""
_DEPTH = 8
_PACKAGE_HEADER = 288
_TABLE_HEADER = 12
_EMPTY_TABLE = 512
"""A table without any resource is not larger than its headers."""
_CONFIG_AT = 20
_LANGUAGE_AT = 8
_LOCALE_SIZE = 4
_WIDE, _NARROW = 4, 2


Words: TypeAlias = NDArray[Any]


class _Pools(NamedTuple):
    values: StringPool
    types: StringPool
    keys: StringPool


class _TypeChunk(NamedTuple):
    data: bytes
    at: int
    header: int
    size: int
    flags: int
    room: int
    entries: int
    language: str
    region: str
    pools: _Pools


class Named(NamedTuple):
    """One string resource: its id, its name without type, and its text."""

    id: int
    name: str
    text: str


class Table:
    """All resource tables of a package, merged."""

    def __init__(self) -> None:
        """Start without any resource."""
        self._chunks: dict[tuple[int, int], list[_TypeChunk]] = {}
        self._type_names: dict[tuple[int, int], str] = {}
        self._proto: dict[int, ProtoEntry] = {}
        self.problems: set[str] = set()

    def add(self, data: bytes) -> None:
        """Merge the table of one archive."""
        if len(data) < _TABLE_HEADER or _CHUNK.unpack_from(data)[0] != _TABLE:
            self.problems.add("resources-unreadable")
            return
        pool = StringPool(b"", 0, 0)
        header = max(_CHUNK.unpack_from(data)[1], _TABLE_HEADER)
        for kind, at, _, size in _chunks(data, header, len(data)):
            if kind == _POOL and not pool.count:
                pool = StringPool(data, at, size)
            elif kind == _PACKAGE:
                self._package(data, at, size, pool)
        if len(data) > _EMPTY_TABLE and not self._type_names:
            self.problems.add("resources-unreadable")

    def add_proto(self, data: bytes) -> None:
        """Merge the table of one bundle module."""
        for entry in read_proto_table(data):
            known = self._proto.setdefault(entry.id, entry)
            known.values |= entry.values

    def _package(self, data: bytes, at: int, size: int, values: StringPool) -> None:
        if size < _PACKAGE_HEADER - 4:
            self.problems.add("resources-unreadable")
            return
        (number,) = struct.unpack_from("<I", data, at + 8)
        types_at, _, keys_at, _ = struct.unpack_from("<4I", data, at + 268)
        pools = _Pools(
            values,
            StringPool(data, at + types_at, max(0, size - types_at)),
            StringPool(data, at + keys_at, max(0, size - keys_at)),
        )
        header = _CHUNK.unpack_from(data, at)[1]
        for kind, start, head, length in _chunks(data, at + header, at + size):
            if kind != _TYPE or length < _CONFIG_AT + 4:
                continue
            type_id, flags, _, count, entries = _TYPE_HEADER.unpack_from(data, start + 8)
            language, region = _locale(data[start + _CONFIG_AT + _LANGUAGE_AT :][:_LOCALE_SIZE])
            chunk = _TypeChunk(
                data, start, head, length, flags, min(count, _MOST_ENTRIES), entries,
                language, region, pools,
            )  # fmt: skip
            known = self._chunks.setdefault((number, type_id), [])
            if len(known) < _MOST_CONFIGS:
                known.append(chunk)
            self._type_names.setdefault((number, type_id), pools.types[type_id - 1])

    def type_name(self, resource: int) -> str:
        """Return the type of an id (`string`, `layout`), or the empty string."""
        if resource in self._proto:
            return self._proto[resource].type
        return self._type_names.get((resource >> 24, resource >> 16 & 0xFF), "")

    def name(self, resource: int) -> str:
        """Return `type/name` of an id, or the empty string."""
        if resource in self._proto:
            return f"{self._proto[resource].type}/{self._proto[resource].name}"
        for chunk in self._chunks.get((resource >> 24, resource >> 16 & 0xFF), ()):
            found = _entry(chunk, resource & 0xFFFF)
            if found:
                return f"{self.type_name(resource)}/{chunk.pools.keys[found[0]]}"
        return ""

    def value(self, resource: int, language: str = "") -> Value | None:
        """Return an id's value in a language (`zh`, `en`) or else by default; references are
        followed. None when there is none or it is a bag.
        """
        for _ in range(_DEPTH):
            found = self._pick(resource, language)
            if found is None or not found.reference:
                return found
            resource = found.reference
        return None

    def text(self, value: Value | None, language: str = "") -> str:
        """Return the string behind a value: itself, or what it refers to."""
        if value is None:
            return ""
        if value.reference:
            value = self.value(value.reference, language)
        return value.text if value is not None and value.type == T_STRING else ""

    def _pick(self, resource: int, language: str) -> Value | None:
        if resource in self._proto:
            values = self._proto[resource].values
            order = sorted(values, key=lambda place: (_rank(place[0], place[1], language), place))
            return values[order[0]] if order else None
        best: tuple[int, Value] | None = None
        for chunk in self._chunks.get((resource >> 24, resource >> 16 & 0xFF), ()):
            rank = _rank(chunk.language, chunk.region, language)
            if best is not None and rank >= best[0]:
                continue
            found = _entry(chunk, resource & 0xFFFF)
            if found and found[1] is not None:
                best = (rank, found[1])
        return best[1] if best else None

    def _proto_strings(self, language: str) -> Iterator[Named]:
        for entry in self._proto.values():
            mine = [place for place in entry.values if place[0] == language]
            if entry.type == "string" and mine:
                best = min(mine, key=lambda place: (_rank(place[0], place[1], language), place))
                yield Named(entry.id, entry.name, entry.values[best].text)

    def strings(self, language: str = "") -> Iterator[Named]:
        """Yield the string resources of one language, mainland region first; without a language
        the default ones.
        """
        yield from self._proto_strings(language)
        seen: set[int] = set()
        for (package, type_id), chunks in sorted(self._chunks.items()):
            if self._type_names[package, type_id] != "string":
                continue
            for chunk in sorted(chunks, key=lambda c: _rank(c.language, c.region, language)):
                if chunk.language != language:
                    continue
                base = package << 24 | type_id << 16
                for index, key, word in _string_entries(chunk):
                    if base | index not in seen:
                        seen.add(base | index)
                        yield Named(base | index, chunk.pools.keys[key], chunk.pools.values[word])


def _chunks(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (type, offset, header size, size) of the chunks in a range."""
    end = min(end, len(data))
    for _ in range(_MOST_CHUNKS):
        if at + _CHUNK.size > end:
            return
        kind, header, size = _CHUNK.unpack_from(data, at)
        if size < _CHUNK.size:
            return
        yield kind, at, header, min(size, end - at)
        at += size


def _locale(raw: bytes) -> tuple[str, str]:
    """Return language and region of a configuration; three-letter languages are packed."""
    if len(raw) < _LOCALE_SIZE or not raw[0]:
        return "", ""
    if raw[0] & 0x80:
        letters = (raw[1] & 0x1F, (raw[1] >> 5) + ((raw[0] & 0x03) << 3), (raw[0] & 0x7C) >> 2)
        return "".join(chr(ord("a") + x) for x in letters), ""
    return raw[:2].decode("latin-1"), raw[2:4].decode("latin-1").strip("\0")


def _rank(chunk_language: str, region: str, language: str) -> int:
    """Order configurations: the language asked for (mainland before others), default, the rest."""
    if language and chunk_language == language:
        return {"": 1, "CN": 0}.get(region, 2)
    return 4 if chunk_language else 3


def _room(chunk: _TypeChunk, width: int) -> int:
    """Return how many index words fit the chunk; the count in the header may lie."""
    end = min(chunk.at + chunk.size, len(chunk.data))
    return min(chunk.room, max(0, end - chunk.at - chunk.header) // width)


def _offset(chunk: _TypeChunk, index: int) -> int | None:
    """Return where an entry starts within the file, or None."""
    table = chunk.at + chunk.header
    if chunk.flags & _SPARSE:
        return _sparse_offset(chunk, index, table)
    wide = not chunk.flags & _OFFSET16
    width = _WIDE if wide else _NARROW
    if index >= _room(chunk, width):
        return None
    place = table + width * index
    relative = int.from_bytes(chunk.data[place : place + width], "little")
    if relative == (_NO_ENTRY if wide else _NO_ENTRY16):
        return None
    return chunk.at + chunk.entries + (relative if wide else relative * 4)


def _sparse_offset(chunk: _TypeChunk, index: int, table: int) -> int | None:
    count = _room(chunk, _WIDE)
    if not count:
        return None
    pairs = np.frombuffer(chunk.data, "<u2", count * 2, table)
    hits = np.flatnonzero(pairs[::2] == index)
    if not len(hits):
        return None
    return chunk.at + chunk.entries + int(pairs[1::2][hits[0]]) * 4


def _entry(chunk: _TypeChunk, index: int) -> tuple[int, Value | None] | None:
    """Return key index and value of one entry; the value of a bag is None."""
    at = _offset(chunk, index)
    data = chunk.data
    if at is None or at + 8 > len(data):
        return None
    size, flags, word = struct.unpack_from("<HHI", data, at)
    if flags & _COMPACT:
        kind, payload = flags >> 8, word
        key = size
    else:
        key = word
        if flags & _COMPLEX or at + size + 8 > len(data):
            return key, None
        kind = data[at + size + 3]
        (payload,) = struct.unpack_from("<I", data, at + size + 4)
    text = chunk.pools.values[payload] if kind == T_STRING else ""
    return key, Value(kind, payload, text)


def _string_entries(chunk: _TypeChunk) -> Iterator[tuple[int, int, int]]:
    """Yield (entry index, key index, string index) of all plain string entries, vectorised."""
    data = chunk.data
    raw = np.frombuffer(data, np.uint8)
    table = chunk.at + chunk.header
    wide = not chunk.flags & (_SPARSE | _OFFSET16)
    count = _room(chunk, _NARROW if chunk.flags & _OFFSET16 else _WIDE)
    if not count:
        return
    if chunk.flags & _SPARSE:
        pairs = np.frombuffer(data, "<u2", count * 2, table)
        index, relative = pairs[::2].astype(np.int64), pairs[1::2].astype(np.int64) * 4
    else:
        offsets = np.frombuffer(data, "<u4" if wide else "<u2", count, table)
        index = np.flatnonzero(offsets != (_NO_ENTRY if wide else _NO_ENTRY16))
        relative = offsets[index].astype(np.int64) * (1 if wide else 4)
    at = relative + chunk.at + chunk.entries
    inside = at + 16 <= len(data)
    short = at + 8 <= len(data)
    compact = np.zeros(len(at), bool)
    compact[short] = (raw[at[short] + 2] & _COMPACT) != 0
    yield from _plain(raw, index[inside & ~compact], at[inside & ~compact])
    yield from _compact(raw, index[compact], at[compact])


def _words(raw: Words, at: Words, width: int) -> Words:
    """Gather little-endian words of `width` bytes at arbitrary offsets."""
    total = np.zeros(len(at), np.int64)
    for k in range(width):
        total |= raw[at + k].astype(np.int64) << (8 * k)
    return total


def _plain(raw: Words, index: Words, at: Words) -> Iterator[tuple[int, int, int]]:
    simple = (raw[at + 2] & _COMPLEX) == 0
    index, at = index[simple], at[simple]
    value = at + _words(raw, at, 2)
    whole = value + 8 <= len(raw)
    index, at, value = index[whole], at[whole], value[whole]
    text = raw[value + 3] == T_STRING
    index, at, value = index[text], at[text], value[text]
    keys, words = _words(raw, at + 4, 4), _words(raw, value + 4, 4)
    yield from zip(index.tolist(), keys.tolist(), words.tolist(), strict=True)


def _compact(raw: Words, index: Words, at: Words) -> Iterator[tuple[int, int, int]]:
    text = raw[at + 3] == T_STRING
    index, at = index[text], at[text]
    keys, words = _words(raw, at, 2), _words(raw, at + 4, 4)
    yield from zip(index.tolist(), keys.tolist(), words.tolist(), strict=True)

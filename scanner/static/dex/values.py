"""Encoded values: annotations, initial values of static fields, call sites, method handles."""

import struct
from typing import NamedTuple, TypeAlias

from scanner.static.dex.index import DexIndex
from scanner.static.dex.leb import Reader, TruncatedError

MAX_DEPTH = 16
MAX_ITEMS = 20_000

_STRING, _TYPE, _FIELD, _METHOD, _ENUM = 0x17, 0x18, 0x19, 0x1A, 0x1B
_PROTO, _HANDLE, _ARRAY, _ANNOTATION, _NULL, _BOOLEAN = 0x15, 0x16, 0x1C, 0x1D, 0x1E, 0x1F
_BYTE, _SHORT, _CHAR, _INT, _LONG, _FLOAT, _DOUBLE = 0x00, 0x02, 0x03, 0x04, 0x06, 0x10, 0x11
_FIRST_FIELD_HANDLE_KINDS = 4
_HEAD, _PAIR = 16, 8
_MOST_ON_ONE = 64


class Ref(NamedTuple):
    """A reference: kind (`type`, `field`, `method`, `enum`, `proto`, `handle`) and merged id."""

    kind: str
    id: int


class Annotation(NamedTuple):
    """An annotation: its type id and its elements by name."""

    type: int
    elements: tuple[tuple[str, "Value"], ...]


Value: TypeAlias = bool | int | float | str | Ref | Annotation | tuple["Value", ...] | None


class MethodHandle(NamedTuple):
    """What a method handle calls or accesses: `is_field`, and the merged member id."""

    is_field: bool
    member: int


class _ValueReader:
    def __init__(self, index: DexIndex, file: int, at: int) -> None:
        self.index, self.file = index, file
        self.maps = index.maps(file)
        self.reader = Reader(index.files[file].data, at)
        self.left = MAX_ITEMS

    def value(self, depth: int = 0) -> Value:
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0:
            raise TruncatedError
        head = self.reader.byte()
        kind, size = head & 0x1F, (head >> 5) + 1
        if kind == _ARRAY:
            return self.array(depth + 1)
        if kind == _ANNOTATION:
            return self.annotation(depth + 1)
        if kind in {_NULL, _BOOLEAN}:
            return None if kind == _NULL else bool(size - 1)
        return self._scalar(kind, size)

    def _scalar(self, kind: int, size: int) -> Value:
        raw = self.reader.little(size)
        if kind in {_BYTE, _SHORT, _INT, _LONG}:
            return raw - (1 << 8 * size) if raw >> (8 * size - 1) else raw
        if kind == _FLOAT:
            return _real(raw, size, 4)
        if kind == _DOUBLE:
            return _real(raw, size, 8)
        if kind == _CHAR:
            return raw
        return self._reference(kind, raw)

    def _reference(self, kind: int, raw: int) -> Value:
        maps = self.maps
        tables = {
            _STRING: ("string", maps.strings),
            _TYPE: ("type", maps.types),
            _FIELD: ("field", maps.fields),
            _METHOD: ("method", maps.methods),
            _ENUM: ("enum", maps.fields),
            _PROTO: ("proto", maps.protos),
        }
        if kind == _HANDLE:
            return Ref("handle", raw)
        if kind not in tables:
            raise TruncatedError
        name, table = tables[kind]
        number = int(table[raw]) if raw < len(table) else 0
        return self.index.string(number) if kind == _STRING else Ref(name, number)

    def array(self, depth: int = 0) -> tuple[Value, ...]:
        return tuple(self.value(depth) for _ in range(min(self.reader.uleb(), MAX_ITEMS)))

    def annotation(self, depth: int = 0) -> Annotation:
        kind = self.reader.uleb()
        types, strings = self.maps.types, self.maps.strings
        elements: list[tuple[str, Value]] = []
        for _ in range(min(self.reader.uleb(), MAX_ITEMS)):
            name = self.reader.uleb()
            number = int(strings[name]) if name < len(strings) else 0
            elements.append((self.index.string(number), self.value(depth)))
        return Annotation(int(types[kind]) if kind < len(types) else 0, tuple(elements))


def _real(raw: int, size: int, width: int) -> float:
    """Return a float whose missing low bytes are zero."""
    if size > width:
        raise TruncatedError
    whole = (raw << 8 * (width - size)).to_bytes(width, "little")
    return float(struct.unpack("<f" if width == 4 else "<d", whole)[0])


def class_annotations(index: DexIndex, row: int) -> tuple[Annotation, ...]:
    """Return the annotations on class row `row` itself; damaged ones are left out."""
    at = int(index.classes.annotations[row])
    file = int(index.classes.file[row])
    if not at:
        return ()
    try:
        return _set(index, file, Reader(index.files[file].data, at).little(4))
    except TruncatedError:
        return ()


def methods_annotated(index: DexIndex, row: int, annotation: int) -> tuple[int, ...]:
    """Return the ids of the methods of class row `row` that carry an annotation of type id
    `annotation`; what is damaged is left out.
    """
    at = int(index.classes.annotations[row])
    if not at or annotation <= 0:
        return ()
    file = int(index.classes.file[row])
    data, methods = index.files[file].data, index.maps(file).methods
    found: list[int] = []
    try:
        fields, count = Reader(data, at + 4).little(4), Reader(data, at + 8).little(4)
        reader = Reader(data, at + _HEAD + fields * _PAIR)
        for _ in range(min(count, MAX_ITEMS)):
            number, place = reader.little(4), reader.little(4)
            if number < len(methods) and annotation in _types(index, file, place):
                found.append(int(methods[number]))
    except TruncatedError:
        pass  # what was read stands
    return tuple(found)


def _types(index: DexIndex, file: int, at: int) -> set[int]:
    """Return the type ids of the annotations of a set, without their elements."""
    data, types = index.files[file].data, index.maps(file).types
    reader = Reader(data, at)
    found: set[int] = set()
    for _ in range(min(reader.little(4), _MOST_ON_ONE)):
        item = Reader(data, reader.little(4))
        item.byte()  # visibility
        number = item.uleb()
        if number < len(types):
            found.add(int(types[number]))
    return found


def _set(index: DexIndex, file: int, at: int) -> tuple[Annotation, ...]:
    if not at:
        return ()
    reader = Reader(index.files[file].data, at)
    found: list[Annotation] = []
    for _ in range(min(reader.little(4), MAX_ITEMS)):
        values = _ValueReader(index, file, reader.little(4))
        values.reader.byte()  # visibility
        found.append(values.annotation())
    return tuple(found)


def static_values(index: DexIndex, row: int) -> tuple[Value, ...]:
    """Return the initial values of the static fields of class row `row`, in field order."""
    at = int(index.classes.values[row])
    if not at:
        return ()
    try:
        return _ValueReader(index, int(index.classes.file[row]), at).array()
    except TruncatedError:
        return ()


def call_site(index: DexIndex, file: int, number: int) -> tuple[Value, ...]:
    """Return the values of a call site: bootstrap handle, name, prototype, extra arguments."""
    sites = index.files[file].call_sites
    if number >= len(sites):
        return ()
    try:
        return _ValueReader(index, file, int(sites[number])).array()
    except TruncatedError:
        return ()


def method_handle(index: DexIndex, file: int, number: int) -> MethodHandle | None:
    """Return what handle `number` of a file stands for, None when it is damaged."""
    handles = index.files[file].handles
    if number >= len(handles):
        return None
    is_field = int(handles[number]["kind"]) < _FIRST_FIELD_HANDLE_KINDS
    maps = index.maps(file)
    table, member = (maps.fields if is_field else maps.methods), int(handles[number]["member"])
    return MethodHandle(is_field, int(table[member])) if member < len(table) else None

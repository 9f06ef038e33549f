"""Strings, types, prototypes, fields and methods of all dex files in one id space.

Every table has a row 0 that stands for "damaged": the empty string, the type without a name, and
what is built from them. Equal entries of different files share one id. Types are ordered by
string id; methods and fields by class, then name, then prototype or type, so that all members of
one class are neighbours.
"""

import itertools
from collections.abc import Iterable

import msgspec
import numpy as np

from scanner.static.dex.arrays import I32, I64, U16, Bool, Ints, ranges, starts_of, unique_rows
from scanner.static.dex.header import Tables
from scanner.static.dex.losses import Losses
from scanner.static.dex.pool import Pool, unite
from scanner.static.dex.strings import read_strings

MAX_PARAMETERS = 255


class Members(msgspec.Struct, frozen=True, eq=False):
    """Columns of a member table. `kind` is the type of a field or the prototype of a method."""

    cls: I32
    name: I32
    kind: I32


class Parameters(msgspec.Struct, frozen=True, eq=False):
    """The parameter types (ids) of every prototype, by prototype id."""

    starts: I64
    flat: I32

    def __len__(self) -> int:
        """Return the number of prototypes."""
        return len(self.starts) - 1

    def __getitem__(self, proto: int) -> tuple[int, ...]:
        """Return the parameter types of one prototype."""
        return tuple(self.flat[self.starts[proto] : self.starts[proto + 1]].tolist())

    def counts(self) -> I64:
        """Return the number of parameters of every prototype."""
        return np.diff(self.starts)

    def starting_with(self, kind: int) -> Bool:
        """Return a mark per prototype: its first parameter is of this type."""
        marked = self.counts() > 0
        marked[marked] = self.flat[self.starts[:-1][marked]] == kind
        return marked

    def holding(self, types: Iterable[int]) -> Bool:
        """Return a mark per prototype: one of its parameters is of one of these types."""
        marked = np.zeros(len(self), np.bool_)
        owner = np.repeat(np.arange(len(self)), self.counts())
        for kind in types:
            marked[owner[self.flat == kind]] = True
        return marked


class Ids(msgspec.Struct, frozen=True, eq=False):
    """The merged tables. `types` holds string ids; prototypes have a return type and parameters."""

    pool: Pool
    types: I32
    proto_return: I32
    proto_params: Parameters
    fields: Members
    methods: Members

    @property
    def strings(self) -> list[bytes]:
        """Return the raw text of every string, by id."""
        return self.pool.texts


class FileMaps(msgspec.Struct, frozen=True, eq=False):
    """Ids of one file -> merged ids."""

    strings: I32
    types: I32
    protos: I32
    fields: I32
    methods: I32


def look(table: I32, index: Ints) -> I32:
    """Return `table[index]`, and 0 ("damaged") where the index is out of range."""
    if not len(table):
        return np.zeros(len(index), np.int32)
    inside = index < len(table)
    if inside.all():
        return table.take(index)
    return np.where(inside, table.take(np.where(inside, index, 0)), 0).astype(np.int32)


def merge_ids(files: list[Tables], losses: Losses) -> tuple[Ids, list[FileMaps]]:
    """Unite the id tables of all files."""
    pool, strings = unite(b"", [read_strings(file, losses) for file in files])
    types, type_maps = _types(files, strings, len(pool.texts))
    returns, params, proto_maps = _protos(files, type_maps, losses)
    sizes = [len(types), len(pool.texts)]
    kinds = (
        _members([f.fields for f in files], type_maps, strings, type_maps, [*sizes, len(types)]),
        _members([f.methods for f in files], type_maps, strings, proto_maps, [*sizes, len(params)]),
    )
    (fields, field_maps), (methods, method_maps) = kinds
    ids = Ids(pool, types, returns, params, fields, methods)
    maps = [
        FileMaps(*row)
        for row in zip(strings, type_maps, proto_maps, field_maps, method_maps, strict=True)
    ]
    return ids, maps


def _types(files: list[Tables], strings: list[I32], size: int) -> tuple[I32, list[I32]]:
    columns = [look(table, file.types) for file, table in zip(files, strings, strict=True)]
    named = np.zeros(size, np.bool_)
    named[0] = True
    for column in columns:
        named[column] = True
    number = np.cumsum(named, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(named).astype(np.int32), [number.take(column) for column in columns]


def _split(inverse: Ints, columns: list[I32]) -> list[I32]:
    """Cut the ids of concatenated columns (after the reserved first row) back into files."""
    cuts = np.cumsum([1, *(len(c) for c in columns)])
    return [inverse[a:b].astype(np.int32) for a, b in itertools.pairwise(cuts)]


def type_lists(units: U16, offsets: I64, limit: int) -> tuple[I64, U16, Bool]:
    """Return (starts, flat, damaged) of the type lists at byte offsets; 0 is the empty list."""
    at = offsets // 2
    has = offsets > 0
    bad = has & ((offsets % 2 != 0) | (at + 2 > len(units)))
    safe = np.where(has & ~bad, at, 0)
    low, high = units[safe], units[np.minimum(safe + 1, len(units) - 1)]
    size = np.where(has & ~bad, low.astype(np.int64) | high.astype(np.int64) << 16, 0)
    bad |= (size > limit) | (safe + 2 + size > len(units)) & has
    size[bad] = 0
    bad |= np.cumsum(size) > 4 * len(units)  # lists may be shared, but not without end
    size[bad] = 0
    return starts_of(size), units.take(ranges(safe + 2, size)), bad


def _protos(
    files: list[Tables], type_maps: list[I32], losses: Losses
) -> tuple[I32, Parameters, list[I32]]:
    """Unite the prototypes: each as the bytes of its return type and its parameters."""
    keys: list[list[bytes]] = []
    for file, types in zip(files, type_maps, strict=True):
        units = np.frombuffer(file.data, "<u2", len(file.data) // 2)
        offsets = file.protos["params"].astype(np.int64)
        starts, flat, bad = type_lists(units, offsets, MAX_PARAMETERS)
        losses.add(file.name, "bad-reference", int(bad.sum()))
        heads = starts[:-1] + np.arange(len(offsets))
        whole = np.insert(look(types, flat), starts[:-1], look(types, file.protos["ret"]))
        cuts = [*(4 * heads).tolist(), 4 * len(whole)]
        keys.append(list(map(whole.tobytes().__getitem__, map(slice, cuts[:-1], cuts[1:]))))
    known, maps = unite(np.zeros(1, np.int32).tobytes(), keys)
    distinct = known.texts
    whole = np.frombuffer(b"".join(distinct), np.int32)
    starts = starts_of(np.fromiter(map(len, distinct), np.int64, len(distinct)) // 4)
    heads = starts[:-1]
    return (
        whole[heads],
        Parameters(starts - np.arange(len(starts)), np.delete(whole, heads)),
        maps,
    )


def _members(
    tables: list[Ints],
    types: list[I32],
    strings: list[I32],
    kinds: list[I32],
    sizes: list[int],
) -> tuple[Members, list[I32]]:
    """Unite field or method tables: `kinds` are the maps of their third column."""
    cls = [look(m, t["cls"]) for m, t in zip(types, tables, strict=True)]
    name = [look(m, t["name"]) for m, t in zip(strings, tables, strict=True)]
    kind = [look(m, t["kind"]) for m, t in zip(kinds, tables, strict=True)]
    zero = np.zeros(1, np.int32)
    columns = [np.concatenate([zero, *column]) for column in (cls, name, kind)]
    first, inverse = unique_rows(columns, sizes)
    members = Members(*(column.take(first) for column in columns))
    return members, _split(inverse, cls)

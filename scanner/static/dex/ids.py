"""Strings, types, prototypes, fields and methods of all dex files in one id space.

Every table has a row 0 that stands for "damaged": the empty string, the type without a name, and
what is built from them. Equal entries of different files share one id. Types are ordered by
string id; methods and fields by class, then name, then prototype or type, so that all members of
one class are neighbours.
"""

import itertools

import msgspec
import numpy as np

from scanner.static.dex.arrays import I32, I64, U16, Bool, Ints, ranges, starts_of, unique_rows
from scanner.static.dex.header import Tables, string_ranges
from scanner.static.dex.losses import Losses

MAX_PARAMETERS = 255


class Members(msgspec.Struct, frozen=True, eq=False):
    """Columns of a member table. `kind` is the type of a field or the prototype of a method."""

    cls: I32
    name: I32
    kind: I32


class Ids(msgspec.Struct, frozen=True, eq=False):
    """The merged tables. `types` holds string ids; prototypes have a return type and parameters."""

    strings: list[bytes]
    string_id: dict[bytes, int]
    types: I32
    proto_return: I32
    proto_params: list[tuple[int, ...]]
    fields: Members
    methods: Members


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
        return table[index]
    return np.where(inside, table[np.where(inside, index, 0)], 0).astype(np.int32)


def merge_ids(files: list[Tables], losses: Losses) -> tuple[Ids, list[FileMaps]]:
    """Unite the id tables of all files."""
    known: dict[bytes, int] = {b"": 0}
    strings = [_strings(file, known, losses) for file in files]
    texts = list(known)
    types, type_maps = _types(files, strings)
    returns, params, proto_maps = _protos(files, type_maps, losses)
    sizes = [len(types), len(texts)]
    kinds = (
        _members([f.fields for f in files], type_maps, strings, type_maps, [*sizes, len(types)]),
        _members([f.methods for f in files], type_maps, strings, proto_maps, [*sizes, len(params)]),
    )
    (fields, field_maps), (methods, method_maps) = kinds
    ids = Ids(texts, known, types, returns, params, fields, methods)
    maps = [
        FileMaps(*row)
        for row in zip(strings, type_maps, proto_maps, field_maps, method_maps, strict=True)
    ]
    return ids, maps


def _strings(file: Tables, known: dict[bytes, int], losses: Losses) -> I32:
    """Add the strings of one file to the pool; return their ids."""
    begin, end = string_ranges(file, losses)
    # Maps of built-in functions throughout: a hundred thousand strings leave no time for more.
    texts = list(map(file.data.__getitem__, map(slice, begin.tolist(), end.tolist())))
    new = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(new, itertools.count(len(known)), strict=False))
    return np.fromiter(map(known.__getitem__, texts), np.int32, len(texts))


def _types(files: list[Tables], strings: list[I32]) -> tuple[I32, list[I32]]:
    columns = [look(table, file.types) for file, table in zip(files, strings, strict=True)]
    every = np.concatenate([np.zeros(1, np.int32), *columns])
    types, inverse = np.unique(every, return_inverse=True)
    return types, _split(inverse, columns)


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
    return starts_of(size), units[ranges(safe + 2, size)], bad


def _protos(
    files: list[Tables], type_maps: list[I32], losses: Losses
) -> tuple[I32, list[tuple[int, ...]], list[I32]]:
    known: dict[tuple[int, ...], int] = {(0,): 0}
    maps: list[I32] = []
    for file, types in zip(files, type_maps, strict=True):
        units = np.frombuffer(file.data, "<u2", len(file.data) // 2)
        offsets = file.protos["params"].astype(np.int64)
        starts, flat, bad = type_lists(units, offsets, MAX_PARAMETERS)
        losses.add(file.name, "bad-reference", int(bad.sum()))
        params = look(types, flat).tolist()
        returns = look(types, file.protos["ret"]).tolist()
        cuts = starts.tolist()
        rows = [
            known.setdefault((kind, *params[a:b]), len(known))
            for kind, a, b in zip(returns, cuts[:-1], cuts[1:], strict=True)
        ]
        maps.append(np.array(rows, np.int32))
    return np.array([key[0] for key in known], np.int32), [key[1:] for key in known], maps


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
    members = Members(*(column[first] for column in columns))
    return members, _split(inverse, cls)

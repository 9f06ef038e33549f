"""Classes, methods and fields that the dex files define, in one id space."""

import msgspec
import numpy as np

from scanner.static.dex.arrays import I32, I64, U32, Bool
from scanner.static.dex.classdata import Members, read_members
from scanner.static.dex.header import Tables
from scanner.static.dex.ids import FileMaps, Ids, look, type_lists
from scanner.static.dex.losses import MAX_SUBJECTS, Losses

MAX_INTERFACES = 65535


class Classes(msgspec.Struct, frozen=True, eq=False):
    """Class definitions by row. When a class is defined twice, the first file wins.

    `type`, `sup`: type ids (`sup` 0 = none); `source`: string id of the source file (0 = none);
    `file`: number of the dex file; `annotations`, `values`: byte offsets in that file, 0 = none.
    Interfaces of row i: `interfaces[starts[i]:starts[i + 1]]` (type ids). `of_type[type]` is the
    row that defines a type, -1 when no file does.
    """

    type: I32
    sup: I32
    flags: U32
    file: I32
    source: I32
    annotations: U32
    values: U32
    starts: I64
    interfaces: I32
    of_type: I32


class FileMembers(msgspec.Struct, frozen=True, eq=False):
    """Encoded members of one file: class row, merged member id, flags, code offset (0 = none)."""

    cls: I32
    member: I32
    flags: U32
    code: I64


def read_definitions(
    files: list[Tables], maps: list[FileMaps], ids: Ids, losses: Losses
) -> tuple[Classes, list[FileMembers], list[FileMembers]]:
    """Return (classes, fields per file, methods per file)."""
    kept, types, file_of = _first_wins(files, maps, ids, losses)
    classes = _classes(files, maps, kept, types, file_of, len(ids.types), losses)
    fields, methods = [], []
    row = 0
    for file, map_, keep in zip(files, maps, kept, strict=True):
        rows = np.full(len(keep), -1, np.int32)
        rows[keep] = np.arange(row, row + int(keep.sum()), dtype=np.int32)
        row += int(keep.sum())
        encoded_fields, encoded_methods = read_members(file, losses)
        fields.append(_members(encoded_fields, rows, map_.fields))
        methods.append(_members(encoded_methods, rows, map_.methods))
    return classes, fields, methods


def _first_wins(
    files: list[Tables], maps: list[FileMaps], ids: Ids, losses: Losses
) -> tuple[list[Bool], I32, I32]:
    """Return (kept rows per file, type ids and file numbers of the kept rows)."""
    columns = [look(m.types, f.classes["cls"]) for f, m in zip(files, maps, strict=True)]
    every = np.concatenate([np.zeros(0, np.int32), *columns])
    origin = np.repeat(np.arange(len(files), dtype=np.int32), [len(c) for c in columns])
    places = np.arange(len(every), dtype=np.int32)
    first_at = np.empty(len(ids.types), np.int32)
    first_at[every[::-1]] = places[::-1]
    first = first_at.take(every) == places
    keep = first & (every != 0)
    for number, file in enumerate(files):
        here = origin == number
        losses.add(file.name, "bad-reference", int((here & (every == 0)).sum()))
        twice = every[here & ~first & (every != 0)]
        names = tuple(
            ids.strings[ids.types[t]].decode("utf-8", "replace") for t in twice[:MAX_SUBJECTS]
        )
        losses.add(file.name, "duplicate-class", len(twice), names)
    cuts = np.cumsum([len(c) for c in columns])[:-1]
    return np.split(keep, cuts)[: len(files)], every[keep], origin[keep]


def _classes(
    files: list[Tables],
    maps: list[FileMaps],
    kept: list[Bool],
    types: I32,
    file_of: I32,
    size: int,
    losses: Losses,
) -> Classes:
    supers, flags, sources, notes, values, counts, flats = ([] for _ in range(7))
    for file, map_, keep in zip(files, maps, kept, strict=True):
        rows = file.classes[keep]
        supers.append(look(map_.types, rows["sup"]))
        sources.append(look(map_.strings, rows["source"]))
        flags.append(rows["flags"])
        notes.append(rows["annotations"])
        values.append(rows["values"])
        units = np.frombuffer(file.data, "<u2", len(file.data) // 2)
        starts, flat, bad = type_lists(units, rows["interfaces"].astype(np.int64), MAX_INTERFACES)
        losses.add(file.name, "bad-reference", int(bad.sum()))
        counts.append(np.diff(starts))
        flats.append(look(map_.types, flat))
    of_type = np.full(size, -1, np.int32)
    of_type[types] = np.arange(len(types), dtype=np.int32)
    starts = np.zeros(len(types) + 1, np.int64)
    np.cumsum(np.concatenate([np.zeros(0, np.int64), *counts]), out=starts[1:])
    return Classes(
        type=types,
        sup=_join(supers, np.int32),
        flags=_join(flags, np.uint32),
        file=file_of,
        source=_join(sources, np.int32),
        annotations=_join(notes, np.uint32),
        values=_join(values, np.uint32),
        starts=starts,
        interfaces=_join(flats, np.int32),
        of_type=of_type,
    )


def _join(parts: list[I32], dtype: type[np.generic]) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype), *parts])


def _members(encoded: Members, rows: I32, table: I32) -> FileMembers:
    """Translate ids and leave out members of classes that were not kept."""
    cls, index = rows.take(encoded.owner), encoded.index
    flags, code = encoded.flags.astype(np.uint32), encoded.code
    keep = cls >= 0
    if not keep.all():
        cls, index = cls.compress(keep), index.compress(keep)
        flags, code = flags.compress(keep), code.compress(keep)
    return FileMembers(cls, look(table, index), flags, code)

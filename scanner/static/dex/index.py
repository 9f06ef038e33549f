"""The index over all dex files of an app: what the rest of the static room asks.

See docs/static-engine.md for how to use it. Ids are positions in the merged tables (`ids`), rows
are positions in the definition tables (`classes`, `defs`) and in the instruction arrays.
"""

import itertools
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from scanner.static.dex import opcodes
from scanner.static.dex.ahead import Ahead
from scanner.static.dex.arrays import (
    I32,
    I64,
    U8,
    U16,
    U32,
    Ints,
    group,
    present,
    ranges,
    starts_of,
)
from scanner.static.dex.code import KINDS, Definitions, FileCode, read_code
from scanner.static.dex.definitions import Classes, FileMembers, read_definitions
from scanner.static.dex.header import Tables, read_tables
from scanner.static.dex.ids import FileMaps, Ids, merge_ids
from scanner.static.dex.losses import Loss, Losses
from scanner.static.dex.sweep import units_of
from scanner.static.dex.text import java_name, mutf8, mutf8_all


class Refs(msgspec.Struct, frozen=True, eq=False, dict=True):
    """References of one kind: instruction row, merged id, and row of the method they stand in."""

    at: I32
    id: I32
    owner: I32

    @cached_property
    def by_id(self) -> tuple[I64, I32]:
        """Return (starts, places): references to id k are `places[starts[k]:starts[k + 1]]`."""
        starts, order = group(self.id, int(self.id.max(initial=-1)) + 1)
        return starts, order.astype(np.int32)

    def naming(self, ids: Ints) -> I64:
        """Return the places of references to these distinct ids, ascending."""
        starts, places = self.by_id
        ids = np.asarray(ids, np.int64)
        ids = ids[(ids >= 0) & (ids < len(starts) - 1)]
        first = starts[ids]
        return np.sort(places.take(ranges(first, starts[ids + 1] - first)))

    def inside(self, row: int) -> slice:
        """Return the places of the references in a method row; for references in code order."""
        # In the column's own type: numpy would copy the whole column to compare it with a tuple.
        ends = np.array((row, row + 1), self.owner.dtype)
        start, end = np.searchsorted(self.owner, ends).tolist()
        return slice(start, end)

    def where(self, mask: Ints) -> "Refs":
        """Return the rows that a mask or an index array selects."""
        rows = np.flatnonzero(mask) if mask.dtype == np.bool_ else mask
        return Refs(self.at.take(rows), self.id.take(rows), self.owner.take(rows))

    def __len__(self) -> int:
        """Return the number of references."""
        return len(self.at)


class FieldDefs(msgspec.Struct, frozen=True, eq=False):
    """Defined fields by row: merged field id, class row, access flags."""

    field: I32
    cls: I32
    flags: U32


class DexIndex:
    """Every instruction of every dex file, with lookups.

    `files` are the tables of each dex, `ids` the merged id tables, `classes` and `defs` the class
    and method definitions, `first[d]:first[d + 1]` the instruction rows of method row d, `pc` the
    code unit of each instruction in its file, `opcode` its opcode. `losses` says what could not
    be read.
    """

    def __init__(
        self,
        files: Sequence[tuple[str, bytes]],
        ahead: Callable[[], Sequence[Ahead]] = tuple,
    ) -> None:
        """Index dex files in loading order; a broken one becomes a loss, never an exception.

        `ahead` gives what `sweep_ahead` found beside this work, when it is asked for.
        """
        losses = Losses()
        self.files: list[Tables] = [
            table for name, data in files for table in read_tables(name, data, losses)
        ]
        self.ids: Ids
        self.ids, self._maps = merge_ids(self.files, losses)
        self.classes: Classes
        self.classes, fields, methods = read_definitions(self.files, self._maps, self.ids, losses)
        self.fields = _field_defs(fields)
        jobs = zip(self.files, self._maps, methods, strict=True)
        known = itertools.chain(ahead(), itertools.repeat(None))
        self._join(
            [read_code(*job, losses, found) for job, found in zip(jobs, known, strict=False)]
        )
        self.losses: tuple[Loss, ...] = losses.all()

    def _join(self, parts: list[FileCode]) -> None:
        columns = [[getattr(p.defs, n) for p in parts] for n in Definitions.__annotations__]
        self.defs = Definitions(*(_concat(c, np.int32) for c in columns))
        counts = _concat([np.diff(p.first) for p in parts], np.int64)
        self.first: I64 = starts_of(counts)
        self.pc: U32 = _concat([p.pc for p in parts], np.uint32)
        self.opcode: U8 = _concat([p.opcode for p in parts], np.uint8)
        owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        shift = np.cumsum([0, *(len(p.pc) for p in parts)])
        self._refs: dict[int, Refs] = {}
        for kind in KINDS:
            at = _concat(
                [p.refs[kind][0] + s for p, s in zip(parts, shift[:-1], strict=True)], np.int32
            ).astype(np.int32)
            ids = _concat([p.refs[kind][1] for p in parts], np.int32)
            self._refs[kind] = Refs(at, ids, owner.take(at))
        self.def_of_method: I32 = np.full(len(self.ids.methods.cls), -1, np.int32)
        rows = np.arange(len(counts), dtype=np.int32)
        self.def_of_method[self.defs.method[::-1]] = rows[::-1]  # the first definition wins

    # references -------------------------------------------------------------------------------

    def refs(self, kind: int) -> Refs:
        """Return all references of one kind (`opcodes.STRING`, `TYPE`, `FIELD`, `METHOD`, ...)."""
        return self._refs[kind]

    def _select(self, kind: int, first: int, last: int) -> Refs:
        refs = self._refs[kind]
        opcode = self.opcode.take(refs.at)
        return refs.where((opcode >= first) & (opcode <= last))

    @property
    def invokes(self) -> Refs:
        """Return all calls of methods, polymorphic ones included; `id` is the callee."""
        return self._refs[opcodes.METHOD]

    @property
    def const_strings(self) -> Refs:
        """Return const-string and const-string/jumbo; `id` is the string."""
        return self._refs[opcodes.STRING]

    @cached_property
    def called(self) -> I64:
        """Return the ids of the methods that some instruction calls, ascending."""
        return present(self.invokes.id, len(self.ids.methods.cls))

    @cached_property
    def fields_read(self) -> I64:
        """Return the ids of the fields that some instruction reads, ascending."""
        return present(self.field_reads.id, len(self.ids.fields.cls))

    @cached_property
    def field_reads(self) -> Refs:
        """Return iget* and sget*."""
        refs = self._refs[opcodes.FIELD]
        opcode = self.opcode.take(refs.at)
        return refs.where((opcode <= 0x58) | ((opcode >= 0x60) & (opcode <= 0x66)))

    @cached_property
    def field_writes(self) -> Refs:
        """Return iput* and sput*."""
        refs = self._refs[opcodes.FIELD]
        opcode = self.opcode.take(refs.at)
        return refs.where((opcode >= 0x67) | ((opcode >= 0x59) & (opcode <= 0x5F)))

    @cached_property
    def new_instances(self) -> Refs:
        """Return new-instance; `id` is the type."""
        return self._select(opcodes.TYPE, 0x22, 0x22)

    @cached_property
    def const_classes(self) -> Refs:
        """Return const-class; `id` is the type."""
        return self._select(opcodes.TYPE, 0x1C, 0x1C)

    @cached_property
    def check_casts(self) -> Refs:
        """Return check-cast; `id` is the type."""
        return self._select(opcodes.TYPE, 0x1F, 0x1F)

    def offsets(self, refs: Refs) -> I64:
        """Return the byte offset of each reference from the first instruction of its method."""
        return 2 * (self.pc.take(refs.at).astype(np.int64) - self.defs.start.take(refs.owner))

    # lookups ----------------------------------------------------------------------------------

    def string(self, number: int) -> str:
        """Return a string as Python text (MUTF-8 decoded; damaged bytes replaced)."""
        return mutf8(self.ids.strings[number])

    def texts(self, numbers: Sequence[int]) -> list[str]:
        """Return many strings as `string` does."""
        return mutf8_all(list(map(self.ids.strings.__getitem__, numbers)))

    def string_id(self, text: str) -> int:
        """Return the id of an ASCII or BMP string, -1 when no dex holds it."""
        return self.ids.pool.find(text.encode("utf-8", "surrogatepass"))

    @cached_property
    def type_of_string(self) -> I32:
        """Return the type that a string names, by string id; -1 = none. The last row is -1 too."""
        table = np.full(len(self.ids.strings) + 1, -1, np.int32)
        table[self.ids.types] = np.arange(len(self.ids.types), dtype=np.int32)
        return table

    def type_id(self, descriptor: str) -> int:
        """Return the id of a type descriptor (`La/b/C;`), -1 when no dex names it."""
        return int(self.type_of_string[self.string_id(descriptor)])

    def descriptor(self, type_id: int) -> str:
        """Return the descriptor of a type, empty for a damaged one."""
        return self.string(int(self.ids.types[type_id]))

    def class_name(self, type_id: int) -> str:
        """Return the Java name of a type (`a.b.C$D`, `int[]`)."""
        return java_name(self.descriptor(type_id))

    def proto(self, proto_id: int) -> str:
        """Return a method descriptor such as `(I[La/b/C;)V`."""
        params = "".join(self.descriptor(t) for t in self.ids.proto_params[proto_id])
        return f"({params}){self.descriptor(int(self.ids.proto_return[proto_id]))}"

    def method_name(self, method: int) -> str:
        """Return the simple name of a method id."""
        return self.string(int(self.ids.methods.name[method]))

    def method_parts(self, method: int) -> tuple[str, str, str]:
        """Return (class descriptor, name, method descriptor) of a method id."""
        table = self.ids.methods
        return (
            self.descriptor(int(table.cls[method])),
            self.method_name(method),
            self.proto(int(table.kind[method])),
        )

    def field_parts(self, field: int) -> tuple[str, str, str]:
        """Return (class descriptor, name, type descriptor) of a field id."""
        table = self.ids.fields
        return (
            self.descriptor(int(table.cls[field])),
            self.string(int(table.name[field])),
            self.descriptor(int(table.kind[field])),
        )

    def methods_of_type(self, type_id: int) -> range:
        """Return the ids of all method references on one class (they are neighbours)."""
        starts = self.method_starts
        return range(int(starts[type_id]), int(starts[type_id + 1]))

    @cached_property
    def method_starts(self) -> I64:
        """Return where the ids of the methods of each type begin (one more than types)."""
        return starts_of(np.bincount(self.ids.methods.cls, minlength=len(self.ids.types)))

    def find_methods(self, descriptor: str, name: str) -> list[int]:
        """Return the ids of methods `name` referenced on exactly this class, any prototype."""
        type_id, name_id = self.type_id(descriptor), self.string_id(name)
        if type_id < 0 or name_id < 0:
            return []
        span = self.methods_of_type(type_id)
        hits = np.flatnonzero(self.ids.methods.name[span.start : span.stop] == name_id)
        return [int(hit) + span.start for hit in hits]

    def find_fields(self, descriptor: str, name: str) -> list[int]:
        """Return the ids of fields `name` referenced on exactly this class."""
        type_id, name_id = self.type_id(descriptor), self.string_id(name)
        if type_id < 0 or name_id < 0:
            return []
        table = self.ids.fields
        # a key of the column's own type: for any other numpy converts the whole column
        key = table.cls.dtype.type(type_id)
        low, high = np.searchsorted(table.cls, key), np.searchsorted(table.cls, key, "right")
        hits = np.flatnonzero(table.name[low:high] == name_id)
        return [int(hit + low) for hit in hits]

    def class_of_def(self, row: int) -> int:
        """Return the type id of the class that a method row belongs to."""
        return int(self.classes.type[self.defs.cls[row]])

    def file_of_def(self, row: int) -> int:
        """Return the number of the dex file that a method row was read from."""
        return int(self.classes.file[self.defs.cls[row]])

    def maps(self, file: int) -> FileMaps:
        """Return the tables that translate the ids of one file into merged ids."""
        return self._maps[file]

    def units(self, file: int) -> U16:
        """Return one file as 16-bit code units."""
        return units_of(self.files[file].data)


def _concat(parts: list[Any], empty: type[np.generic]) -> Ints:
    whole: Ints = np.concatenate(parts) if len(parts) > 1 else [*parts, np.zeros(0, empty)][0]
    return whole


def _field_defs(parts: list[FileMembers]) -> FieldDefs:
    return FieldDefs(
        _concat([p.member for p in parts], np.int32),
        _concat([p.cls for p in parts], np.int32),
        _concat([p.flags for p in parts], np.uint32),
    )

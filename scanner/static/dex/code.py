"""Instructions and references of one dex file, as arrays."""

from typing import NamedTuple

import msgspec
import numpy as np

from scanner.static.dex import opcodes
from scanner.static.dex.ahead import Ahead, swept
from scanner.static.dex.arrays import (
    I32,
    I64,
    U8,
    U16,
    U32,
    Ints,
    distinct,
    order_of,
    ranges,
    starts_of,
    unique,
)
from scanner.static.dex.definitions import FileMembers
from scanner.static.dex.header import Tables
from scanner.static.dex.ids import FileMaps
from scanner.static.dex.losses import Losses
from scanner.static.dex.sweep import CodeItems, read_code_items, units_of

KINDS = (
    opcodes.STRING,
    opcodes.TYPE,
    opcodes.FIELD,
    opcodes.METHOD,
    opcodes.CALL_SITE,
    opcodes.HANDLE,
    opcodes.PROTO,
)
_JUMBO = 0x1B


class Definitions(msgspec.Struct, frozen=True, eq=False):
    """Method definitions by row: those with code first, by code offset; the rest after them.

    `method`: merged method id; `cls`: class row; `start`, `units`: first code unit in the file
    and number of code units (0 without code); `debug`: byte offset of debug data.
    """

    method: I32
    cls: I32
    flags: U32
    start: U32
    units: U32
    registers: U16
    ins: U16
    outs: U16
    tries: U16
    debug: U32


class FileCode(msgspec.Struct, frozen=True, eq=False):
    """All instructions of one file. `first[i]` is where those of definition i begin in `pc`.

    `refs` maps a kind of operand to (instruction row, merged id).
    """

    defs: Definitions
    pc: U32
    opcode: U8
    first: I64
    refs: dict[int, tuple[I32, I32]]


def read_code(
    tables: Tables,
    maps: FileMaps,
    methods: FileMembers,
    losses: Losses,
    ahead: Ahead | None = None,
) -> FileCode:
    """Find all instructions of the methods of one file and what they refer to. `ahead` is what is
    already known of them.
    """
    units = units_of(tables.data)
    first_of, item_of = unique(methods.code)
    offsets = methods.code[first_of]
    if len(offsets) and offsets[0] == 0:
        offsets, item_of = offsets[1:], item_of - 1
    items, sound = read_code_items(tables.name, units, offsets, losses)
    found = swept(ahead, units, items)
    number = np.where(sound, np.cumsum(sound) - 1, -1)
    item_of = np.where(item_of >= 0, np.append(number, -1)[item_of], -1)
    order, item = _order(item_of)
    counts = np.where(item >= 0, np.append(np.diff(found.first), 0)[item], 0)
    fits = np.cumsum(counts) <= 2 * max(len(found.pc), len(units))
    losses.add(tables.name, "code-limit", int((~fits).sum()))
    counts[~fits] = 0
    first = starts_of(counts)
    pc, opcode = found.pc, found.opcode
    if len(items.start) != int((item >= 0).sum()) or not fits.all():
        rows = ranges(np.append(found.first[:-1], 0)[item], counts)
        pc, opcode = pc.take(rows), opcode.take(rows)
    kind_of = opcodes.kinds_of(opcode)
    _count_unused(tables.name, kind_of, first, losses)
    return FileCode(
        defs=_definitions(methods, order, item, items),
        pc=pc,
        opcode=opcode,
        first=first,
        refs=_references(tables.name, _Swept(units, pc, opcode, kind_of), maps, losses),
    )


def _order(item_of: I64) -> tuple[I64, I64]:
    """Return (order of the definitions, their code items, -1 = none): with code first."""
    order = order_of(np.where(item_of < 0, len(item_of), item_of))
    return order, item_of[order]


def _definitions(methods: FileMembers, order: I64, item: I64, items: CodeItems) -> Definitions:
    def column(values: Ints, dtype: type[np.generic]) -> Ints:
        return np.append(values.astype(dtype), dtype(0)).take(item)  # item -1 takes the 0

    return Definitions(
        method=methods.member.take(order),
        cls=methods.cls.take(order),
        flags=methods.flags.take(order),
        start=column(items.start, np.uint32),
        units=column(items.units, np.uint32),
        registers=column(items.registers, np.uint16),
        ins=column(items.ins, np.uint16),
        outs=column(items.outs, np.uint16),
        tries=column(items.tries, np.uint16),
        debug=column(items.debug, np.uint32),
    )


def _count_unused(name: str, kind_of: U8, first: I64, losses: Losses) -> None:
    """Count methods with opcodes that do not exist: encrypted or optimised code."""
    rows = np.flatnonzero(kind_of == opcodes.UNUSED)
    if len(rows):
        losses.add(name, "damaged-method", len(distinct(np.searchsorted(first, rows, "right"))))


class _Swept(NamedTuple):
    """The instructions of a file: where they stand, their opcodes, and what operands name."""

    units: U16
    pc: U32
    opcode: U8
    kind_of: U8


def _references(
    name: str, code: _Swept, maps: FileMaps, losses: Losses
) -> dict[int, tuple[I32, I32]]:
    tables = {
        opcodes.STRING: maps.strings,
        opcodes.TYPE: maps.types,
        opcodes.FIELD: maps.fields,
        opcodes.METHOD: maps.methods,
        opcodes.PROTO: maps.protos,
    }
    found: dict[int, tuple[I32, I32]] = {}
    for kind in KINDS:
        at = np.flatnonzero(code.kind_of == kind)
        index = _operands(code, at, wide=kind == opcodes.STRING)
        if kind in tables:
            good = index < len(tables[kind])
            if not good.all():
                losses.add(name, "bad-reference", int((~good).sum()))
                at, index = at.compress(good), index.compress(good)
            index = tables[kind].take(index)
        found[kind] = (at.astype(np.int32), index.astype(np.int32, copy=False))
    return found


def _operands(code: _Swept, at: I64, *, wide: bool) -> Ints:
    """Return the index operands: the second unit, with the third as high half for jumbo."""
    place = code.pc.take(at)
    index = code.units.take(place + 1, mode="clip")
    jumbo = np.flatnonzero(code.opcode.take(at) == _JUMBO) if wide else ()
    if len(jumbo):
        index = index.astype(np.int64)
        high = code.units.take(place.take(jumbo) + 2, mode="clip")
        index[jumbo] |= high.astype(np.int64) << 16
    return index

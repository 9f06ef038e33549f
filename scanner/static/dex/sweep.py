"""Instruction boundaries of all methods of one dex file.

All methods are stepped together: one gather per step gives the next instruction of every method
that still runs. When few are left, numpy's cost per call outweighs the gain and the rest is
walked one by one. A bit per code unit collects the boundaries, so they come out in file order.
"""

import msgspec
import numpy as np

from scanner.static.dex import opcodes
from scanner.static.dex.arrays import I64, U16, U32, Bool, order_of
from scanner.static.dex.losses import Losses

_FEW = 96
_CODE_HEADER = 16
_WINDOW = 1 << 14


class CodeItems(msgspec.Struct, frozen=True, eq=False):
    """Headers of code items by row, in file order: first code unit, units, registers, ins, outs,
    number of try blocks, offset of debug data.
    """

    start: I64
    units: I64
    registers: U16
    ins: U16
    outs: U16
    tries: U16
    debug: U32


class Sweep(msgspec.Struct, frozen=True, eq=False):
    """`pc`: code unit of every instruction, ascending. `first`: where the instructions of each
    code item begin in `pc` (one more than there are items).
    """

    pc: I64
    first: I64


def units_of(data: bytes) -> U16:
    """Return the file as little-endian 16-bit units; an odd last byte is left out."""
    return np.frombuffer(data, "<u2", len(data) // 2)


def read_code_items(name: str, units: U16, offsets: I64, losses: Losses) -> tuple[CodeItems, Bool]:
    """Return the code items at ascending distinct byte offsets, and which of them are sound.

    An item must lie inside the file, and one that runs into the next ends there: the platform
    refuses files with overlapping code, and a reader that follows them does the same work again
    and again.
    """
    at = offsets // 2
    sound = (offsets % 2 == 0) & (at + _CODE_HEADER // 2 <= len(units))
    safe = np.where(sound, at, 0)
    head = [units[np.minimum(safe + k, len(units) - 1)] for k in range(8)]
    size = head[6].astype(np.int64) | head[7].astype(np.int64) << 16
    start = safe + _CODE_HEADER // 2
    sound &= start + size <= len(units)
    losses.add(name, "damaged-method", int((~sound).sum()))
    following = np.append(np.minimum(at[1:], len(units)), len(units))
    room = np.maximum(np.where(sound, following - start, 0), 0)
    losses.add(name, "overlapping-code", int((sound & (size > room)).sum()))
    size = np.minimum(size, room)
    debug = head[4].astype(np.uint32) | head[5].astype(np.uint32) << np.uint32(16)
    columns = [start, size, head[0], head[1], head[2], head[3], debug]
    return CodeItems(*(column[sound] for column in columns)), sound


def sweep(units: U16, items: CodeItems) -> Sweep:
    """Find every instruction of every code item."""
    mark = np.zeros(len(units) + 1, np.bool_)
    end = items.start + items.units
    order = order_of(-items.units + items.units.max(initial=0))  # the longest first
    rest = _together(units, mark, items.start.take(order), end.take(order))
    _one_by_one(units, mark, *rest)
    pc = np.flatnonzero(mark)
    return Sweep(pc, np.append(np.searchsorted(pc, items.start), len(pc)))


def _together(units: U16, mark: Bool, pc: I64, end: I64) -> tuple[I64, I64]:
    """Step all methods until only a few run; return where those are."""
    lengths = opcodes.unit_lengths()
    keep = pc < end
    pc, end = pc.compress(keep), end.compress(keep)
    while len(pc) > _FEW:
        mark[pc] = True
        step = lengths.take(units.take(pc))
        if not step.all():
            for at in np.flatnonzero(step == 0).tolist():
                step[at] = min(payload_units(units, int(pc[at])), len(units))
        pc = np.minimum(pc + step, end)
        keep = pc < end
        if not keep.all():
            pc, end = pc.compress(keep), end.compress(keep)
    return pc, end


def _one_by_one(units: U16, mark: Bool, pc: I64, end: I64) -> None:
    flags = mark.view(np.uint8).data
    for first, stop in zip(pc.tolist(), end.tolist(), strict=True):
        here = first
        while here < stop:
            here = _through(units, flags, here, min(stop, here + _WINDOW))


def _through(units: U16, flags: memoryview, base: int, stop: int) -> int:
    """Mark the instructions that begin in `base..stop - 1`; return where the next one begins."""
    steps = opcodes.unit_lengths().take(units[base:stop]).tolist()
    here, last = 0, stop - base
    while here < last:
        flags[base + here] = 1
        here += steps[here] or payload_units(units, base + here)
    return base + here


def payload_units(units: U16, at: int) -> int:
    """Return the size in code units of the payload at `at`: at least 1, whatever it says."""
    kind = int(units[at])
    size = int(units[at + 1]) if at + 1 < len(units) else 0
    if kind == opcodes.PACKED_SWITCH:
        return size * 2 + 4
    if kind == opcodes.SPARSE_SWITCH:
        return size * 4 + 2
    low, high = (int(units[at + k]) if at + k < len(units) else 0 for k in (2, 3))
    return (size * (low | high << 16) + 1) // 2 + 4

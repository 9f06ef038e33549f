"""Instruction boundaries of all methods of one dex file.

All methods are stepped together: one gather per step gives the next instruction of every method
that still runs. When few are left, numpy's cost per call outweighs the gain; the rest of those is
cut into pieces, which are stepped together from guessed places. Dalvik code falls into step within
a few instructions, so that most of a piece is right; what is not is walked one by one. A bit per
code unit collects the boundaries, so they come out in file order.
"""

from typing import NamedTuple

import msgspec
import numpy as np

from scanner.static.dex import opcodes
from scanner.static.dex.arrays import I32, I64, U8, U16, U32, Bool, ranges
from scanner.static.dex.losses import Losses

_FEW, _VERY_FEW = 384, 48
_PIECE = 128
_PAYLOADS = frozenset((opcodes.PACKED_SWITCH, opcodes.SPARSE_SWITCH, opcodes.ARRAY_DATA))
_CODE_HEADER = 16
_STRETCH = 1 << 18


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
    """`pc`: code unit of every instruction, ascending; `opcode`: its opcode. `first`: where the
    instructions of each code item begin in `pc` (one more than there are items).
    """

    pc: U32
    opcode: U8
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
    _in_pieces(units, mark, *_together(units, mark, items.start, end))
    pc, opcode = _marked(units, mark)
    first = np.searchsorted(pc, items.start.astype(np.uint32))
    return Sweep(pc, opcode, np.append(first, len(pc)))


def _marked(units: U16, mark: Bool) -> tuple[U32, U8]:
    """Return the marked places and the opcodes there. A stretch at a time: numpy finds places as
    numbers of 64 bits, the largest arrays of all.
    """
    places, codes = [], []
    for at in range(0, len(mark), _STRETCH):
        here = np.flatnonzero(mark[at : at + _STRETCH])
        places.append(here.astype(np.uint32) + np.uint32(at))
        codes.append(units[at : at + _STRETCH].take(here).astype(np.uint8))  # the low byte
    return np.concatenate(places), np.concatenate(codes)


def _together(units: U16, mark: Bool, pc: I64, end: I64) -> tuple[I64, I64]:
    """Step all methods until only a few run; return where those are."""
    keep = pc < end
    pc, end = pc.compress(keep), end.compress(keep)
    while len(pc) > _FEW:
        mark[pc] = True
        pc = np.minimum(pc + _steps(units, pc), end)
        keep = pc < end
        if not keep.all():
            pc, end = pc.compress(keep), end.compress(keep)
    return pc, end


def _steps(units: U16, pc: I64) -> I32:
    """Return the sizes in code units of the instructions at some places."""
    step = opcodes.unit_lengths().take(units.take(pc))
    if not step.all():
        for at in np.flatnonzero(step == 0).tolist():
            step[at] = min(payload_units(units, int(pc[at])), len(units))
    return step


class _Pieces(NamedTuple):
    """Where pieces of methods begin and end, and where their methods end."""

    start: I64
    stop: I64
    end: I64


def _in_pieces(units: U16, mark: Bool, pc: I64, end: I64) -> None:
    """Mark the instructions of a few methods from `pc` on."""
    counts = -((pc - end) // _PIECE)
    ends = np.repeat(end, counts)
    start = np.repeat(pc, counts) + _PIECE * ranges(np.zeros(len(pc), np.int64), counts)
    pieces = _Pieces(start, np.minimum(start + _PIECE, ends), ends)
    leave = _guess(units, mark, pieces).tolist()
    flags = mark.view(np.uint8).data
    first = 0
    for begin, stop, count in zip(pc.tolist(), end.tolist(), counts.tolist(), strict=True):
        _join(units, flags, begin, stop, leave[first : first + count])
        first += count


def _guess(units: U16, mark: Bool, pieces: _Pieces) -> I64:
    """Mark what are instructions if every piece begins with one; return where each walk leaves
    its piece.
    """
    leave = np.empty(len(pieces.start), np.int64)
    lane = np.arange(len(leave))
    pc, stop, end = pieces
    while len(lane) > _VERY_FEW:
        mark[pc] = True
        pc = np.minimum(pc + _steps(units, pc), end)
        keep = pc < stop
        if not keep.all():
            leave[lane.compress(~keep)] = pc.compress(~keep)
            lane, pc = lane.compress(keep), pc.compress(keep)
            stop, end = stop.compress(keep), end.compress(keep)
    flags = mark.view(np.uint8).data
    for number, *piece in zip(lane.tolist(), pc.tolist(), stop.tolist(), end.tolist(), strict=True):
        leave[number] = _walk(units, flags, *piece)
    return leave


def _walk(units: U16, flags: memoryview, start: int, stop: int, end: int) -> int:
    """Mark the instructions from `start` up to `stop`; return where the next one begins."""
    steps = opcodes.unit_lengths().take(units[start:stop]).tolist()
    here, last = 0, stop - start
    while here < last:
        flags[start + here] = 1
        here += steps[here] or payload_units(units, start + here)
    return min(start + here, end)


def _join(units: U16, flags: memoryview, begin: int, end: int, leave: list[int]) -> None:
    """Correct the guesses for one method: only its first piece is known to begin well.

    Where a walk meets a mark of its piece, all that follow in the piece are right.
    """
    here, stop = leave[0], min(begin + _PIECE, end)
    while here < end:
        piece = (here - begin) // _PIECE
        flags[stop:here] = bytes(here - stop)
        stop = min(begin + (piece + 1) * _PIECE, end)
        while here < stop and not flags[here]:
            flags[here] = 1
            after = min(here + _step(units, here), end)
            inside = min(after, stop)
            flags[here + 1 : inside] = bytes(inside - here - 1)
            here = after
        here = leave[piece] if here < stop else here
    flags[stop:end] = bytes(end - stop)


def _step(units: U16, at: int) -> int:
    """Return the size in code units of the instruction at one place."""
    unit = int(units[at])
    return payload_units(units, at) if unit in _PAYLOADS else opcodes.SET.lengths[unit & 255]


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

"""Fields and methods of all classes of one dex file, decoded together.

Class data is a list of ULEB128 numbers. A number ends at the first byte below 0x80, so the k-th
number of a class that begins at byte d ends at the k-th such byte from d on: all numbers of all
classes are found by one search in the sorted positions of those bytes.
"""

import msgspec
import numpy as np

from scanner.static.dex.arrays import I64, U8, U32, Bool, Ints, ranges
from scanner.static.dex.header import Tables
from scanner.static.dex.losses import Losses

_NEAR = 1 << 16
_LONGEST = 5


class Members(msgspec.Struct, frozen=True, eq=False):
    """Encoded members of one dex file, by row: class row, id in the file, flags, code offset.

    `code` is 0 for fields and for methods without code.
    """

    owner: I64
    index: I64
    flags: I64
    code: I64


class _Numbers:
    """The ULEB128 numbers of a byte range, addressed by position and rank."""

    def __init__(self, data: U8, low: int, high: int) -> None:
        self._data = data
        self.ends: Ints = np.flatnonzero(data[low:high] < 0x80).astype(
            np.uint32
        )  # files end at 4 GB
        self.ends += np.uint32(low)
        self._low = low
        self._values: U32 | None = None

    def rank(self, start: I64) -> I64:
        """Return the rank of the number that begins at each position."""
        return np.searchsorted(self.ends, start.astype(np.uint32))

    def first(self, start: I64, rank: I64) -> I64:
        """Return the value of the number that begins at `start`."""
        return self._value(start.astype(np.uint32), self.ends.take(rank)).astype(np.int64)

    def at(self, rank: I64) -> I64:
        """Return values by rank; the number before it must be one of the same class."""
        if self._values is None:
            start = np.empty_like(self.ends)
            start[:1] = self._low
            np.add(self.ends[:-1], np.uint32(1), out=start[1:])
            self._values = self._value(start, self.ends)
        return self._values.take(rank).astype(np.int64)

    def _value(self, start: U32, end: U32) -> U32:
        """Return the numbers in `start..end`. One that is longer than five bytes has the value of
        32 set bits.
        """
        value = self._data.take(end).astype(np.uint32)
        longer = np.flatnonzero(start < end)
        for back in range(1, _LONGEST):
            if not len(longer):
                break
            at = end.take(longer) - np.uint32(back)
            value[longer] = value.take(longer) << np.uint32(7) | self._data.take(at) & 0x7F
            longer = longer.compress(start.take(longer) < at)
        value[longer] = 0xFFFFFFFF
        return value


def read_members(tables: Tables, losses: Losses) -> tuple[Members, Members]:
    """Return (fields, methods) of all classes. A class whose data does not fit is a loss."""
    data = np.frombuffer(tables.data, np.uint8)
    start = tables.classes["data"].astype(np.int64)
    rows = np.flatnonzero(start != 0)
    beyond = start[rows] >= len(data)
    losses.add(tables.name, "damaged-class", int(beyond.sum()))
    rows = rows[~beyond]
    if not len(rows):
        return _none(), _none()
    start = start[rows]
    low, high = int(start.min()), min(len(data), int(start.max()) + _NEAR)
    numbers = _Numbers(data, low, high)
    rank, counts, fits = _counts(numbers, start)
    if not fits.all() and high < len(data):
        numbers = _Numbers(data, low, len(data))
        rank, counts, fits = _counts(numbers, start)
    fits &= np.cumsum(np.where(fits, counts.sum(axis=0), 0)) <= len(numbers.ends)
    losses.add(tables.name, "damaged-class", int((~fits).sum()))
    return _decode(numbers, rows[fits], rank[fits] + 4, counts[:, fits], tables, losses)


def _none() -> Members:
    empty = np.zeros(0, np.int64)
    return Members(empty, empty, empty, empty)


def _counts(numbers: _Numbers, start: I64) -> tuple[I64, I64, Bool]:
    """Return (rank, the four counts, whether all announced numbers are there) per class."""
    rank = numbers.rank(start)
    last = len(numbers.ends)
    fits = rank + 4 <= last
    counts = np.zeros((4, len(start)), np.int64)
    counts[0, fits] = numbers.first(start[fits], rank[fits])
    for k in (1, 2, 3):
        counts[k, fits] = numbers.at(rank[fits] + k)
    fits &= rank + 4 + 2 * (counts[0] + counts[1]) + 3 * (counts[2] + counts[3]) <= last
    counts[:, ~fits] = 0
    return rank, counts, fits


def _decode(
    numbers: _Numbers, rows: I64, first: I64, counts: I64, tables: Tables, losses: Losses
) -> tuple[Members, Members]:
    fields = _members(numbers, rows, first, counts[0], counts[1], 2)
    after = first + 2 * (counts[0] + counts[1])
    methods = _members(numbers, rows, after, counts[2], counts[3], 3)
    return (
        _known(fields, len(tables.fields), "damaged-class", tables, losses),
        _known(methods, len(tables.methods), "damaged-method", tables, losses),
    )


def _members(
    numbers: _Numbers, rows: I64, first: I64, direct: I64, virtual: I64, width: int
) -> Members:
    """Decode `direct + virtual` members of `width` numbers each, per class."""
    count = direct + virtual
    place = ranges(np.zeros(len(count), np.int64), count)
    rank = np.repeat(first, count) + width * place
    step = numbers.at(rank)
    restart = (place == 0) | (place == np.repeat(direct, count))
    index = _running(step, restart)
    code = numbers.at(rank + 2) if width == 3 else np.zeros(len(rank), np.int64)
    return Members(np.repeat(rows, count), index, numbers.at(rank + 1), code)


def _running(step: I64, restart: Bool) -> I64:
    """Return running sums of `step` that begin anew at each `restart`."""
    if not len(step):
        return step
    total = np.cumsum(step)
    heads = np.flatnonzero(restart)
    before = total[heads] - step[heads]
    running: I64 = total - before[np.cumsum(restart) - 1]
    return running


def _known(members: Members, size: int, code: str, tables: Tables, losses: Losses) -> Members:
    """Drop members whose id is not in the id table."""
    keep = members.index < size
    if keep.all():
        return members
    losses.add(tables.name, code, int((~keep).sum()))
    return Members(
        members.owner[keep], members.index[keep], members.flags[keep], members.code[keep]
    )

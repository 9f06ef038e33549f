"""Small array helpers that the dex index and the call graph share."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

I32: TypeAlias = npt.NDArray[np.int32]
I64: TypeAlias = npt.NDArray[np.int64]
U8: TypeAlias = npt.NDArray[np.uint8]
U16: TypeAlias = npt.NDArray[np.uint16]
U32: TypeAlias = npt.NDArray[np.uint32]
Bool: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[Any]


def starts_of(counts: Ints) -> I64:
    """Return the running start of each group: n counts give n + 1 positions, the first 0."""
    out = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=out[1:])
    return out


def ranges(first: Ints, counts: Ints) -> I64:
    """Return `first[i], first[i] + 1, ...`, `counts[i]` of them, one group after the other."""
    begin = starts_of(counts)
    shift = np.asarray(first, np.int64) - begin[:-1]
    return np.arange(begin[-1], dtype=np.int64) + np.repeat(shift, counts)


def within(counts: Ints, limit: int) -> Ints:
    """Return the counts with 0 for those by which the running sum passes the limit."""
    total = np.cumsum(counts)
    return counts if not len(total) or total[-1] <= limit else np.where(total <= limit, counts, 0)


def distinct(keys: Ints) -> Ints:
    """Return the distinct values, ascending. Sorting beats numpy's hash table on long columns, and
    `np.unique` without options imports masked arrays at its first call.
    """
    if not len(keys):
        return keys
    keys = np.sort(keys)
    first = np.empty(len(keys), np.bool_)
    first[0] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


def among(keys: Ints, table: Ints) -> Bool:
    """Return a mark per key: it is in the table."""
    if not len(table):
        return np.zeros(len(keys), np.bool_)
    table = np.sort(table)
    found: Bool = table[np.minimum(np.searchsorted(table, keys), len(table) - 1)] == keys
    return found


def order_of(keys: Ints) -> I64:
    """Return the stable ascending order of numbers from 0 on.

    Key and place are sorted as one number: far faster than a sort that carries places along.
    """
    bits = len(keys).bit_length()
    if not len(keys) or int(keys.max()) >> (62 - bits):
        return np.argsort(keys, kind="stable")
    packed = keys.astype(np.int64) << bits
    packed |= np.arange(len(keys))
    packed.sort()
    packed &= (1 << bits) - 1
    return packed


def present(keys: Ints, size: int) -> I64:
    """Return the distinct keys, ascending; they lie in `0..size - 1`."""
    marked = np.zeros(size, np.bool_)
    marked[keys] = True
    return np.flatnonzero(marked)


def group(keys: Ints, size: int) -> tuple[I64, I64]:
    """Return (starts, order): rows with key k are `order[starts[k]:starts[k + 1]]`.

    `keys` lie in `0..size - 1`. The order within a group is the original one.
    """
    order = order_of(keys)
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=size), out=starts[1:])
    return starts, order


def unique(keys: Ints) -> tuple[I64, I64]:
    """Return (first, inverse) of numbers from 0 on: the place at which each distinct one first
    stands, ascending by number, and for each place which of those it is.
    """
    order = order_of(keys)
    ascending = keys[order]
    new = np.ones(len(keys), np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    inverse = np.empty(len(keys), np.int64)
    inverse[order] = np.cumsum(new) - 1
    return order[new], inverse


def unique_rows(columns: list[Ints], sizes: list[int]) -> tuple[I64, I64]:
    """Return (first, inverse) of the distinct rows of several id columns.

    Rows come sorted by the columns in order; `first` holds a row number for each distinct row.
    `sizes` are exclusive upper bounds of the columns, used to pack a row into one number.
    """
    key = np.asarray(columns[0], np.int64)
    bound = sizes[0]
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        if bound * size >= 2**62:  # only a lying header asks for so many ids
            first, key = unique(key)
            bound = len(first)
        key = key * size + column
        bound *= size
    return unique(key)

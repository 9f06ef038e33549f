"""The texts of the string table of one dex file, as raw bytes.

A sound file holds its strings one behind the other, each with its length in front and a NUL byte
behind: without the lengths, one split gives them all. Any other order is read string by string.
"""

import numpy as np

from scanner.static.dex.arrays import I64, U8
from scanner.static.dex.header import Tables
from scanner.static.dex.losses import Losses

_LENGTH_BYTES = 5


def read_strings(tables: Tables, losses: Losses) -> list[bytes]:
    """Return the text of every string; a damaged one is empty."""
    found = _in_one_go(tables)
    if found is not None:
        return found
    begin, end = _ranges(tables, losses)
    # Maps of built-in functions: a hundred thousand strings leave no time for more.
    return list(map(tables.data.__getitem__, map(slice, begin.tolist(), end.tolist())))


def _in_one_go(tables: Tables) -> list[bytes] | None:
    """Return the strings when they lie one behind the other, None otherwise."""
    data = np.frombuffer(tables.data, np.uint8)
    start = tables.strings.astype(np.int64)
    if not len(start) or int(start[-1]) >= len(data) or not (start[1:] > start[:-1]).all():
        return None
    body = _skip_lengths(data, start)
    end = tables.data.find(b"\0", int(body[-1]))
    after = np.append(start[1:], end + 1)
    if end < 0 or not ((body < after) & (data[after - 1] == 0)).all():
        return None
    keep = np.ones(end + 1 - int(start[0]), np.bool_)
    for k in range(_LENGTH_BYTES):
        at = start + k
        keep[at[at < body] - start[0]] = False
    text = data[int(start[0]) : end + 1][keep].tobytes()
    if text.count(b"\0") != len(start):
        return None  # one of them ends before the next begins
    found = text.split(b"\0")
    found.pop()
    return found


def _ranges(tables: Tables, losses: Losses) -> tuple[I64, I64]:
    """Return start and end of the bytes of every string; a damaged one is empty (start == end).

    The length word is skipped; the end is the next NUL byte, as the platform reads it.
    """
    data = np.frombuffer(tables.data, np.uint8)
    start = tables.strings.astype(np.int64)
    bad = start >= len(data)
    if not len(start) or bad.all():
        losses.add(tables.name, "damaged-strings", len(start))
        return np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
    start[bad] = 0
    body = _skip_lengths(data, start)
    sound = body[~bad]
    low, high = int(sound.min(initial=len(data))), int(sound.max(initial=0))
    last = tables.data.find(b"\0", high)
    nul = np.flatnonzero(data[low : last + 1 if last >= 0 else len(data)] == 0) + low
    at = np.searchsorted(nul, body)
    bad |= at >= len(nul)
    end = np.where(bad, body, nul[np.minimum(at, len(nul) - 1)] if len(nul) else body)
    bad |= np.cumsum(end - body) > 2 * len(data)  # only strings that overlap can exceed the file
    body[bad] = end[bad]
    losses.add(tables.name, "damaged-strings", int(bad.sum()))
    return body, end


def _skip_lengths(data: U8, start: I64) -> I64:
    """Return where the text begins: after a ULEB128 of at most five bytes."""
    body = start.copy()
    going = np.ones(len(start), np.bool_)
    for _ in range(_LENGTH_BYTES):
        going &= data[np.minimum(body, len(data) - 1)] >= 0x80
        if not going.any():
            break
        body += going
    return body + 1

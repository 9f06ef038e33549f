"""The distinct texts of several files, numbered, and found again by their hash.

A table of a hundred thousand texts that Python's own dict would hold costs more memory than the
texts, and most of its time is spent waiting for memory. Here the hashes are sorted as numbers;
texts are compared where two hashes are equal.
"""

import itertools
import operator
from bisect import bisect_left
from collections.abc import Sequence

import msgspec
import numpy as np

from scanner.static.dex.arrays import I32, I64


class Pool(msgspec.Struct, frozen=True, eq=False):
    """Texts by number. `hashes` are theirs, ascending, and `numbers` whose hash each is."""

    texts: list[bytes]
    hashes: I64
    numbers: I64

    def find(self, text: bytes) -> int:
        """Return the number of a text, -1 when it is not there."""
        key = hash(text)
        return self._from(bisect_left(self.hashes.data, key), key, text)

    def find_all(self, texts: Sequence[bytes]) -> I64:
        """Return the numbers of many texts, -1 for those that are not there."""
        keys = np.fromiter(map(hash, texts), np.int64, len(texts))
        at = np.searchsorted(self.hashes, keys)
        found = np.full(len(texts), -1, np.int64)
        last = max(len(self.hashes) - 1, 0)
        likely = self.hashes.take(np.minimum(at, last)) == keys if len(self.hashes) else keys < 0
        for place in np.flatnonzero(likely).tolist():
            found[place] = self._from(int(at[place]), int(keys[place]), texts[place])
        return found

    def _from(self, at: int, key: int, text: bytes) -> int:
        """Return the number of a text whose hash may stand from `at` on."""
        while at < len(self.hashes) and self.hashes[at] == key:
            number = int(self.numbers[at])
            if self.texts[number] == text:
                return number
            at += 1
        return -1


def unite(zeroth: bytes, files: list[list[bytes]]) -> tuple[Pool, list[I32]]:
    """Give every distinct text of some files a number, in order of their first appearance;
    `zeroth` is number 0. Returns the texts, and the numbers file by file.
    """
    every = [zeroth, *itertools.chain.from_iterable(files)]
    hashes = np.fromiter(map(hash, every), np.int64, len(every))
    first = _first_places(every, hashes)
    new = first == np.arange(len(every), dtype=np.int32)
    ranks = (np.cumsum(new, dtype=np.int32) - np.int32(1)).take(first)
    texts = every if new.all() else list(itertools.compress(every, new.tolist()))
    hashes = hashes.compress(new)
    order = np.argsort(hashes)
    cuts = np.cumsum([1, *map(len, files)]).tolist()
    pool = Pool(texts, hashes.take(order), order)
    return pool, [ranks[a:b] for a, b in itertools.pairwise(cuts)]


def _first_places(every: list[bytes], hashes: I64) -> I32:
    """Return for each text the first place where it stands."""
    order = np.argsort(hashes)
    ascending = hashes.take(order)
    new = np.ones(len(order), np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    lowest = np.minimum.reduceat(order, np.flatnonzero(new))
    first = np.empty(len(order), np.int32)
    first[order] = lowest.take(np.cumsum(new) - 1)
    again = np.flatnonzero(first != np.arange(len(order)))
    ones = map(every.__getitem__, again.tolist())
    others = map(every.__getitem__, first.take(again).tolist())
    if all(map(operator.eq, ones, others)):
        return first
    known: dict[bytes, int] = {}  # two texts with one hash: not in a lifetime, but not impossible
    places = map(known.setdefault, every, range(len(every)))
    return np.fromiter(places, np.int32, len(every))

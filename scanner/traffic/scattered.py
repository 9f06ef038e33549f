"""Known values that do not stand in one piece: with separators inside, or split over fields."""

import re
from bisect import bisect_left
from itertools import accumulate

from scanner.traffic.decode.leaves import Leaf, Node, Row, leaf_of
from scanner.traffic.hits import GAP, Joined

_JOINTS = b" :-._/,;|+*\t"
_STEP = rb"[ :\-._/,;|+*\t]{0,2}"
_MAX_KINDS = 2
"""One kind of separator, and blanks beside it."""


def squeezed(joined: Joined) -> bytes:
    """Return the values without what may separate groups of digits or letters."""
    return joined.text.translate(None, _JOINTS)


def apart(joined: Joined, bare: bytes, start: int, end: int) -> Leaf | None:
    """Return the value in which a match of the squeezed text stands on its own: at most one
    separator (with a blank) between two letters, of one kind, and no letter of its kind around.
    """
    number = bare.count(GAP, 0, start)
    if number >= len(joined.rows):
        return None
    row, found = joined.rows[number], bare[start:end]
    steps = _STEP.join(re.escape(bytes([letter])) for letter in found)
    before, after = (b"0-9" if edge.isdigit() else b"0-9A-Za-z" for edge in (found[:1], found[-1:]))
    match = re.search(b"(?<![%b])%b(?![%b])" % (before, steps, after), row[2])
    if match is None:
        return None
    kinds = set(match[0]) & (set(_JOINTS) - set(found))
    return leaf_of(row) if 0 < len(kinds) <= _MAX_KINDS else None


class Chain:
    """The values that have a key or stand in a list, end to end."""

    def __init__(self, joined: Joined) -> None:
        """Join them without anything between."""
        self._rows: list[Row] = [row for row in joined.rows if row[1] or row[0].label]
        self.text = b"".join([value for _, _, value in self._rows])

    def first(self, start: int, end: int) -> Leaf | None:
        """Return the first of several neighbouring values of one object that a match covers from
        end to end; None when it does not.
        """
        ends = list(accumulate(len(value) for _, _, value in self._rows))
        last = bisect_left(ends, end)
        first = bisect_left(ends, start + 1)
        begins = ends[first] - len(self._rows[first][2])
        if first == last or begins != start or ends[last] != end:
            return None
        rows = self._rows[first : last + 1]
        return leaf_of(rows[0]) if len({id(_above(row)) for row in rows}) == 1 else None


def _above(row: Row) -> Node | None:
    return row[0] if row[1] else row[0].parent

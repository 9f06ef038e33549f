"""A find inside one message, before it becomes evidence."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from scanner.model.common import Confidence
from scanner.traffic.decode.leaves import Leaf, Row, leaf_of

GAP = b"\xff\n"
"""Stands between joined values: 0xFF occurs in no UTF-8 text."""


class Hit(NamedTuple):
    """Personal data at one place of a message. `value` is the plain value where it is known,
    else what stands in the message; `shown` is safe to print; `field` and `encodings` as in
    `Sighting`.
    """

    data_type: str
    value: str
    shown: str
    how: str
    field: str
    encodings: tuple[str, ...]
    confidence: Confidence
    precision: str = ""


BODY = "(body)"
"""The field of what stands nowhere in particular."""


def prune(hits: Sequence[Hit]) -> list[Hit]:
    """Drop hits that only repeat a better one: the same value seen in the whole body, in an outer
    field, or in the same field after more guessing.
    """
    best: dict[tuple[str, str, str], Hit] = {}
    for hit in hits:
        key = (hit.data_type, hit.value, hit.field)
        known = best.get(key)
        if known is None or len(hit.encodings) < len(known.encodings):
            best[key] = hit
    fields: dict[tuple[str, str], set[str]] = {}
    for data_type, value, field in best:
        fields.setdefault((data_type, value), set()).add(field)
    return [
        hit
        for (data_type, value, field), hit in best.items()
        if not _is_outer(field, fields[data_type, value])
    ]


def _is_outer(field: str, others: set[str]) -> bool:
    if field == BODY:
        return len(others) > 1
    return any(other.startswith(f"{field}.") for other in others)


class Joined:
    """The values of a message as one text, so that one pass of an automaton sees all."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Join the values."""
        self.rows = rows
        self.text = GAP.join([value for _, _, value in rows])

    @classmethod
    def of(cls, leaves: Iterable[Leaf]) -> "Joined":
        """Join values that have their nodes."""
        return cls([(leaf.node, "", leaf.value) for leaf in leaves])

    @cached_property
    def _starts(self) -> list[int]:
        """Where each value begins."""
        sizes = (len(value) + len(GAP) for _, _, value in self.rows)
        return list(accumulate(sizes, initial=0))[:-1]

    def leaf(self, number: int) -> Leaf:
        """Return the value of a number."""
        return leaf_of(self.rows[number])

    def at(self, position: int) -> Leaf:
        """Return the leaf that a position of the text belongs to."""
        return leaf_of(self.rows[self.index(position)])

    def index(self, position: int) -> int:
        """Return the number of the leaf that a position belongs to."""
        return bisect_right(self._starts, position) - 1

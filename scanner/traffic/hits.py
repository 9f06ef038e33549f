"""A find inside one message, before it becomes evidence."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from scanner.model.common import Confidence
from scanner.traffic.decode.leaves import Leaf

_GAP = b"\xff\n"
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

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        """Join the values and remember where each begins."""
        self.leaves = leaves
        self.text = _GAP.join([leaf.value for leaf in leaves])
        self._starts: list[int] = []
        at = 0
        for leaf in leaves:
            self._starts.append(at)
            at += len(leaf.value) + len(_GAP)

    def at(self, position: int) -> Leaf:
        """Return the leaf that a position of the text belongs to."""
        return self.leaves[bisect_right(self._starts, position) - 1]

    def index(self, position: int) -> int:
        """Return the number of the leaf that a position belongs to."""
        return bisect_right(self._starts, position) - 1

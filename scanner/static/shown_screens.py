"""Which code opens a screen itself, and which only leaves the opening to a person.

An intent that a `PendingIntent` keeps (a notification, a widget) opens its activity when a person
taps, so nothing runs there unasked. Only what certainly ends there is left out: code that starts
an activity, or whose intent goes where it is not followed, counts as opening it.
"""

import numpy as np

from scanner.static.code_rules import Calls, CodeRules
from scanner.static.dex.arrays import Bool, distinct
from scanner.static.dex.index import DexIndex
from scanner.static.hierarchy import Hierarchy
from scanner.static.named_links import callers, named

_HANDED_BACK = 3
"""How many callers up an intent is followed that a method returns."""
_MOST_CALLERS, _MOST_LOOKED_UP = 64, 256
"""Callers of one method, and methods of one app, that are followed at most."""


class ShownScreens:
    """Whether the screens that methods name wait for a person's tap; made for one index."""

    def __init__(self, index: DexIndex, hierarchy: Hierarchy, rules: CodeRules) -> None:
        """Read which methods open screens, and which keep intents."""
        self._index, self._hierarchy = index, hierarchy
        self._opens = _calling(index, rules.screen_starts)
        self._keeps = _calling(index, rules.screen_waits)
        self._intent = index.type_id(rules.intent_type)
        self._known: dict[tuple[int, int], bool] = {}
        self._looked_up: dict[int, list[int]] = {}

    def waits(self, owners: list[int]) -> Bool:
        """Return a mark per method row: of `owners`, those whose screens wait for a person."""
        marked = np.zeros(len(self._opens), np.bool_)
        marked[[row for row in set(owners) if self._waits(row, _HANDED_BACK)]] = True
        return marked

    def _waits(self, row: int, depth: int) -> bool:
        key = row, depth
        if key not in self._known:
            self._known[key] = self._found(row, depth)
        return self._known[key]

    def _found(self, row: int, depth: int) -> bool:
        if self._opens[row]:
            return False
        if self._keeps[row]:
            return True
        if not depth or not self._returns_intent(row):
            return False
        takers = self._callers(row)
        return bool(takers) and all(self._waits(taker, depth - 1) for taker in takers)

    def _returns_intent(self, row: int) -> bool:
        ids = self._index.ids
        kind = int(ids.methods.kind[self._index.defs.method[row]])
        return int(ids.proto_return[kind]) == self._intent

    def _callers(self, row: int) -> list[int]:
        """Return the callers of a method; none when they are too many to be followed."""
        found = self._looked_up.get(row)
        if found is None:
            found = self._looked_up[row] = []
            if len(self._looked_up) <= _MOST_LOOKED_UP:
                calls = self._index.invokes
                refs = np.flatnonzero(self._hierarchy.resolved == row)
                owners = distinct(calls.owner[calls.naming(refs)])
                found += owners.tolist() if len(owners) <= _MOST_CALLERS else ()
        return found


def _calling(index: DexIndex, rules: tuple[Calls, ...]) -> Bool:
    """Return a mark per method row: it calls one of these methods, an empty class being any."""
    hits = np.zeros(len(index.ids.methods.cls), np.bool_)
    for row in rules:
        hits |= named(index, row.names, row.cls)
    return callers(index, hits)

"""The reach of a method as evidence: yes or no, before consent or not, by which chain."""

from collections.abc import Sequence

import msgspec
import numpy as np

from scanner.model.static import Reach
from scanner.static.dex.arrays import Bool
from scanner.static.entries import Entries
from scanner.static.names import Names
from scanner.static.reach import Reached


class ReachFacts(msgspec.Struct, eq=False):
    """Answers per method row. `guarded` marks methods with a consent-looking condition."""

    names: Names
    entries: Entries
    before: Reached
    every: Reached
    guarded: Bool
    decidable: bool
    _kept: dict[int, Reach] = msgspec.field(default_factory=dict)

    def of(self, row: int) -> Reach:
        """Return the reach of a method row."""
        found = self._kept.get(row)
        if found is None:
            found = self._kept[row] = self._of(row)
        return found

    def first_of(self, classes: Sequence[int]) -> Reach:
        """Return how code of these class rows runs first: before consent, then at all."""
        inside = np.isin(self.names.index.defs.cls, classes)
        for reached in (self.before, self.every):
            rows = np.flatnonzero(inside & reached.mask).tolist()
            if rows:
                return self.of(min(rows, key=lambda row: (len(reached.chain(row)), row)))
        rows = np.flatnonzero(inside).tolist()
        return self.of(rows[0]) if rows else Reach()

    def rows(self, row: int) -> list[int]:
        """Return the method rows of the chain that `of` tells, entry first."""
        return self.before.chain(row) or self.every.chain(row)

    def runs(self, row: int) -> bool:
        """Tell whether the method may run: reached, or not decided."""
        return (
            self.before.has(row)
            or self.every.has(row)
            or not self.decidable
            or bool(self.names.dynamic_rows[row])
        )

    def _of(self, row: int) -> Reach:
        if self.before.has(row):
            return self._reach(self.before.chain(row), early=True)
        if self.every.has(row):
            return self._reach(self.every.chain(row), early=False)
        if not self.decidable or bool(self.names.dynamic_rows[row]):
            return Reach()
        return Reach(reachable=False, before_consent=False)

    def _reach(self, chain: list[int], *, early: bool) -> Reach:
        index = self.names.index
        first = chain[0]
        kind = self.entries.kind_of(first, int(index.defs.cls[first]), early=early)
        if kind == "application-on-create":
            name = index.method_name(int(index.defs.method[first]))
            kind = "application-attach" if name == "attachBaseContext" else kind
        return Reach(
            reachable=True,
            before_consent=early,
            chain=tuple(self.names.row(row) for row in chain),
            guarded=early and bool(self.guarded[chain].any()),
            entry=kind,
        )

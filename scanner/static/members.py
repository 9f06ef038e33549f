"""Which method and field references mean a member that the knowledge names.

A reference may name a subclass (`MyActivity.getContentResolver`): the superclasses are tried in
turn, the nearest first. Code of the app that overrides the member is not the member.
"""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from scanner.static.dex.arrays import Bool, Ints, distinct
from scanner.static.dex.index import DexIndex
from scanner.static.hierarchy import Hierarchy

Tag = TypeVar("Tag")


class Wanted(NamedTuple, Generic[Tag]):
    """A member to look for. `descriptors` empty = any."""

    cls: str
    name: str
    descriptors: tuple[str, ...]
    tag: Tag


class Match(NamedTuple, Generic[Tag]):
    """A reference that means a wanted member."""

    ref: int
    tag: Tag


class MemberTable(Generic[Tag]):
    """Looks up many members at once; cost grows with the references that share a name."""

    def __init__(
        self, index: DexIndex, hierarchy: Hierarchy, wanted: Iterable[Wanted[Tag]]
    ) -> None:
        """Index those members whose class and name some dex mentions."""
        self._index, self._hierarchy = index, hierarchy
        self._table: dict[tuple[int, int], list[Wanted[Tag]]] = {}
        for member in wanted:
            cls, name = index.type_id(member.cls), index.string_id(member.name)
            if cls > 0 and name > 0:
                self._table.setdefault((cls, name), []).append(member)
        self._names = np.zeros(len(index.ids.strings), np.bool_)
        self._names[[name for _, name in self._table]] = True
        self._near = self._below({cls for cls, _ in self._table})

    def _below(self, classes: set[int]) -> tuple[Bool, Bool]:
        """Return marks per type: it is one of the classes; it or a superclass is."""
        exact = np.zeros(len(self._hierarchy.sup), np.bool_)
        exact[sorted(classes)] = True
        below, before = exact.copy(), 0
        while int(below.sum()) > before:
            before = int(below.sum())
            below |= below[self._hierarchy.sup]
        return exact, below

    def methods(self, called: Ints) -> list[Match[Tag]]:
        """Return the matches among method ids, ascending."""
        table = self._index.ids.methods
        hits = called[self._names[table.name[called]]]
        resolved = self._hierarchy.resolved
        exact, below = self._near
        owners = table.cls[hits]
        hits = hits[exact[owners] | (below[owners] & (resolved[hits] < 0))]
        found: list[Match[Tag]] = []
        for ref in distinct(hits).tolist():
            cls, name = int(table.cls[ref]), int(table.name[ref])
            own = int(resolved[ref]) >= 0
            types = [cls] if own else self._hierarchy.chain(cls)
            near = self._first(types, name)
            found += [
                Match(ref, w.tag)
                for w in near
                if not w.descriptors or self._proto(ref) in w.descriptors
            ]
        return found

    def fields(self, read: Ints) -> list[Match[Tag]]:
        """Return the matches among field ids, ascending."""
        table = self._index.ids.fields
        hits = read[self._names[table.name[read]] & self._near[1][table.cls[read]]]
        found: list[Match[Tag]] = []
        for ref in distinct(hits).tolist():
            types = self._hierarchy.chain(int(table.cls[ref]))
            found += [Match(ref, w.tag) for w in self._first(types, int(table.name[ref]))]
        return found

    def overrides(self) -> list[Match[Tag]]:
        """Return the method rows (as `ref`) that override a wanted member, ascending."""
        index = self._index
        names = index.ids.methods.name[index.defs.method]
        found: list[Match[Tag]] = []
        for (cls, name), members in self._table.items():
            inside = np.isin(index.defs.cls, self._hierarchy.rows_below(cls))
            for row in np.flatnonzero(inside & (names == name)).tolist():
                proto = self._proto(int(index.defs.method[row]))
                if index.first[row] < index.first[row + 1]:  # an abstract one does nothing
                    fit = [m for m in members if not m.descriptors or proto in m.descriptors]
                    found += [Match(row, member.tag) for member in fit]
        return sorted(found, key=lambda match: match.ref)

    def _first(self, types: Sequence[int], name: int) -> list[Wanted[Tag]]:
        for cls in types:
            if (cls, name) in self._table:
                return self._table[cls, name]
        return []

    def _proto(self, method: int) -> str:
        return self._index.proto(int(self._index.ids.methods.kind[method]))


def meanings(
    index: DexIndex, hierarchy: Hierarchy, members: Iterable[tuple[str, Sequence[str], str]]
) -> dict[str, Bool]:
    """Return tag -> mark per method id: it means one of the methods of that tag. `members` are
    (class, names, tag).
    """
    wanted = [Wanted(cls, name, (), tag) for cls, names, tag in members for name in names]
    marks = {w.tag: np.zeros(len(index.ids.methods.cls), np.bool_) for w in wanted}
    for found in MemberTable(index, hierarchy, wanted).methods(distinct(index.invokes.id)):
        marks[found.tag][found.ref] = True
    return marks

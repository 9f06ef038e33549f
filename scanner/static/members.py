"""Which method and field references mean a member that the knowledge names.

A reference may name a subclass (`MyActivity.getContentResolver`): the superclasses are tried in
turn, the nearest first. Code of the app that overrides the member is not the member.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from scanner.static.dex.arrays import Bool, Ints, distinct
from scanner.static.dex.index import DexIndex
from scanner.static.hierarchy import MAX_DEPTH, Hierarchy

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


class Wishes(Generic[Tag]):
    """Members to look for in many apps, their names encoded once."""

    def __init__(self, wanted: Iterable[Wanted[Tag]]) -> None:
        """Keep the members."""
        self.wanted = tuple(wanted)
        self.classes = [w.cls.encode("utf-8", "surrogatepass") for w in self.wanted]
        self.names = [w.name.encode("utf-8", "surrogatepass") for w in self.wanted]


class MemberTable(Generic[Tag]):
    """Looks up many members at once; cost grows with the references that share a name."""

    def __init__(
        self,
        index: DexIndex,
        hierarchy: Hierarchy,
        wishes: Wishes[Tag],
        keep: Callable[[Tag], bool] | None = None,
    ) -> None:
        """Index those members whose class and name some dex mentions, and whose tag `keep` lets
        through.
        """
        self._index, self._hierarchy = index, hierarchy
        self._table: dict[tuple[int, int], list[Wanted[Tag]]] = {}
        types = index.type_of_string[index.ids.pool.find_all(wishes.classes)]
        names = index.ids.pool.find_all(wishes.names)
        for place in np.flatnonzero((types > 0) & (names > 0)).tolist():
            member = wishes.wanted[place]
            if keep is None or keep(member.tag):
                key = int(types[place]), int(names[place])
                self._table.setdefault(key, []).append(member)
        self._names = np.zeros(len(index.ids.strings), np.bool_)
        self._names[[name for _, name in self._table]] = True
        self._classes = np.zeros(len(hierarchy.sup), np.bool_)
        self._classes[[cls for cls, _ in self._table]] = True

    def _below(self, types: Ints) -> Bool:
        """Return a mark per type: it or a superclass is one of the classes."""
        kinds, sup = types, self._hierarchy.sup
        found = self._classes[kinds]
        for _ in range(MAX_DEPTH):
            kinds = sup[kinds]
            if not kinds.any():
                break
            found |= self._classes[kinds]
        return found

    def methods(self, called: Ints) -> list[Match[Tag]]:
        """Return the matches among method ids, ascending."""
        table = self._index.ids.methods
        hits = called[self._names[table.name[called]]]
        resolved = self._hierarchy.resolved
        owners = table.cls[hits]
        hits = hits[self._classes[owners] | (self._below(owners) & (resolved[hits] < 0))]
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
        hits = read[self._names[table.name[read]]]
        hits = hits[self._below(table.cls[hits])]
        found: list[Match[Tag]] = []
        for ref in distinct(hits).tolist():
            types = self._hierarchy.chain(int(table.cls[ref]))
            found += [Match(ref, w.tag) for w in self._first(types, int(table.name[ref]))]
        return found

    def overrides(self) -> list[Match[Tag]]:
        """Return the method rows (as `ref`) that override a wanted member, ascending."""
        index = self._index
        names = index.ids.methods.name[index.defs.method]
        rows = np.flatnonzero(self._names[names])
        names = names[rows]
        found: list[Match[Tag]] = []
        for (cls, name), members in self._table.items():
            same = rows[names == name]
            inside = np.isin(index.defs.cls[same], self._hierarchy.rows_below(cls))
            for row in same[inside].tolist():
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
    wishes = Wishes(Wanted(cls, name, (), tag) for cls, names, tag in members for name in names)
    marks = {w.tag: np.zeros(len(index.ids.methods.cls), np.bool_) for w in wishes.wanted}
    for found in MemberTable(index, hierarchy, wishes).methods(index.called):
        marks[found.tag][found.ref] = True
    return marks

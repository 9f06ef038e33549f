"""Methods that the platform runs once an object exists, by class.

`auto` run by themselves (threads, handlers, listeners of the system); `every` are all overrides of
platform supertypes, what a person's act brings about included.
"""

import numpy as np

from scanner.static.code_rules import Callback, CodeRules
from scanner.static.dex.arrays import I32, I64, Bool, Ints, among, order_of, ranges, within
from scanner.static.dex.index import DexIndex
from scanner.static.hierarchy import MAX_PAIRS, Hierarchy, csr

_NOT_VIRTUAL = 0x8 | 0x2 | 0x10000


class Callbacks:
    """Edges class row -> method rows, and which method ids only the platform calls."""

    def __init__(self, index: DexIndex, hierarchy: Hierarchy, rules: CodeRules) -> None:
        """Find the overrides of all classes."""
        self._index, self._hierarchy = index, hierarchy
        flags = index.defs.flags
        self._virtual: Bool = (flags & _NOT_VIRTUAL) == 0
        names: I32 = index.ids.methods.name.take(index.defs.method)
        self._by_name = order_of(names)
        self._names = names.take(self._by_name)
        self._user = self._ids(rules.user_callbacks)
        pairs = [self._of_rule(rule) for rule in rules.auto_callbacks]
        self.auto = self._inherited(pairs)
        self.every = self._inherited([*pairs, self._overrides(rules)])
        self.platform_called = self._platform_called(rules)

    def _ids(self, names: tuple[str, ...]) -> I32:
        return np.array(sorted(map(self._index.string_id, names)), np.int32)

    def _of_rule(self, rule: Callback) -> tuple[I64, I64]:
        """Return (class row, method row) pairs of one rule."""
        rows = np.zeros(len(self._index.classes.type), np.bool_)
        for number in self._hierarchy.types_of([rule.type]):
            rows[self._hierarchy.rows_below(number)] = True
        if not rows.any():
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        cls = self._index.defs.cls
        if "*" in rule.methods:
            found = np.flatnonzero(rows.take(cls) & self._virtual)
            found = found[~among(found, self._called(self._user))]
        else:
            named = self._called(self._ids(rule.methods))
            named = named[self._virtual[named]]
            inside = rows[cls[named]]
            found = np.sort(named[inside])
            heir, taken = self._adopted(rows, named[~inside])
            return np.concatenate([cls[found], heir]), np.concatenate([found, taken])
        return cls[found].astype(np.int64), found

    def _adopted(self, rows: Bool, methods: I64) -> tuple[I64, I64]:
        """Return (class row, method row): classes of a kind that have the method from a
        superclass which is not of that kind.
        """
        starts, flat = self._hierarchy.ancestors
        kind = np.flatnonzero(rows)
        above = np.zeros(len(self._hierarchy.sup), np.bool_)
        above[flat[ranges(starts[kind], starts[kind + 1] - starts[kind])]] = True
        methods = methods[above[self._index.classes.type[self._index.defs.cls[methods]]]]
        if not len(methods):
            return np.zeros(0, np.int64), methods
        starts, flat = self._hierarchy.subtypes
        types = self._index.classes.type[self._index.defs.cls[methods]]
        counts = within(starts[types + 1] - starts[types], MAX_PAIRS)
        heirs = flat[ranges(starts[types], counts)].astype(np.int64)
        taken = np.repeat(methods, counts)
        keep = rows[heirs]
        heirs, taken = heirs[keep], taken[keep]
        plain = self._not_overridden(heirs, taken)
        return heirs[plain], taken[plain]

    def _called(self, names: I32) -> I64:
        """Return the method rows with one of the names (string ids)."""
        first = np.searchsorted(self._names, names)
        counts = np.searchsorted(self._names, names, "right") - first
        return self._by_name.take(ranges(first, counts))

    def _overrides(self, rules: CodeRules) -> tuple[I64, I64]:
        """Return virtual methods of classes with a platform supertype that may call back."""
        starts, flat = self._hierarchy.ancestors
        silent = np.zeros(len(self._hierarchy.sup), np.bool_)
        silent[self._hierarchy.types_of(rules.silent_types)] = True
        speaking = (~silent & ~self._hierarchy.defined).take(flat)
        owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        has = np.zeros(len(starts) - 1, np.bool_)
        has[owner[speaking]] = True
        found = np.flatnonzero(has.take(self._index.defs.cls) & self._virtual)
        return self._index.defs.cls[found].astype(np.int64), found

    def _inherited(self, pairs: list[tuple[I64, I64]]) -> tuple[I64, I32]:
        """Return edges with those that a class inherits and does not override."""
        index, size = self._index, len(self._index.classes.type)
        cls = np.concatenate([np.zeros(0, np.int64), *(c for c, _ in pairs)])
        row = np.concatenate([np.zeros(0, np.int64), *(r for _, r in pairs)])
        starts, flat = csr(cls, row, size)
        above_starts, above = self._hierarchy.ancestors
        below = np.repeat(np.arange(size), np.diff(above_starts))
        parent = index.classes.of_type.take(above)
        keep = (parent >= 0) & (parent != below)
        below, parent = below.compress(keep), parent.compress(keep).astype(np.int64)
        counts = within(starts[parent + 1] - starts[parent], MAX_PAIRS)
        heirs = np.repeat(below, counts)
        methods = flat.take(ranges(starts[parent], counts))
        plain = self._not_overridden(heirs, methods)
        return csr(np.concatenate([cls, heirs[plain]]), np.concatenate([row, methods[plain]]), size)

    def _not_overridden(self, heirs: I64, methods: Ints) -> Bool:
        ids = self._index.defs.method.take(methods)
        own = self._hierarchy.method_on(self._index.classes.type[heirs], ids)
        return np.where(own >= 0, self._hierarchy.resolved[own] == methods, True)

    def _platform_called(self, rules: CodeRules) -> Bool:
        """Mark method ids of platform callbacks: the maker of the object is blamed instead."""
        index, table = self._index, self._index.ids.methods
        users = np.zeros(len(index.ids.strings) + 1, np.bool_)
        users[self._user] = True
        users[-1] = False  # the place of names that no dex holds
        marked: Bool = users.take(table.name) & ~self._hierarchy.defined.take(table.cls)
        for rule in rules.auto_callbacks:
            for number in self._hierarchy.types_of([rule.type]):
                if self._hierarchy.defined[number]:
                    continue  # library code in the app calls it: an ordinary edge
                here = index.methods_of_type(number)
                listed = np.isin(table.name[here.start : here.stop], self._ids(rule.methods))
                marked[here.start : here.stop] |= listed | ("*" in rule.methods)
        for number in self._hierarchy.types_of(["Ljava/lang/Object;"]):
            here = index.methods_of_type(number)
            marked[here.start : here.stop] = True
        return marked

"""What can run, and by which shortest chain, from a set of entries: breadth first over arrays.

A virtual call counts only into classes of which an object exists: one that reached code makes, or
that the system makes because the manifest names it. Without `objects_matter` every class counts.
"""

from functools import cached_property

import msgspec
import numpy as np

from scanner.static.callgraph import CallGraph, Edges
from scanner.static.dex.arrays import I32, I64, Bool, Ints, distinct, ranges
from scanner.static.hierarchy import Hierarchy

UNREACHED, IS_ENTRY = -2, -1
MAX_CHAIN = 256


class Start(msgspec.Struct, frozen=True, eq=False):
    """Where a walk begins: method rows, and class rows of which objects exist from the start.
    Of `held` ones the platform's callbacks have run before, or run by themselves: only calls reach
    them.
    """

    rows: Ints
    objects: Ints
    held: Ints | None = None


class Reached(msgspec.Struct, eq=False, dict=True):
    """The answer of one walk: `parent[row]` is the caller on a shortest chain."""

    parent: I32

    @cached_property
    def _callers(self) -> memoryview:
        return self.parent.data  # numbers one by one: quicker than out of an array

    def has(self, row: int) -> bool:
        """Tell whether a method row was reached."""
        return self._callers[row] != UNREACHED

    @property
    def mask(self) -> Bool:
        """Return a mark per method row."""
        marked: Bool = self.parent != UNREACHED
        return marked

    def chain(self, row: int) -> list[int]:
        """Return the method rows from the entry to `row`; empty when it was not reached."""
        callers = self._callers
        found: list[int] = []
        while row >= 0 and callers[row] != UNREACHED and len(found) < MAX_CHAIN:
            found.append(row)
            row = callers[row]
        return found[::-1]


class _Walk(msgspec.Struct, eq=False):
    """`exists` marks class rows of which an object may be met, `made` those whose making was
    followed. `reached` are the rows of the next step.
    """

    graph: CallGraph
    hierarchy: Hierarchy
    objects_matter: bool
    every: bool
    callbacks: tuple[I64, I32]
    parent: I32
    exists: Bool
    made: Bool
    maker_of: I32
    caller_of: I32
    reached: list[I64] = msgspec.field(default_factory=list)

    def reach(self, rows: Ints, parents: Ints) -> None:
        """Add newly reached rows to the next step; the first parent wins."""
        new = np.flatnonzero(self.parent.take(rows) == UNREACHED)
        if len(new):
            rows = rows.take(new).astype(np.int64)
            self.parent[rows[::-1]] = parents.take(new)[::-1]
            self.reached.append(rows)

    def next_rows(self) -> I64:
        """Return the reached rows. Of two chains of one length, the one without a class
        initialiser says more: those come last.
        """
        if not self.reached:
            return np.zeros(0, np.int64)
        rows = distinct(np.concatenate(self.reached))
        self.reached = []
        last = self.graph.initialiser.take(rows)
        if not last.any():
            return rows
        return np.concatenate([rows.compress(~last), rows.compress(last)])


def walk(
    graph: CallGraph, hierarchy: Hierarchy, start: Start, *, every: bool, objects_matter: bool
) -> Reached:
    """Return what can run. `every` follows all callbacks, else only those that need no user."""
    classes = len(hierarchy.index.classes.type)
    state = _Walk(
        graph=graph,
        hierarchy=hierarchy,
        objects_matter=objects_matter,
        every=every,
        callbacks=graph.callbacks.every if every else graph.callbacks.auto,
        parent=np.full(len(graph.direct.starts) - 1, UNREACHED, np.int32),
        exists=np.zeros(classes, np.bool_),
        made=np.zeros(classes, np.bool_),
        maker_of=np.zeros(classes, np.int32),
        caller_of=np.full(len(graph.dispatch.starts) - 1, UNREACHED, np.int32),
    )
    if start.held is not None:
        _closure(state, np.asarray(start.held, np.int64))
    rows = np.asarray(start.rows, np.int64)
    state.reach(rows, np.full(len(rows), IS_ENTRY, np.int32))
    objects = np.asarray(start.objects, np.int64)
    _make(state, objects, np.full(len(objects), IS_ENTRY, np.int64))
    while len(rows := state.next_rows()):
        _step(state, rows)
    return Reached(state.parent)


def _expand(edges: Edges, sources: Ints) -> tuple[I64, I32]:
    """Return (source, target) of all edges from the sources."""
    first = edges.starts.take(sources)
    counts = edges.starts.take(sources + 1) - first
    return np.repeat(sources, counts), edges.flat.take(ranges(first, counts))


def _step(state: _Walk, rows: I64) -> None:
    source, target = _expand(state.graph.direct, rows)
    state.reach(target, source)
    if state.every:
        source, target = _expand(state.graph.late, rows)
        state.reach(target, source)
    source, made = _expand(state.graph.made, rows)
    _make(state, made, source)
    source, ids = _expand(state.graph.virtual, rows)
    new = np.flatnonzero(state.caller_of.take(ids) == UNREACHED)
    if not len(new):
        return
    called = ids.take(new).astype(np.int64)
    state.caller_of[called[::-1]] = source.take(new)[::-1]
    _, places = _expand(state.graph.dispatch, distinct(called))
    if state.objects_matter:
        places = places.compress(state.exists.take(state.graph.condition.take(places)))
    _run(state, places)


def _run(state: _Walk, places: I32) -> None:
    """Reach the targets of dispatch places whose call was seen."""
    called = state.graph.dispatch_id.take(places)
    state.reach(state.graph.target.take(places), state.caller_of.take(called))


def _make(state: _Walk, made: Ints, makers: I64) -> None:
    """Note that objects of these class rows exist: their callbacks run, calls reach them. The
    first maker of a class wins.
    """
    new = np.flatnonzero(~state.made.take(made))
    if not len(new):
        return
    made = made.take(new).astype(np.int64)
    state.made[made] = True
    state.maker_of[made[::-1]] = makers.take(new)[::-1]
    classes = distinct(made)
    starts, flat = state.callbacks
    counts = starts[classes + 1] - starts[classes]
    rows = flat.take(ranges(starts[classes], counts))
    state.reach(rows, np.repeat(state.maker_of[classes], counts))
    if not state.objects_matter:
        return
    fresh = _closure(state, classes)
    _, places = _expand(state.graph.by_condition, fresh)
    called = state.graph.dispatch_id.take(places)
    _run(state, places.compress(state.caller_of.take(called) != UNREACHED))


def _closure(state: _Walk, classes: I64) -> I64:
    """Mark classes and all above them as existing; return those that are new."""
    starts, flat = state.hierarchy.ancestors
    above = flat.take(ranges(starts[classes], starts[classes + 1] - starts[classes]))
    rows = distinct(state.hierarchy.index.classes.of_type.take(above))
    fresh = rows[(rows >= 0) & ~state.exists.take(rows)].astype(np.int64)
    state.exists[fresh] = True
    return fresh

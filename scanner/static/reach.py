"""What can run, and by which shortest chain, from a set of entries: breadth first over arrays.

A virtual call counts only into classes of which an object exists: one that reached code makes, or
that the system makes because the manifest names it. Without `objects_matter` every class counts.
"""

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


class Reached(msgspec.Struct, eq=False):
    """The answer of one walk: `parent[row]` is the caller on a shortest chain."""

    parent: I32

    def has(self, row: int) -> bool:
        """Tell whether a method row was reached."""
        return int(self.parent[row]) != UNREACHED

    @property
    def mask(self) -> Bool:
        """Return a mark per method row."""
        marked: Bool = self.parent != UNREACHED
        return marked

    def chain(self, row: int) -> list[int]:
        """Return the method rows from the entry to `row`; empty when it was not reached."""
        found: list[int] = []
        while row >= 0 and self.has(row) and len(found) < MAX_CHAIN:
            found.append(row)
            row = int(self.parent[row])
        return found[::-1]


class _Walk(msgspec.Struct, eq=False):
    graph: CallGraph
    hierarchy: Hierarchy
    objects_matter: bool
    every: bool
    callbacks: tuple[I64, I32]
    parent: I32
    exists: Bool
    caller_of: I32
    frontier: I64 = msgspec.field(default_factory=lambda: np.zeros(0, np.int64))

    def reach(self, rows: Ints, parents: Ints) -> None:
        """Add newly reached rows to the next frontier; the first parent wins."""
        new = self.parent[rows] == UNREACHED
        rows, first = np.unique(np.asarray(rows)[new], return_index=True)
        self.parent[rows] = np.asarray(parents)[new][first]
        self.frontier = np.concatenate([self.frontier, rows.astype(np.int64)])


def walk(
    graph: CallGraph, hierarchy: Hierarchy, start: Start, *, every: bool, objects_matter: bool
) -> Reached:
    """Return what can run. `every` follows all callbacks, else only those that need no user."""
    state = _Walk(
        graph,
        hierarchy,
        objects_matter,
        every,
        graph.callbacks.every if every else graph.callbacks.auto,
        np.full(len(graph.direct.starts) - 1, UNREACHED, np.int32),
        np.zeros(len(hierarchy.index.classes.type), np.bool_),
        np.full(len(graph.dispatch.starts) - 1, UNREACHED, np.int32),
    )
    if start.held is not None:
        _closure(state, np.asarray(start.held, np.int64))
    rows = np.asarray(start.rows, np.int64)
    state.reach(rows, np.full(len(rows), IS_ENTRY, np.int32))
    objects = distinct(np.asarray(start.objects, np.int64))
    _make(state, objects, np.full(len(objects), IS_ENTRY, np.int64))
    while len(state.frontier):
        rows, state.frontier = distinct(state.frontier), np.zeros(0, np.int64)
        # of two chains of one length, the one without a class initialiser says more
        _step(state, rows[np.argsort(graph.initialiser[rows], kind="stable")])
    return Reached(state.parent)


def _expand(edges: Edges, sources: Ints) -> tuple[I64, I32]:
    """Return (source, target) of all edges from the sources."""
    counts = edges.starts[sources + 1] - edges.starts[sources]
    return np.repeat(sources, counts), edges.flat[ranges(edges.starts[sources], counts)]


def _step(state: _Walk, rows: I64) -> None:
    source, target = _expand(state.graph.direct, rows)
    state.reach(target, source)
    if state.every:
        source, target = _expand(state.graph.late, rows)
        state.reach(target, source)
    source, made = _expand(state.graph.made, rows)
    made, first = np.unique(made, return_index=True)
    _make(state, made.astype(np.int64), source[first])
    source, ids = _expand(state.graph.virtual, rows)
    ids, first = np.unique(ids, return_index=True)
    new = state.caller_of[ids] == UNREACHED
    ids = ids[new]
    state.caller_of[ids] = source[first][new]
    _, places = _expand(state.graph.dispatch, ids.astype(np.int64))
    if state.objects_matter:
        places = places[state.exists[state.graph.condition[places]]]
    _run(state, places)


def _run(state: _Walk, places: I32) -> None:
    """Reach the targets of dispatch places whose call was seen."""
    called = state.graph.dispatch_id[places]
    state.reach(state.graph.target[places], state.caller_of[called])


def _make(state: _Walk, classes: I64, makers: I64) -> None:
    """Note that objects of these class rows exist: their callbacks run, calls reach them."""
    starts, flat = state.callbacks
    counts = starts[classes + 1] - starts[classes]
    state.reach(flat[ranges(starts[classes], counts)], np.repeat(makers, counts))
    if not state.objects_matter:
        return
    fresh = _closure(state, classes)
    _, places = _expand(state.graph.by_condition, fresh)
    called = state.graph.dispatch_id[places]
    _run(state, places[state.caller_of[called] != UNREACHED])


def _closure(state: _Walk, classes: I64) -> I64:
    """Mark classes and all above them as existing; return those that are new."""
    starts, flat = state.hierarchy.ancestors
    above = flat[ranges(starts[classes], starts[classes + 1] - starts[classes])]
    rows = distinct(state.hierarchy.index.classes.of_type[above])
    fresh = rows[(rows >= 0) & ~state.exists[rows]].astype(np.int64)
    state.exists[fresh] = True
    return fresh

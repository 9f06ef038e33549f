"""Edges that a class literal makes: components that code starts, objects that the system makes."""

from collections.abc import Iterable

import numpy as np

from scanner.static.code_rules import CodeRules
from scanner.static.dex.arrays import Bool
from scanner.static.dex.index import DexIndex
from scanner.static.hierarchy import Hierarchy
from scanner.static.named_links import Links, NamedEdges, callers, columns, named
from scanner.static.shown_screens import ShownScreens


def literal_classes(
    index: DexIndex, hierarchy: Hierarchy, rules: CodeRules, links: Links
) -> NamedEdges:
    """Return what class literals lead to. A screen that waits for a person's tap is left out: the
    walk over all that can run begins in every component anyway, and nobody taps in the other.
    """
    literals = index.const_classes
    rows = index.classes.of_type.take(literals.id)
    inside = rows >= 0
    owners, rows = literals.owner[inside], rows[inside]
    intents = callers(index, named(index, ("<init>", "setClass"), rules.intent_type))
    starts = intents.take(owners) & _marked(index, links.lifecycle).take(rows)
    screens = starts & _marked(index, links.screens).take(rows)
    waits = ShownScreens(index, hierarchy, rules).waits(owners[screens].tolist())
    starts &= ~(screens & waits.take(owners))
    pairs = zip(owners[starts].tolist(), rows[starts].tolist(), strict=True)
    calls = [(owner, method) for owner, row in pairs for method in links.lifecycle[row]]
    built = np.zeros(len(index.classes.type), np.bool_)
    for number in hierarchy.types_of(rules.made_from_class):
        built[hierarchy.rows_below(number)] = True
    make = built.take(rows) | starts
    return NamedEdges(columns(calls), (owners[make], rows[make]))


def _marked(index: DexIndex, rows: Iterable[int]) -> Bool:
    """Return a mark per class row."""
    marked = np.zeros(len(index.classes.type), np.bool_)
    marked[np.array(sorted(rows), np.int64)] = True
    return marked

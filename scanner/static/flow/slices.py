"""Which methods can matter: slices of the app's call graph around sources and sinks, as arrays."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from profiles.load import table
from profiles.model import Knowledge
from scanner.static.behaviours import ManifestSigns
from scanner.static.callgraph import CallGraph, build_graph
from scanner.static.code_rules import CodeRules
from scanner.static.dex.arrays import I32, I64, Bool, Ints
from scanner.static.dex.index import DexIndex
from scanner.static.entries import find_entries
from scanner.static.facts import PackageFacts
from scanner.static.flow.tables import Framework, Source
from scanner.static.hierarchy import Hierarchy
from scanner.static.reach import walk

_MOST_ROUNDS = 60


@dataclass
class Slices:
    """Marks by method row: `reachable` from an entry, `sources` and `sinks` that contain such a
    call, `telling` those of the kinds of data that matter most, `to_source` and `to_sink` that may
    lead to one. `callers` are call edges as sorted (callee, caller) columns.
    """

    index: DexIndex
    reachable: Bool
    sources: Bool
    telling: Bool
    sinks: Bool
    to_source: Bool
    to_sink: Bool
    callees_sorted: I64
    callers_sorted: I64

    def callers(self, row: int) -> list[int]:
        """Return the methods that may call one."""
        low = int(np.searchsorted(self.callees_sorted, row))
        high = int(np.searchsorted(self.callees_sorted, row, "right"))
        return sorted(set(self.callers_sorted[low:high].tolist()))


def slice_app(
    index: DexIndex, facts: PackageFacts, know: Knowledge, framework: Framework
) -> Slices:
    """Compute the slices of an app."""
    rules = table(know, "static_code", CodeRules)
    hierarchy = Hierarchy(index, rules.framework_super)
    woken = table(know, "manifest_signs", ManifestSigns).auto_start
    entries = find_entries(facts, index, hierarchy, rules, woken)
    graph = build_graph(index, hierarchy, rules, entries.links)
    reached = walk(graph, hierarchy, entries.all(), every=True, objects_matter=False)
    size = len(index.defs.method)
    calls = _call_edges(graph)
    sources = _source_rows(index, framework, size, lambda _: True)
    telling = _source_rows(index, framework, size, framework.is_telling)
    sinks = _owners_of(index, _member_ids(index, framework.sinks, framework.is_sink), size)
    source, target = _with_made(graph, calls)
    order = np.argsort(calls[1], kind="stable")
    return Slices(
        index,
        reached.mask,
        sources,
        telling,
        sinks,
        _backward(sources, source, target),
        _backward(sinks, source, target),
        calls[1][order],
        calls[0][order],
    )


def _pairs(starts: I64, flat: I32) -> tuple[I64, I64]:
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts)), flat.astype(np.int64)


def _call_edges(graph: CallGraph) -> tuple[I64, I64]:
    """Return (caller, callee) rows, virtual calls resolved to all definitions they may run."""
    direct = _pairs(graph.direct.starts, graph.direct.flat)
    owner, called = _pairs(graph.virtual.starts, graph.virtual.flat)
    starts = graph.dispatch.starts
    counts = starts[called + 1] - starts[called]
    first = np.repeat(starts[called] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    place = first + np.arange(int(counts.sum()))
    target = graph.target[graph.dispatch.flat[place]].astype(np.int64)
    source = np.repeat(owner, counts)
    return np.concatenate([direct[0], source]), np.concatenate([direct[1], target])


def _with_made(graph: CallGraph, calls: tuple[I64, I64]) -> tuple[I64, I64]:
    """Add edges from who makes an object to the callbacks of its class."""
    starts, flat = graph.callbacks.every
    owner, made = _pairs(graph.made.starts, graph.made.flat)
    inside = made < len(starts) - 1
    owner, made = owner[inside], made[inside]
    counts = starts[made + 1] - starts[made]
    first = np.repeat(starts[made] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    target = flat[first + np.arange(int(counts.sum()))].astype(np.int64)
    return np.concatenate([calls[0], np.repeat(owner, counts)]), np.concatenate([calls[1], target])


def _backward(seeds: Bool, source: I64, target: I64) -> Bool:
    found = seeds.copy()
    for _ in range(_MOST_ROUNDS):
        new = source[found[target] & ~found[source]]
        if not len(new):
            break
        found[new] = True
    return found


def _member_ids(
    index: DexIndex, members: Iterable[tuple[str, str]], inherits: Callable[[str, str, str], bool]
) -> list[int]:
    """Return the ids of methods that are one of these members: the class as named, or one of the
    app's own that inherits it.
    """
    members = list(members)
    names = {name for _, name in members}
    wanted = np.array(sorted({index.string_id(name) for name in names} - {-1}), np.int64)
    hits = np.flatnonzero(np.isin(index.ids.methods.name, wanted))
    classes = {cls for cls, _ in members}
    defined = index.classes.of_type
    found = []
    for number in hits.tolist():
        kind = int(index.ids.methods.cls[number])
        own = defined[kind] >= 0 and inherits(*index.method_parts(number))
        if own or index.descriptor(kind) in classes:
            found.append(number)
    return found


def _owners_of(index: DexIndex, ids: list[int], size: int) -> Bool:
    mask = np.zeros(size, np.bool_)
    calls = index.invokes
    mask[calls.owner[np.isin(calls.id, np.array(ids, np.int64))]] = True
    return mask


def _source_rows(
    index: DexIndex, framework: Framework, size: int, wanted: Callable[[Source], bool]
) -> Bool:
    calls = [
        key
        for key, found in framework.sources.items()
        if any(one.role == "call" and not one.when and wanted(one) for _, one in found)
    ]
    members = [*calls, *framework.queries()]
    inherits = partial(framework.is_source, wanted=wanted)
    mask = _owners_of(index, _member_ids(index, members, inherits), size)
    named = [key for key, source in framework.fields.items() if wanted(source)]
    fields = [n for cls, name in named for n in index.find_fields(cls, name)]
    reads = index.field_reads
    mask[reads.owner[np.isin(reads.id, np.array(fields, np.int64))]] = True
    texts = [text for text, source in framework.settings.items() if wanted(source)]
    keys = [index.string_id(text) for text in texts]
    strings = index.const_strings
    mask[strings.owner[np.isin(strings.id, np.array(keys, np.int64))]] = True
    mask |= _callback_rows(index, framework, size, wanted)
    return mask


def _callback_rows(
    index: DexIndex, framework: Framework, size: int, wanted: Callable[[Source], bool]
) -> Bool:
    """Mark overrides of callbacks that hand personal data over."""
    mask = np.zeros(size, np.bool_)
    names = {
        index.string_id(name)
        for (_, name), found in framework.sources.items()
        if any(one.role == "callback" and not one.when and wanted(one) for _, one in found)
    }
    rows = np.flatnonzero(
        np.isin(index.ids.methods.name[index.defs.method], np.array(sorted(names), np.int64))
    )
    for row in rows.tolist():
        found = framework.source(*index.method_parts(int(index.defs.method[row])), "callback")
        mask[row] = found is not None and wanted(found)
    return mask


def readers(index: DexIndex, fields: list[tuple[str, str]]) -> Ints:
    """Return the rows of methods that read one of these fields (class descriptor, name)."""
    ids = [n for cls, name in fields for n in index.find_fields(cls, name)]
    reads = index.field_reads
    return np.unique(reads.owner[np.isin(reads.id, np.array(ids, np.int64))])

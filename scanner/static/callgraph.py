"""Who can run what: calls, class initialisers, objects made, callbacks, as edge arrays.

Nodes are method rows of the dex index. A virtual call leads to a method *id* first and from there
to every definition that it may run (class-hierarchy analysis), so the number of edges stays near
the number of calls.
"""

import msgspec
import numpy as np

from scanner.static.callbacks import Callbacks
from scanner.static.class_literals import literal_classes
from scanner.static.code_rules import CodeRules
from scanner.static.dex import opcodes
from scanner.static.dex.arrays import I32, I64, Bool, Ints, distinct, order_of, present
from scanner.static.dex.index import DexIndex, Refs
from scanner.static.dex.values import Ref, call_site, method_handle
from scanner.static.hierarchy import MAX_DEPTH, Hierarchy, csr
from scanner.static.named_links import Links, reflected

_VIRTUAL = opcodes.among_opcodes((0x6E, 0x72, 0x74, 0x78, 0xFA, 0xFB))
_STATIC_CALLS = opcodes.among_opcodes((0x71, 0x77))
_FIRST_STATIC_FIELD = 0x60


class Edges(msgspec.Struct, frozen=True, eq=False):
    """Edges in rows: those of source s are `flat[starts[s]:starts[s + 1]]`."""

    starts: I64
    flat: I32


class CallGraph(msgspec.Struct, frozen=True, eq=False):
    """The edges that reach analysis walks.

    `direct`: method row -> method row. `virtual`: method row -> called method id. `dispatch`:
    method id -> place in `target`/`condition` (`dispatch_id` is the way back): the definition that
    may run, and the class row of which an object (or one of a subclass) must exist. `made`:
    method row -> class rows of which it makes objects. `callbacks`: class row -> methods that the
    platform runs. `initialiser` marks the rows of `<clinit>`. `late`: method row -> lambdas that
    only a person's act brings about.
    """

    direct: Edges
    virtual: Edges
    dispatch: Edges
    dispatch_id: I64
    target: I32
    condition: I32
    by_condition: Edges
    made: Edges
    callbacks: Callbacks
    initialiser: Bool
    late: Edges


def build_graph(index: DexIndex, hierarchy: Hierarchy, rules: CodeRules, links: Links) -> CallGraph:
    """Build the graph. `links` are what components the manifest names."""
    size = len(index.defs.method)
    callbacks = Callbacks(index, hierarchy, rules)
    calls = index.invokes
    virtual = _VIRTUAL.take(index.opcode.take(calls.at))
    named = reflected(index, rules)
    from_class = literal_classes(index, hierarchy, rules, links)
    custom, late = _custom(index, hierarchy, frozenset(rules.user_callbacks))
    direct = [
        _resolved(hierarchy, calls.where(~virtual)),
        _initialisers(index, hierarchy, named.made),
        custom,
        named.calls,
        from_class.calls,
    ]
    made = [_made(index, index.new_instances), _shared(index), named.made, from_class.made]
    through = calls.where(virtual)
    through = through.where(~callbacks.platform_called.take(through.id))
    ids, target, condition = _dispatch(
        index, hierarchy, present(through.id, len(index.ids.methods.cls))
    )
    order = order_of(condition)
    count = len(index.classes.type)
    return CallGraph(
        direct=_edges(direct, size),
        virtual=_edges([(through.owner, through.id)], size),
        dispatch=Edges(
            _starts(ids, len(index.ids.methods.cls)), np.arange(len(ids), dtype=np.int32)
        ),
        dispatch_id=ids,
        target=target,
        condition=condition,
        by_condition=Edges(_starts(condition[order], count), order.astype(np.int32)),
        made=_edges(made, size),
        callbacks=callbacks,
        late=_edges([late], size),
        initialiser=index.ids.methods.name.take(index.defs.method) == index.string_id("<clinit>"),
    )


def _edges(parts: list[tuple[Ints, Ints]], size: int) -> Edges:
    source = np.concatenate([np.asarray(s, np.int64) for s, _ in parts])
    target = np.concatenate([np.asarray(t, np.int64) for _, t in parts])
    return Edges(*csr(source, target, size))


def _starts(keys: Ints, size: int) -> I64:
    """Return where each key begins in an ascending column."""
    return np.searchsorted(keys, np.arange(size + 1)).astype(np.int64)


def _resolved(hierarchy: Hierarchy, calls: Refs) -> tuple[Ints, Ints]:
    """Return edges of static, direct and super calls to what they resolve to."""
    target = hierarchy.resolved.take(calls.id)
    known = np.flatnonzero(target >= 0)
    return calls.owner.take(known), target.take(known)


def _made(index: DexIndex, refs: Refs) -> tuple[Ints, Ints]:
    return _defined(index, refs.owner, refs.id)


def _defined(index: DexIndex, owner: Ints, types: Ints) -> tuple[Ints, Ints]:
    """Return (owner, class row) where the app defines the type."""
    rows = index.classes.of_type.take(types)
    known = np.flatnonzero(rows >= 0)
    return owner.take(known), rows.take(known)


def _shared(index: DexIndex) -> tuple[Ints, Ints]:
    """Return reads of static fields: a method that takes a ready object uses it like its own."""
    refs = index.field_reads
    refs = refs.where(index.opcode.take(refs.at) >= _FIRST_STATIC_FIELD)
    return _defined(index, refs.owner, index.ids.fields.kind.take(refs.id))


def _initialisers(
    index: DexIndex, hierarchy: Hierarchy, made: tuple[Ints, Ints]
) -> tuple[Ints, Ints]:
    """Return edges to `<clinit>` of classes that a method makes, or whose statics it touches."""
    name = index.string_id("<clinit>")
    rows = np.flatnonzero(index.ids.methods.name.take(index.defs.method) == name)
    if name < 0 or not len(rows):
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    of_class = np.full(len(index.classes.type) + 1, -1, np.int32)
    of_class[index.defs.cls[rows]] = rows
    calls = index.invokes
    calls = calls.where(_STATIC_CALLS.take(index.opcode.take(calls.at)))
    fields = index.refs(opcodes.FIELD)
    fields = fields.where(index.opcode.take(fields.at) >= _FIRST_STATIC_FIELD)
    new = index.new_instances
    source = np.concatenate([calls.owner, fields.owner, new.owner, made[0]]).astype(np.int64)
    types = np.concatenate(
        [
            index.ids.methods.cls.take(calls.id),
            index.ids.fields.cls.take(fields.id),
            new.id,
            index.classes.type[np.asarray(made[1], np.int64)],
        ]
    ).astype(np.int64)
    width = len(hierarchy.sup)
    starting = of_class[index.classes.of_type] >= 0
    keep = hierarchy.below(starting).take(types)
    pairs = distinct(source.compress(keep) * width + types.compress(keep))
    found = _up(hierarchy, of_class, pairs // width, pairs % width)
    apart = found[0] != found[1]
    return found[0][apart], found[1][apart]


def _up(hierarchy: Hierarchy, of_class: I32, source: I64, types: I64) -> tuple[I64, I64]:
    """Return (source, initialiser) for each type and its superclasses."""
    out: list[tuple[I64, I64]] = []
    of_type = hierarchy.index.classes.of_type
    for _ in range(MAX_DEPTH):
        row = of_class[of_type[types]]  # an undefined type reads the spare last place
        has: Bool = row >= 0
        out.append((source[has], row[has].astype(np.int64)))
        types = hierarchy.sup[types].astype(np.int64)
        source, types = source[types > 0], types[types > 0]
        if not len(types):
            break
    return np.concatenate([s for s, _ in out]), np.concatenate([t for _, t in out])


def _dispatch(index: DexIndex, hierarchy: Hierarchy, called: I64) -> tuple[I64, I32, I32]:
    """Return (method id, definition, condition class row), ascending by method id."""
    ids, target = hierarchy.dispatch(called)
    condition = index.defs.cls.take(target)
    inherited = hierarchy.resolved[called]
    rows = index.classes.of_type.take(index.ids.methods.cls[called])
    keep = (inherited >= 0) & (rows >= 0)
    keep[keep] &= index.defs.cls[inherited[keep]] != rows[keep]
    more = hierarchy.adopted(called)
    ids = np.concatenate([ids, called[keep].astype(np.int64), more[0]])
    target = np.concatenate([target, inherited[keep], more[1]])
    condition = np.concatenate([condition, rows[keep], more[2]])
    order = order_of(condition)
    for column in (target, ids):
        order = order.take(order_of(column.take(order)))
    return ids.take(order), target.take(order), condition.take(order)


_Pairs = tuple[Ints, Ints]


def _custom(index: DexIndex, hierarchy: Hierarchy, acts: frozenset[str]) -> tuple[_Pairs, _Pairs]:
    """Return edges from invoke-custom to the methods that its call site names: those that may run
    at once, and those behind a method that only a person's act calls (`acts`).
    """
    now: list[tuple[int, int]] = []
    late: list[tuple[int, int]] = []
    refs = index.refs(opcodes.CALL_SITE)
    for owner, site in zip(refs.owner.tolist(), refs.id.tolist(), strict=True):
        file = index.file_of_def(owner)
        values = call_site(index, file, site)
        into = late if acts.intersection(v for v in values[1:2] if isinstance(v, str)) else now
        for value in values:
            handle = isinstance(value, Ref) and value.kind == "handle"
            found = method_handle(index, file, value.id) if handle else None  # type: ignore[union-attr]
            if found is not None and not found.is_field:
                row = int(hierarchy.resolved[found.member])
                into += [(owner, row)] if row >= 0 else []
    return _columns(now), _columns(late)


def _columns(pairs: list[tuple[int, int]]) -> _Pairs:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]

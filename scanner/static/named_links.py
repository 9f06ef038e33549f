"""Edges that a name makes: constant strings in reflective code."""

from collections.abc import Mapping

import msgspec
import numpy as np

from scanner.static.code_rules import CodeRules
from scanner.static.dex.arrays import Bool, Ints, distinct
from scanner.static.dex.index import DexIndex, Refs
from scanner.static.dex.text import dex_name

_GETS_METHOD = ("getMethod", "getDeclaredMethod")
_LONGEST_NAME = 200


class Links(msgspec.Struct, frozen=True, eq=False):
    """`lifecycle`: class row of a component -> method rows that run when it is started. `screens`:
    the class rows of activities.
    """

    lifecycle: Mapping[int, tuple[int, ...]] = msgspec.field(default_factory=dict)
    screens: frozenset[int] = frozenset()


class NamedEdges(msgspec.Struct, frozen=True, eq=False):
    """(source row, target row) of calls, and (source row, class row) of objects made."""

    calls: tuple[Ints, Ints]
    made: tuple[Ints, Ints]


def callers(index: DexIndex, hits: Bool) -> Bool:
    """Return a mark per method row: it calls a method whose id is marked in `hits`."""
    marked = np.zeros(len(index.defs.method), np.bool_)
    calls = index.invokes
    marked[calls.owner[calls.naming(np.flatnonzero(hits))]] = True
    return marked


def named(index: DexIndex, names: tuple[str, ...], cls: str = "") -> Bool:
    """Return a mark per method id: it has one of the names, on class `cls` when given."""
    wanted = np.zeros(len(index.ids.strings), np.bool_)
    wanted[[i for i in map(index.string_id, names) if i >= 0]] = True
    hits: Bool = wanted.take(index.ids.methods.name)
    if cls:
        kind = index.type_id(cls)
        here = index.methods_of_type(kind) if kind >= 0 else range(0)
        inside = hits[here.start : here.stop].copy()
        hits[:] = False
        hits[here.start : here.stop] = inside
    return hits


def reflection_users(index: DexIndex, rules: CodeRules) -> Bool:
    """Return a mark per method row: it calls a reflective lookup."""
    hits = np.zeros(len(index.ids.methods.cls), np.bool_)
    for row in rules.reflection:
        hits |= named(index, row.names, row.cls)
    return callers(index, hits)


def reflected(index: DexIndex, rules: CodeRules) -> NamedEdges:
    """Return what constant names in reflective code lead to."""
    users = reflection_users(index, rules)
    strings = index.const_strings
    strings = strings.where(users.take(strings.owner))
    classes = _class_strings(index, strings)
    getters = callers(index, named(index, _GETS_METHOD, "Ljava/lang/Class;"))
    calls: list[tuple[int, int]] = []
    by_owner = _by_owner(strings, {owner for owner, _ in classes if getters[owner]})
    names = index.ids.methods.name.take(index.defs.method)
    for owner, row in classes:
        if owner in by_owner:
            members = np.flatnonzero(index.defs.cls == row).tolist()
            calls += [(owner, m) for m in members if int(names[m]) in by_owner[owner]]
    return NamedEdges(columns(calls), columns(classes))


def _class_strings(index: DexIndex, strings: Refs) -> list[tuple[int, int]]:
    """Return (method row, class row) for strings that name a class of the app."""
    rows: dict[int, int] = {}
    for number in distinct(strings.id).tolist():
        raw = index.ids.strings[number]
        if len(raw) <= _LONGEST_NAME and (b"." in raw or b"/" in raw):
            kind = index.type_id(dex_name(index.string(number)))
            if kind > 0 and index.classes.of_type[kind] >= 0:
                rows[number] = int(index.classes.of_type[kind])
    pairs = zip(strings.owner.tolist(), strings.id.tolist(), strict=True)
    return sorted({(owner, rows[text]) for owner, text in pairs if text in rows})


def _by_owner(strings: Refs, owners: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {owner: set() for owner in owners}
    for owner, text in zip(strings.owner.tolist(), strings.id.tolist(), strict=True):
        if owner in found:
            found[owner].add(text)
    return found


def columns(pairs: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    """Return the two columns of pairs of rows."""
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]

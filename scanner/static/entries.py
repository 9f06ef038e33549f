"""Where an app's code begins: components of the manifest and what the platform makes of them."""

from collections.abc import Iterable
from functools import cached_property

import msgspec
import numpy as np

from scanner.static.code_rules import CodeRules
from scanner.static.dex.arrays import Bool
from scanner.static.dex.index import DexIndex
from scanner.static.dex.text import dex_name
from scanner.static.facts import ComponentFact, PackageFacts
from scanner.static.hierarchy import Hierarchy
from scanner.static.named_links import Links, named
from scanner.static.reach import Start

_SCREENS = ("activity", "launcher-activity")


class Entry(msgspec.Struct, frozen=True, eq=False):
    """One component: its class row, the kind of start, and its early methods (rows)."""

    kind: str
    early: bool
    cls: int
    rows: tuple[int, ...]


class Entries(msgspec.Struct, frozen=True, eq=False, dict=True):
    """All entries, and what else the platform makes: view classes of layouts, click methods."""

    entries: tuple[Entry, ...]
    made: tuple[int, ...]
    clicks: tuple[int, ...]

    @property
    def links(self) -> Links:
        """Return what starting a component by its class leads to."""
        screens = (entry.cls for entry in self.entries if entry.kind in _SCREENS)
        return Links({entry.cls: entry.rows for entry in self.entries}, frozenset(screens))

    def before(self) -> Start:
        """Return the start of everything that runs with no user action."""
        return _start([e for e in self.entries if e.early])

    def all(self) -> Start:
        """Return the start of everything that can run."""
        start = _start(self.entries)
        return Start(
            np.array(sorted({*start.rows.tolist(), *self.clicks}), np.int64),
            np.array(sorted({*start.objects.tolist(), *self.made}), np.int64),
        )

    def kind_of(self, row: int, cls: int, *, early: bool) -> str:
        """Return the kind of entry that a first method of a chain belongs to.

        Components share the methods that they inherit; an early chain begins at an early one.
        """
        by_row, by_class = self._early_kinds if early else self._kinds
        return by_row.get(row) or by_class.get(cls, "callback")

    @cached_property
    def _kinds(self) -> tuple[dict[int, str], dict[int, str]]:
        return _kinds_of(self.entries)

    @cached_property
    def _early_kinds(self) -> tuple[dict[int, str], dict[int, str]]:
        return _kinds_of(entry for entry in self.entries if entry.early)


def _kinds_of(entries: Iterable[Entry]) -> tuple[dict[int, str], dict[int, str]]:
    """Return the kind of the first entry with a method row, and with a class row."""
    by_row: dict[int, str] = {}
    by_class: dict[int, str] = {}
    for entry in entries:
        by_class.setdefault(entry.cls, entry.kind)
        for row in entry.rows:
            by_row.setdefault(row, entry.kind)
    return by_row, by_class


def _start(entries: Iterable[Entry]) -> Start:
    rows = sorted({row for entry in entries for row in entry.rows})
    objects = sorted({entry.cls for entry in entries})
    return Start(np.array(rows, np.int64), np.array(objects, np.int64))


def find_entries(
    facts: PackageFacts,
    index: DexIndex,
    hierarchy: Hierarchy,
    rules: CodeRules,
    auto_start: Iterable[str],
) -> Entries:
    """Return the entries whose classes are in the code. `auto_start` are actions."""
    finder = _Finder(index, hierarchy, rules)
    wanted: list[tuple[str, bool, str, str]] = [
        ("application", True, "application", facts.application_class),
        ("component-factory", True, "factory", facts.component_factory),
        ("backup-agent", False, "application", facts.backup_agent),
    ]
    wanted += [("startup-initializer", True, "initializer", n) for n in facts.startup_initializers]
    actions = frozenset(auto_start)
    wanted += [_of_component(c, actions) for c in facts.components if c.enabled]
    found = [finder.entry(*row) for row in wanted]
    made = [finder.row(name) for name in facts.layout_classes]
    return Entries(
        tuple(entry for entry in found if entry is not None),
        tuple(row for row in made if row >= 0),
        finder.clicks(facts.layout_callbacks),
    )


def _of_component(fact: ComponentFact, auto_start: frozenset[str]) -> tuple[str, bool, str, str]:
    name = fact.target or fact.name
    if fact.kind == "provider":
        return "provider-on-create", True, "provider", name
    if fact.kind in ("activity", "activity-alias"):
        kind = "launcher-activity" if fact.launcher else "activity"
        return kind, fact.launcher, "activity", name
    if fact.kind == "receiver" and auto_start.intersection(fact.actions):
        return "auto-start-receiver", True, "receiver", name
    return fact.kind, False, fact.kind, name


class _Finder:
    def __init__(self, index: DexIndex, hierarchy: Hierarchy, rules: CodeRules) -> None:
        self._index, self._hierarchy, self._rules = index, hierarchy, rules
        self._marks: dict[str, Bool] = {}

    def row(self, name: str) -> int:
        """Return the class row of a Java name, -1 when the code has no such class."""
        number = self._index.type_id(dex_name(name)) if name else -1
        return int(self._index.classes.of_type[number]) if number > 0 else -1

    def entry(self, kind: str, early: bool, lifecycle: str, name: str) -> Entry | None:
        row = self.row(name)
        if row < 0:
            return None
        if kind == "application":
            kind = "application-on-create"
        return Entry(kind, early, row, tuple(self._methods(row, lifecycle)))

    def _methods(self, row: int, lifecycle: str) -> list[int]:
        """Return the early methods of a kind of component, inherited ones included, and the class
        initialisers.
        """
        index, wanted = self._index, self._early(lifecycle)
        found: dict[tuple[int, int], int] = {}
        table = index.ids.methods
        for number in self._hierarchy.chain(int(index.classes.type[row])):
            span = index.methods_of_type(number)
            here = slice(span.start, span.stop)
            for hit in np.flatnonzero(wanted.take(table.name[here])).tolist():
                method = span.start + hit
                definition = int(index.def_of_method[method])
                if definition >= 0:
                    key = int(table.name[method]), int(table.kind[method])
                    found.setdefault(key, definition)
        return sorted(found.values())

    def _early(self, lifecycle: str) -> Bool:
        """Return a mark per string: it names an early method of a kind, or an initialiser."""
        marked = self._marks.get(lifecycle)
        if marked is None:
            marked = self._marks[lifecycle] = np.zeros(len(self._index.ids.strings), np.bool_)
            names = (*self._rules.early(lifecycle), "<clinit>")
            marked[[i for i in map(self._index.string_id, names) if i >= 0]] = True
        return marked

    def clicks(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the methods that layouts name for clicks: one parameter, a view."""
        hits = named(self._index, names)
        rows = self._index.def_of_method[np.flatnonzero(hits)]
        view = self._index.type_id("Landroid/view/View;")
        protos = self._index.ids.proto_params
        kinds = self._index.ids.methods.kind[self._index.defs.method[rows[rows >= 0]]]
        pairs = zip(rows[rows >= 0].tolist(), kinds.tolist(), strict=True)
        return tuple(row for row, kind in pairs if protos[kind] == (view,))

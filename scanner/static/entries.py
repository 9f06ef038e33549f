"""Where an app's code begins: components of the manifest and what the platform makes of them."""

from collections.abc import Iterable

import msgspec
import numpy as np

from scanner.static.code_rules import CodeRules
from scanner.static.dex.index import DexIndex
from scanner.static.dex.text import dex_name
from scanner.static.facts import ComponentFact, PackageFacts
from scanner.static.hierarchy import Hierarchy
from scanner.static.named_links import Links, named
from scanner.static.reach import Start


class Entry(msgspec.Struct, frozen=True, eq=False):
    """One component: its class row, the kind of start, and its early methods (rows)."""

    kind: str
    early: bool
    cls: int
    rows: tuple[int, ...]


class Entries(msgspec.Struct, frozen=True, eq=False):
    """All entries, and what else the platform makes: view classes of layouts, click methods."""

    entries: tuple[Entry, ...]
    made: tuple[int, ...]
    clicks: tuple[int, ...]

    @property
    def links(self) -> Links:
        """Return what starting a component by its class leads to."""
        return Links({entry.cls: entry.rows for entry in self.entries})

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
        fitting = [entry for entry in self.entries if entry.early or not early]
        for entry in fitting:
            if row in entry.rows:
                return entry.kind
        return next((e.kind for e in fitting if e.cls == cls), "callback")


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

    def row(self, name: str) -> int:
        """Return the class row of a Java name, -1 when the code has no such class."""
        number = self._index.type_id(dex_name(name)) if name else -1
        return int(self._index.classes.of_type[number]) if number > 0 else -1

    def entry(self, kind: str, early: bool, lifecycle: str, name: str) -> Entry | None:
        row = self.row(name)
        if row < 0:
            return None
        names = {self._index.string_id(n) for n in self._rules.early(lifecycle)}
        if kind == "application":
            kind = "application-on-create"
        return Entry(kind, early, row, tuple(self._methods(row, names)))

    def _methods(self, row: int, names: set[int]) -> list[int]:
        """Return the methods with these names, inherited ones included, `<clinit>` first."""
        index = self._index
        found: dict[tuple[int, int], int] = {}
        initialiser = index.string_id("<clinit>")
        table = index.ids.methods
        for number in self._hierarchy.chain(int(index.classes.type[row])):
            span = index.methods_of_type(number)
            here = slice(span.start, span.stop)
            columns = (table.name[here], table.kind[here], index.def_of_method[here])
            for name, proto, definition in zip(*(c.tolist() for c in columns), strict=True):
                if definition >= 0 and (name in names or name == initialiser):
                    found.setdefault((name, proto), definition)
        return sorted(found.values())

    def clicks(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the methods that layouts name for clicks: one parameter, a view."""
        hits = named(self._index, names)
        rows = self._index.def_of_method[np.flatnonzero(hits)]
        view = self._index.type_id("Landroid/view/View;")
        protos = self._index.ids.proto_params
        kinds = self._index.ids.methods.kind[self._index.defs.method[rows[rows >= 0]]]
        pairs = zip(rows[rows >= 0].tolist(), kinds.tolist(), strict=True)
        return tuple(row for row, kind in pairs if protos[kind] == (view,))

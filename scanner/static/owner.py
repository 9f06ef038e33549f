"""Whose code a class is: the app's own, an SDK's, an open-source library's, or nobody's we know."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from profiles.match import Owner, Owners
from profiles.model import Knowledge
from scanner.model.common import APP
from scanner.model.static import LibraryMatch, UnknownPackage
from scanner.static.dex.arrays import Bool
from scanner.static.facts import PackageFacts

OBFUSCATED = "pkg:(obfuscated)"
_SHORT = 2
_DEPTH = 2


class ClassOwners:
    """The actor of every class row. Libraries keep their own id: they read for whoever calls."""

    def __init__(self, know: Knowledge, facts: PackageFacts, classes: Sequence[str]) -> None:
        """Decide for all classes of the app (Java names, by class row)."""
        self._owners = Owners(know, facts.package)
        self._own = self._own_prefixes(facts)
        self._unknown: dict[str, str] = {}
        self._classes = classes

    def _own_prefixes(self, facts: PackageFacts) -> frozenset[str]:
        """Return the app's own namespaces: of its package, application class and start page."""
        names = [facts.package + ".X", facts.application_class]
        names += [c.target or c.name for c in facts.components if c.launcher]
        known = [name for name in names if name and self._owners.of(name) is None]
        return frozenset(".".join(n.split(".")[:-1][:_DEPTH]) for n in [names[0], *known]) - {""}

    @cached_property
    def known(self) -> list[Owner | None]:
        """Return the catalogue's owner of each class row."""
        return self._owners.assign(self._classes)

    @cached_property
    def actors(self) -> list[str]:
        """Return the actor of each class row."""
        return [
            found.id if found is not None else self._unclaimed(name)
            for found, name in zip(self.known, self._classes, strict=True)
        ]

    @cached_property
    def library(self) -> Bool:
        """Return a mark per class row: an open-source library owns the class."""
        return np.array([o is not None and o.library for o in self.known], np.bool_)

    @cached_property
    def _shares(self) -> list[tuple[Owner, int, int]]:
        """Return (owner, first class row, number of classes), by first row."""
        counts = Counter(map(id, self.known))  # owners are few objects, and slow to compare
        places = dict(zip(map(id, reversed(self.known)), range(len(self.known))[::-1], strict=True))
        shares = ((self.known[row], row, counts[key]) for key, row in places.items())
        known = [(owner, row, count) for owner, row, count in shares if owner is not None]
        return sorted(known, key=lambda share: share[1])

    @cached_property
    def first_rows(self) -> dict[Owner, int]:
        """Return the first class row of each owner in the catalogue, in the order of the rows."""
        found: dict[Owner, int] = {}
        for owner, row, _ in self._shares:
            found.setdefault(owner, row)
        return found

    def is_library(self, row: int) -> bool:
        """Tell whether an open-source library owns the class."""
        return bool(self.library[row])

    @cached_property
    def _cores(self) -> frozenset[str]:
        """Return the prefixes below which another SDK of the app has one of its own."""
        seen = {found.prefix for found in self.first_rows if not found.library}
        parents = {prefix[:at] for prefix in seen for at, c in enumerate(prefix) if c == "."}
        return frozenset(seen & parents)

    def is_core(self, row: int) -> bool:
        """Tell whether the class belongs to what several products of one vendor share."""
        found = self.known[row]
        return found is not None and found.prefix in self._cores

    def product(self, chain: Sequence[int]) -> str:
        """Return who acts in the last class of a chain (class rows, outermost first): its owner,
        or for a vendor's core the vendor's product that called it.
        """
        own = self.known[chain[-1]]
        if own is None or own.id == APP:
            return self.actors[chain[-1]]
        for row in reversed(chain[:-1]):
            by = self.known[row]
            if by is None:
                break
            if not by.library and by.id != own.id:
                inside = by.prefix.startswith(f"{own.prefix}.") and by.id != APP
                return by.id if inside else own.id
        return own.id

    def of(self, name: str) -> str:
        """Return the actor of any Java class name, such as a component of the manifest."""
        found = self._owners.of(name)
        return found.id if found is not None else self._unclaimed(name)

    def acting(self, name: str) -> str:
        """Return who acts when code of this class runs: a library acts for the app."""
        found = self._owners.of(name)
        return APP if found is not None and found.library else self.of(name)

    def _unclaimed(self, name: str) -> str:
        package = name.partition("$")[0].rpartition(".")[0]
        actor = self._unknown.get(package)
        if actor is None:
            actor = self._unknown[package] = self._decide(package)
        return actor

    def _decide(self, package: str) -> str:
        parts = package.split(".")
        if any(".".join(parts[:k]) in self._own for k in range(1, _DEPTH + 1)):
            return APP
        if not package or all(len(part) <= _SHORT for part in parts):
            return OBFUSCATED
        return "pkg:" + ".".join(parts[: _DEPTH + 1])

    def libraries(self, by_file: Iterable[str] = ()) -> tuple[LibraryMatch, ...]:
        """Return the open-source libraries, by id. `by_file` are those known by native files."""
        counts = Counter(dict.fromkeys(by_file, 0))
        for owner, _, classes in self._shares:
            if owner.library:
                counts[owner.id] += classes
        return tuple(LibraryMatch(library=k, classes=n) for k, n in sorted(counts.items()))

    def unknown_packages(self) -> tuple[UnknownPackage, ...]:
        """Return the packages that nobody owns, by prefix."""
        return tuple(
            UnknownPackage(prefix=k.removeprefix("pkg:"), classes=n)
            for k, n in sorted(Counter(self.actors).items())
            if k.startswith("pkg:")
        )

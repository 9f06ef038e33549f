"""A package as one app: its modules (base, splits, features), however they were bundled."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from scanner.static.container import Archive
from scanner.static.container_source import Digests, LaterDigests
from scanner.static.limits import ENTRY_BYTES, XML_BYTES
from scanner.static.xml_read import read_xml
from scanner.static.xml_tree import Element

BASE = ""
"""Label of the base module; names of other modules' dex files are prefixed with theirs."""


class Module:
    """One archive or one folder of a bundle, with the names it has once installed."""

    def __init__(self, label: str, archive: Archive, names: dict[str, str] | None = None) -> None:
        """Wrap an archive. `names` maps installed names to archive names, default the same."""
        self.label = label
        self.archive = archive
        self._names = names

    @property
    def names(self) -> Iterator[str]:
        """Yield the installed names."""
        return iter(self._names if self._names is not None else self.archive.names)

    def _inner(self, name: str) -> str:
        return self._names.get(name, "") if self._names is not None else name

    def __contains__(self, name: str) -> bool:
        """Tell whether the module has an entry."""
        return self._inner(name) in self.archive

    def read(self, name: str, limit: int = ENTRY_BYTES) -> bytes | None:
        """Return an entry's bytes, or None when it is absent or unreadable."""
        return self.archive.read(self._inner(name), limit)

    def xml(self, name: str, limit: int = XML_BYTES) -> Element | None:
        """Return the tree of an XML entry, or None when it is absent, unreadable or too much."""
        data = self.read(name, limit)
        if not data:
            return None
        budget = self.archive.budget
        budget.xml -= len(data)
        if budget.xml < 0:
            self.archive.note_xml_limit(name)
            return None
        return read_xml(data).root

    def peek(self, name: str, size: int = 16) -> bytes:
        """Return an entry's first bytes at little cost; empty when there are none."""
        return self.archive.peek(self._inner(name), size)

    def size(self, name: str) -> int:
        """Return the size that the directory claims, in bytes."""
        return self.archive.size(self._inner(name))

    def open_nested(self, name: str) -> Archive | None:
        """Open an entry that is itself an archive."""
        return self.archive.open_nested(self._inner(name), self.place(name))

    def place(self, name: str) -> str:
        """Return the name of an entry as evidence cites it."""
        return f"{self.label}!{name}" if self.label else name


class Part(NamedTuple):
    """One file that was read: base name, and its digests, which may still be under way."""

    name: str
    later: LaterDigests

    @property
    def digests(self) -> Digests:
        """Return the digests, waiting for them if need be."""
        return self.later.result()


class Package(NamedTuple):
    """Everything that makes up one app.

    `format`: apk, xapk, apks, apkm, split-dir, aab, hap, happ (HarmonyOS .app). `parts` are the
    files read, `modules` the base first. `archives` are all opened archives, for their Gaps.
    """

    name: str
    format: str
    parts: tuple[Part, ...]
    modules: tuple[Module, ...]
    archives: tuple[Archive, ...]
    close: Callable[[], None]

    @property
    def harmony(self) -> bool:
        """Tell whether this is a HarmonyOS package."""
        return self.format in ("hap", "happ")

    def hashed_within(self, seconds: float) -> bool:
        """Wait until all files are hashed, at most so many seconds; tell whether they are."""
        end = time.monotonic() + seconds
        return all(part.later.wait(max(0.0, end - time.monotonic())) for part in self.parts)

    def xml(self, name: str) -> Element | None:
        """Return the tree of the first module's XML entry of that name."""
        return next((m.xml(name) for m in self.modules if name in m), None)

    def find(self, name: str) -> tuple[Module, bytes] | None:
        """Return the first module that has an entry, with the entry's bytes."""
        for module in self.modules:
            if name in module:
                data = module.read(name)
                if data is not None:
                    return module, data
        return None

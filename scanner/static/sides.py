"""The package side as the code side asks for it: read before the code, or beside it by a second
process. What is found is the same.
"""

from types import TracebackType
from typing import Self

from msgspec.structs import replace

from profiles.model import Knowledge
from scanner.model.progress import Tell
from scanner.static.dex.index import DexIndex
from scanner.static.facts import PackageFacts
from scanner.static.package_side import (
    FACTS,
    SIDE,
    SWEEPS,
    Opening,
    PackageSide,
    beside_the_index,
    rest_of,
)
from scanner.static.second_process import Second

_ROOM = 64 << 20
_ROOM_PER_DEX_BYTE = 4
"""An instruction has two bytes at least and makes five of the answer. Only used room costs."""
_WAIT_PER_DEX_BYTE = 1e-8
"""Seconds: less than what a second process saves."""


class Sides:
    """The parts of a package, each when it is asked for: `index`, then `facts`, then `whole`."""

    def __init__(self, opening: Opening, know: Knowledge, tell: Tell, *, shared: bool) -> None:
        """Begin; `shared` work goes to a second process as far as the system lets us."""
        self.opening, self.know, self.tell = opening, know, tell
        self._second = Second(lambda: beside_the_index(opening, know))
        self._side: PackageSide | None = None
        if shared:
            dex_bytes = sum(len(dex.data) for dex in opening.dex)
            # While digests are under way nothing can be forked, and two cores are busy anyway.
            opening.package.wait(_WAIT_PER_DEX_BYTE * dex_bytes)
            self._second.start(_ROOM + _ROOM_PER_DEX_BYTE * dex_bytes)
        if not self._second.running:
            self._side = rest_of(opening, know, tell)

    def index(self) -> DexIndex:
        """Return the index of the dex files."""
        files = [(dex.name, dex.data) for dex in self.opening.dex]
        return (
            DexIndex(files)
            if self._side is not None
            else DexIndex(files, lambda: self._second.take(SWEEPS))
        )

    def facts(self) -> PackageFacts:
        """Return the facts by which the code's entries are found; texts and exports may lack."""
        if self._side is not None:
            return self._side.facts
        found: PackageFacts = self._second.take(FACTS)
        return replace(found, dex=self.opening.dex)

    def whole(self) -> PackageSide:
        """Return the package side."""
        if self._side is None:
            side, progress = self._second.take(SIDE)
            self._second.end()
            for archive, read in zip(self.opening.package.archives, progress, strict=True):
                archive.go_on_from(read)
            self._side = side._replace(facts=replace(side.facts, dex=self.opening.dex))
        return self._side

    def __enter__(self) -> Self:
        """Return this; the second process ends with the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the second process."""
        self._second.end()

"""The package side as the code side asks for it: read before the code, or beside it by a second
process. What is found is the same.
"""

from functools import partial
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from profiles.model import Knowledge
from scanner.model.progress import Tell
from scanner.static.cores import two_processes
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
_WAIT, _WAIT_PER_DEX_BYTE = 0.1, 1e-8
"""Seconds: about what a second process saves."""


class Sides:
    """The parts of a package, each when it is asked for: `index`, then `facts`, then `whole`."""

    def __init__(self, opening: Opening, know: Knowledge, tell: Tell, processes: int) -> None:
        """Begin, with as many processes as `two_processes` says and the system lets us start."""
        self.package, self.dex = opening.package, opening.dex
        self.know, self.tell = know, tell
        self._second = Second(partial(beside_the_index, opening, know))
        self._side: PackageSide | None = None
        dex_bytes = sum(len(dex.data) for dex in opening.dex)
        # While digests are under way nothing can be forked, and two cores are busy anyway.
        if two_processes(processes, dex_bytes) and opening.package.hashed_within(
            _WAIT + _WAIT_PER_DEX_BYTE * dex_bytes
        ):
            self._second.start(_ROOM + _ROOM_PER_DEX_BYTE * dex_bytes)
        if not self._second.running:
            self._keep(rest_of(opening, know, tell))

    def _keep(self, side: PackageSide) -> None:
        """Take the package side as it is, and let go of what it was made from."""
        self._side = side
        self._second.end()
        self._second = Second(tuple)

    def index(self) -> DexIndex:
        """Return the index of the dex files."""
        files = [(dex.name, dex.data) for dex in self.dex]
        if self._side is not None:
            return DexIndex(files)
        return DexIndex(files, lambda: self._second.take(SWEEPS))

    def facts(self) -> PackageFacts:
        """Return the facts by which the code's entries are found; texts and exports may lack."""
        if self._side is not None:
            return self._side.facts
        found: PackageFacts = self._second.take(FACTS)
        return replace(found, dex=self.dex)

    def whole(self) -> PackageSide:
        """Return the package side."""
        if self._side is None:
            side: PackageSide
            side, progress = self._second.take(SIDE)
            for archive, read in zip(self.package.archives, progress, strict=True):
                archive.go_on_from(read)
            side = side._replace(facts=replace(side.facts, dex=self.dex))
            self._keep(side)
            return side
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

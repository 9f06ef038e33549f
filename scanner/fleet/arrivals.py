"""Apps as they arrive in a folder, each once, none before it is whole."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from scanner.fleet.jobs import Job, search

LOOK_SECONDS = 2.0


class _Seen(msgspec.Struct):
    """What a file looked like, since when, and whether it has been handed out like that."""

    shape: tuple[int, int, int]
    since: float
    given: bool = False


class Arrivals:
    """The jobs of a drop folder. Iterating yields None whenever there is nothing to do now."""

    def __init__(
        self,
        folder: Path,
        *,
        settle: float = 5.0,
        once: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch `folder`. A file counts as whole when it has not changed for `settle` seconds.

        With `once` the iteration ends as soon as everything in the folder has been handed out.
        """
        self._folder = folder
        self._settle = settle
        self._once = once
        self._clock = clock
        self._seen: dict[Path, _Seen] = {}
        self._looked = float("-inf")

    def __iter__(self) -> Iterator[Job | None]:
        """Yield jobs, and None where a caller should come back later."""
        while True:
            if self._clock() - self._looked >= min(LOOK_SECONDS, self._settle):
                self._look()
                self._looked = self._clock()
            for path, seen in list(self._seen.items()):
                if not seen.given and self._clock() - seen.since >= self._settle:
                    seen.given = True
                    if path.is_file():
                        yield Job(app=str(path))
            if self._once and all(seen.given for seen in self._seen.values()):
                return
            yield None

    def _look(self) -> None:
        """Note what is there, and since when it looks as it does."""
        now, present = self._clock(), {}
        for path in sorted(search(self._folder)):
            try:
                state = path.stat()
            except OSError:
                continue  # it left while we looked
            if path.name.startswith("."):
                continue  # the temporary name of whoever copies it
            shape = (state.st_size, state.st_mtime_ns, state.st_ino)
            known = self._seen.get(path)
            present[path] = known if known and known.shape == shape else _Seen(shape, now)
        self._seen = present

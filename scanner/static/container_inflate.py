"""Inflating entries of an archive, here or beside other work: zlib lets go of the interpreter."""

import threading
import zlib
from collections import deque
from collections.abc import Callable
from typing import NamedTuple


class Inflated(NamedTuple):
    """What came out of a deflated stream: whether packed bytes are left over; whether the stream
    came to its end; the CRC-32 of the bytes where it was computed already.
    """

    data: bytes
    left_over: bool
    ended: bool
    crc: int | None = None


def inflate(raw: bytes, most: int) -> Inflated | None:
    """Inflate to at most `most` bytes; None for a damaged stream."""
    engine = zlib.decompressobj(-15)
    try:
        data = engine.decompress(raw, most)
    except zlib.error:
        return None
    return Inflated(data, bool(engine.unconsumed_tail), engine.eof)


class Ahead:
    """Entries inflated by a second thread, first to last, while the first does other things."""

    def __init__(self, jobs: dict[str, Callable[[], Inflated | None]]) -> None:
        """Begin. A job that fails has no result: its entry is then read as any other."""
        self._left = deque(jobs.items())
        self._done: dict[str, Inflated | None] = {}
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while self._left:
            try:
                name, job = self._left.popleft()
            except IndexError:
                return  # the other thread took the last one
            self._do(name, job)

    def _do(self, name: str, job: Callable[[], Inflated | None]) -> None:
        try:
            self._done[name] = job()
        except (OSError, MemoryError, ValueError):
            self._done[name] = None

    def take(self, name: str) -> Inflated | None:
        """Return an entry, and forget it. Who has to wait for it helps, from the last entry on."""
        while name not in self._done and self._left:
            try:
                other, job = self._left.pop()
            except IndexError:
                break
            self._do(other, job)
        if name not in self._done:
            self._thread.join()
        return self._done.pop(name, None)

    def stop(self) -> None:
        """Leave the rest undone and wait for what is under way."""
        self._left.clear()
        self._thread.join()

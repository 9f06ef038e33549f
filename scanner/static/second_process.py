"""Part of the work in a forked copy of this process, for the machine's other core.

The copy has everything in memory that this process has, so nothing is handed over at the start.
Its answers come back through a stretch of shared memory made before the fork; a pipe tells that
one is there. The copy never waits for us, and its life ends with ours. An answer that does not come
(the copy died, hangs, found no room) costs time only: the same work is then done here.

A fork copies one thread. What another holds at that moment stays held in the copy for ever, so
nothing is forked while a second thread runs.
"""

import contextlib
import gc
import logging
import mmap
import os
import pickle
import select
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, NoReturn, Self

import msgspec

from scanner.model.base import Doc

_LOG = logging.getLogger(__name__)
PATIENCE_SECONDS = 60.0
"""How long an answer is waited for."""
_LIFE_SECONDS = 600
_PLACE_BYTES = 8
_KILL_WITH_PARENT = 1
_LOOK_SECONDS = 0.0005
_LOOKS, _LOOKS_AT_REST = 10, 1000
"""How often to look whether a thread that ends is gone: one that was not told to will not."""
_TASKS = "/proc/self/task"

_Rest = Callable[[], contextlib.AbstractContextManager[None]]
_rests: list[_Rest] = []


@contextlib.contextmanager
def resting(rest: _Rest) -> Iterator[None]:
    """Within this block every fork happens within `rest()`, which ends a thread for that moment:
    that of a progress display.
    """
    _rests.append(rest)
    try:
        yield
    finally:
        _rests.remove(rest)


class Second:
    """The answers of a function that yields them, in order: from a copy of this process once it is
    started, and from here where there is none or it fails. Both must yield the same.
    """

    def __init__(self, answers: Callable[[], Iterable[Any]]) -> None:
        """Take the function; nothing runs yet."""
        self._answers = answers
        self._here: Iterator[tuple[int, Any]] | None = None
        self._taken = 0
        self._pid = 0
        self._pipe = -1
        self._room: mmap.mmap | None = None

    @property
    def running(self) -> bool:
        """Tell whether a copy is at work."""
        return self._pid > 0

    def start(self, room: int) -> None:
        """Start a copy whose answers fit into `room` bytes. Where the system does not let us, or
        it would not be safe, none is started and that is no error.
        """
        if not hasattr(os, "fork"):
            return
        with contextlib.ExitStack() as rests:
            for rest in _rests:
                rests.enter_context(rest())
            if _one_thread(_LOOKS_AT_REST if _rests else _LOOKS):
                with contextlib.suppress(OSError, ValueError, MemoryError):
                    self._fork(mmap.mmap(-1, room))

    def _fork(self, room: mmap.mmap) -> None:
        self._pipe, told = os.pipe()
        self._room = room
        try:
            # An interrupt between the fork and the next line would leave a copy nobody knows.
            blocked = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
            try:
                parent = os.getpid()
                pid = os.fork()
                if pid == 0:
                    _copy(self._answers, room, told, parent)
                self._pid = pid
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        except BaseException:
            self.end()
            raise
        finally:
            os.close(told)

    def take(self, number: int) -> Any:
        """Return an answer by its number, counted from 0 and never falling; those before it that
        nobody took are dropped.
        """
        while self.running:
            try:
                answer = self._receive()
            except Exception:  # noqa: BLE001 - whatever came, it is no answer
                _LOG.debug("the second process gave no answer", exc_info=True)
                self.end()
                break
            self._taken += 1
            if self._taken > number:
                return answer
        if self._here is None:
            self._here = enumerate(self._answers())
        return next(answer for at, answer in self._here if at == number)

    def _receive(self) -> Any:
        poll = select.poll()
        poll.register(self._pipe, select.POLLIN)
        if not poll.poll(PATIENCE_SECONDS * 1000):
            raise TimeoutError
        place = os.read(self._pipe, _PLACE_BYTES)
        if len(place) < _PLACE_BYTES or self._room is None:
            raise EOFError
        self._room.seek(int.from_bytes(place))
        return pickle.load(self._room)  # noqa: S301 - written by a copy of ourselves

    def end(self) -> None:
        """End the copy, whatever it does, and give back what it holds."""
        if self._pid > 0:
            with contextlib.suppress(OSError):
                os.kill(self._pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(self._pid, 0)
        if self._pipe >= 0:
            os.close(self._pipe)
        self._pid, self._pipe, self._room = 0, -1, None

    def __enter__(self) -> Self:
        """Return this; the copy ends with the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the copy."""
        self.end()


def _one_thread(looks: int) -> bool:
    """Tell whether this is the only thread of the process, as the kernel counts. A thread that was
    just told to end may still be there for a moment.
    """
    for _ in range(looks):
        try:
            if len(os.listdir(_TASKS)) == 1:  # noqa: PTH208 - no paths wanted
                return threading.current_thread() is threading.main_thread()
        except OSError:
            return False
        time.sleep(_LOOK_SECONDS)
    return False


class _Pickler(pickle.Pickler):
    """Documents go as they would to a file: a field with its default value is the very same object
    afterwards, so that it is left out again when the evidence is written.
    """

    def reducer_override(self, obj: object) -> Any:
        """Return how to make a document again; other objects go as always."""
        if isinstance(obj, Doc):
            return _document, (msgspec.msgpack.encode(obj), type(obj))
        return NotImplemented


def _document(data: bytes, kind: type[Doc]) -> Doc:
    return msgspec.msgpack.decode(data, type=kind)


def _copy(
    answers: Callable[[], Iterable[Any]], room: mmap.mmap, told: int, parent: int
) -> NoReturn:
    """Be the copy: answer and be gone, without any of the parent's last acts."""
    status = 1
    try:
        _settle(parent)
        for answer in answers():
            place = room.tell()
            _Pickler(room, protocol=5).dump(answer)
            os.write(told, place.to_bytes(_PLACE_BYTES))
        status = 0
    except BaseException:  # noqa: BLE001, S110 - the parent does the work, and says what is wrong
        pass
    finally:
        os._exit(status)


def _settle(parent: int) -> None:
    """Leave the parent's handlers behind, and make sure that the copy does not outlive it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGALRM))
    signal.setitimer(signal.ITIMER_REAL, _LIFE_SECONDS)
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes  # noqa: PLC0415 - numpy has it in memory

        ctypes.CDLL(None).prctl(_KILL_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    gc.freeze()  # a collection would write to every page that is still shared

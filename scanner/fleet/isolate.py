"""Run one piece of work in a process of its own, under hard limits of time and memory."""

import contextlib
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Literal

import msgspec

Kind = Literal["done", "refused", "timeout", "memory", "crash", "quarantined", "unwritten"]
GRACE_SECONDS = 2.0
# Loaded once in the fork server, so that each app starts with everything already there.
PRELOAD = ("scanner.cli", "scanner.fleet.preload")


class Ending(msgspec.Struct, frozen=True):
    """How a piece of work ended. `stage` is the last progress it told; `detail` one sentence."""

    kind: Kind
    detail: str = ""
    stage: str = ""
    seconds: float = 0.0
    peak_bytes: int = 0


class Limits(msgspec.Struct, frozen=True):
    """Wall-clock seconds and address-space bytes for one app."""

    seconds: float = 300.0
    memory: int = 3 << 30


class Isolated:
    """A running piece of work. Poll it; it never outlives its limits."""

    def __init__(
        self, target: Callable[..., None], args: tuple[object, ...], limits: Limits
    ) -> None:
        """Start `target(*args, tell)` in a new process."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOAD))
        self._receive, send = context.Pipe(duplex=False)
        self._limits = limits
        self._stage = ""
        self._answer: tuple[str, str, int] | None = None
        self._process = context.Process(
            target=_child, args=(send, limits, target, args), daemon=True
        )
        self._process.start()
        # The fork server loads its modules before the first fork: that is not this app's time.
        self._started = time.monotonic()
        send.close()

    @property
    def sentinel(self) -> int:
        """Return what `multiprocessing.connection.wait` can wait for."""
        return self._process.sentinel

    def poll(self) -> Ending | None:
        """Return how the work ended, or None while it goes on. Ends it when its time is over."""
        self._drain()
        seconds = time.monotonic() - self._started
        if self._process.is_alive():
            if seconds < self._limits.seconds:
                return None
            self.kill()
            return Ending("timeout", f"over {self._limits.seconds:g} s", self._stage, seconds)
        self._process.join()
        self._drain()
        ending = self._ending(seconds)
        self._let_go()
        return ending

    def kill(self) -> None:
        """End the work now."""
        self._process.kill()
        self._process.join(GRACE_SECONDS)
        self._let_go()

    def _let_go(self) -> None:
        """Close what the operating system holds for the process; a long run has many of them."""
        self._receive.close()
        with contextlib.suppress(ValueError):  # it does not even die of SIGKILL
            self._process.close()

    def _drain(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while self._receive.poll():
                message = self._receive.recv()
                if isinstance(message, tuple):
                    self._answer = message
                else:
                    self._stage = str(message)[:200]

    def _ending(self, seconds: float) -> Ending:
        if self._answer is None:
            code = self._process.exitcode or 0
            name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            return Ending("crash", f"the process died: {name}", self._stage, seconds)
        kind, detail, peak = self._answer
        return Ending(msgspec.convert(kind, Kind), detail, self._stage, seconds, peak)


def _child(
    send: Connection, limits: Limits, target: Callable[..., None], args: tuple[object, ...]
) -> None:
    """Do the work under its limits and answer with one tuple."""
    from scanner.model.errors import MingchaError, OutputError  # noqa: PLC0415 - child only

    _bind(limits)
    answer: tuple[str, str]
    try:
        target(*args, send.send)
        answer = ("done", "")
    except OutputError as error:
        answer = ("unwritten", str(error))
    except MingchaError as error:
        answer = ("refused", str(error))
    except MemoryError:
        answer = ("memory", f"over {limits.memory >> 20} MiB")
    except Exception as error:  # noqa: BLE001 - whatever one app does must cost only itself
        answer = ("crash", f"{type(error).__name__}: {error}"[:300])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    send.send((*answer, peak))
    send.close()


def _bind(limits: Limits) -> None:
    """Put this process under its limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


def _end_with_parent() -> None:
    """End this process when whoever watches its limits is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)

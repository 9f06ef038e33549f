"""The engine of one machine, and what an engine is."""

from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import Protocol

import msgspec

from scanner.fleet.isolate import Ending, Isolated, Limits
from scanner.fleet.jobs import Job
from scanner.fleet.work import Options

Work = Callable[..., None]
"""`work(job, options, target, tell)` examines one app and writes its result to `target`."""


class Task(msgspec.Struct, frozen=True):
    """One app to examine. `target` is where its result has to lie when it is done."""

    key: str
    job: Job
    target: Path


class Engine(Protocol):
    """Something that examines apps, several at a time, each under its limits."""

    def room(self) -> bool:
        """Return whether it can take another task now."""

    def busy(self) -> int:
        """Return how many tasks it has."""

    def start(self, task: Task) -> None:
        """Take a task."""

    def ended(self, seconds: float) -> Sequence[tuple[Task, Ending]]:
        """Return what has ended, after waiting at most `seconds` for something to end."""

    def close(self) -> None:
        """End whatever still runs."""


class LocalEngine:
    """Processes on this machine, at most `workers` at a time."""

    def __init__(self, options: Options, limits: Limits, workers: int, work: Work) -> None:
        """Prepare; nothing starts yet."""
        self._options = options
        self._limits = limits
        self._workers = workers
        self._work = work
        self._running: list[tuple[Task, Isolated]] = []

    def room(self) -> bool:
        """Return whether a worker is free."""
        return len(self._running) < self._workers

    def busy(self) -> int:
        """Return how many apps are being examined."""
        return len(self._running)

    def start(self, task: Task) -> None:
        """Start one app."""
        arguments = (task.job, self._options, str(task.target))
        self._running.append((task, Isolated(self._work, arguments, self._limits)))

    def ended(self, seconds: float) -> Sequence[tuple[Task, Ending]]:
        """Return what has ended."""
        wait([work.sentinel for _, work in self._running], seconds)
        over, still = [], []
        for task, work in self._running:
            ending = work.poll()
            if ending is None:
                still.append((task, work))
            else:
                over.append((task, ending))
        self._running = still
        return over

    def close(self) -> None:
        """End the running apps."""
        for _, work in self._running:
            work.kill()
        self._running = []

"""The campaign loop: every app once, each in its own process, nothing finished is ever lost."""

import hashlib
import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import sqlalchemy as sa

from scanner.fleet.isolate import Ending
from scanner.fleet.jobs import Job, job_key
from scanner.fleet.local import Engine, Task
from scanner.fleet.rows import Entry
from scanner.fleet.store import Store, first_line
from scanner.fleet.work import SUFFIX, Options, read_result
from scanner.model.errors import InputError, OutputError

POLL_SECONDS = 0.25
LEASE_SECONDS = 120.0
RENEW_SECONDS = 30.0
# A result that is there for good. What ran out of time or memory is tried again.
EXAMINED = frozenset({"done", "refused"})
FINAL = EXAMINED | {"quarantined"}


class Progress(msgspec.Struct, frozen=True):
    """How far a campaign is. `rate` in apps per hour, `left` in seconds.

    `skipped` were finished before, `elsewhere` are in the hands of another run.
    """

    done: int
    total: int
    skipped: int
    elsewhere: int
    states: dict[str, int]
    rate: float
    left: float


class Batch:
    """One run over the jobs of a campaign folder. Several may work on it at the same time."""

    def __init__(
        self,
        folder: Path,
        jobs: Iterable[Job | None],
        options: Options,
        engine: Engine,
        *,
        knowledge: str,
        total: int = 0,
        store: Store | None = None,
        again: frozenset[str] = frozenset(),
        tell: Callable[[Entry], None] = lambda _: None,
    ) -> None:
        """Prepare the run. `store` is the folder's own database when not given.

        A job None means: nothing now, ask again. `again` names final states to try again,
        `tell` hears of every app that has ended.
        """
        self._folder = folder
        self._store = store or Store.in_folder(folder)
        self._campaign = folder.resolve().name
        self._options = options
        self._engine = engine
        self._knowledge = knowledge
        self._jobs = jobs
        self._total = total
        self._final = FINAL - again
        self._tell = tell
        self._owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{os.urandom(4).hex()}"
        self._counts: Counter[str] = Counter()
        self._skipped = 0
        self._elsewhere: list[Job] = []
        self._known: dict[str, str] = {}
        self._started = time.monotonic()
        self._renewed = self._started

    def run(self, show: Callable[[Progress], None]) -> Counter[str]:
        """Examine every app that is not finished yet and return how many ended in which state.

        On Ctrl-C the running apps are ended, what is finished stays, and the exception goes on.
        Raises `OutputError` when the disk is full; what is finished stays then as well.
        """
        waiting = iter(self._jobs)
        try:
            self._known = self._store.states(self._campaign)
            while self._fill(waiting) or self._engine.busy():
                for task, ending in self._engine.ended(POLL_SECONDS):
                    self._keep(task.job, task.key, ending)
                self._renew()
                show(self.progress())
            show(self.progress())
        except sa.exc.OperationalError as error:
            raise OutputError(f"cannot write to the store: {first_line(error)}") from error
        finally:
            self._end()
        return self._counts

    def _end(self) -> None:
        """Let go of everything; none of it may hide the reason why we end."""
        try:
            self._engine.close()
            self._store.release(self._owner)
        except (sa.exc.SQLAlchemyError, OSError):
            pass  # claims lapse by themselves
        finally:
            self._store.close()

    def _fill(self, waiting: Iterator[Job | None]) -> bool:
        """Start work until every worker is busy. Returns whether jobs may be left."""
        while self._engine.room():
            try:
                job = next(waiting)
            except StopIteration:
                return False
            if job is None:
                return True
            self._begin(job)
        return True

    def _begin(self, job: Job) -> None:
        """Start one app, unless it is finished; take over what a killed run left behind."""
        try:
            key = job_key(job, self._knowledge, f"{self._campaign}\0{self._options.fingerprint()}")
        except InputError as error:
            self._keep(job, self._place(job), Ending("refused", str(error)))
            return
        if self._known.pop(self._place(job), ""):
            self._store.forget(self._place(job))  # it could not be read last time
        if self._known.get(key) in self._final:
            self._skipped += 1
        elif not self._store.claim(key, self._owner, LEASE_SECONDS):
            self._elsewhere.append(job)
            return
        elif self._store.state(key) in self._final:
            self._skipped += 1
        elif not (self._path(key).is_file() and self._keep(job, key, Ending("done"))):
            self._engine.start(Task(key, job, self._path(key)))
        self._known[key] = "done"

    def _place(self, job: Job) -> str:
        """Return the key of an app that cannot be read, and so has no content to go by."""
        return hashlib.sha256(f"{self._campaign}\0{job.app}".encode()).hexdigest()

    def _path(self, key: str) -> Path:
        return self._folder / "results" / key[:2] / f"{key}{SUFFIX}"

    def _renew(self) -> None:
        if time.monotonic() - self._renewed > RENEW_SECONDS:
            self._store.renew(self._owner, LEASE_SECONDS)
            self._renewed = time.monotonic()
            # Whoever had them may have been killed, or may have left them unfinished.
            waiting, self._elsewhere = self._elsewhere, []
            for job in waiting:
                if self._engine.room():
                    self._begin(job)
                else:
                    self._elsewhere.append(job)

    def _keep(self, job: Job, key: str, ending: Ending) -> bool:
        """Write one ending to the store. Returns False when its result file is damaged."""
        result = None
        if ending.kind == "unwritten":
            raise OutputError(ending.detail)
        if ending.kind == "done":
            try:
                result = read_result(self._path(key))
            except (OSError, ValueError, msgspec.DecodeError) as error:
                ending = Ending("crash", f"damaged result: {error}", ending.stage, ending.seconds)
        detail = ending.detail
        if ending.stage and detail:
            detail = f"{detail} (at: {ending.stage})"
        entry = Entry(
            key=key,
            campaign=self._campaign,
            path=job.app,
            state=ending.kind,
            detail=detail,
            seconds=round(ending.seconds, 3),
            peak_bytes=ending.peak_bytes,
            developer=job.developer,
            store=job.store,
            category=job.category,
            version=job.version,
            finished=datetime.now(UTC).isoformat(timespec="seconds"),
            result=result,
        )
        self._store.put([entry])
        if ending.kind in FINAL:
            self._store.release(self._owner, key)
        self._counts[ending.kind] += 1
        self._tell(entry)
        return ending.kind == "done"

    def progress(self) -> Progress:
        """Return how far the run is."""
        ended = self._counts.total()
        passed = ended + self._skipped + len(self._elsewhere)
        total = max(self._total, passed + self._engine.busy())
        hours = (time.monotonic() - self._started) / 3600
        rate = ended / hours if hours else 0.0
        left = (total - passed) / rate * 3600 if rate else 0.0
        states = dict(sorted(self._counts.items()))
        return Progress(passed, total, self._skipped, len(self._elsewhere), states, rate, left)

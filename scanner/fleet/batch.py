"""The campaign loop: every app once, each in its own process, nothing finished is ever lost."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path

import msgspec

from scanner.fleet.isolate import Ending, Isolated, Limits
from scanner.fleet.jobs import Job, job_key
from scanner.fleet.store import Entry, Store
from scanner.fleet.work import SUFFIX, Options, read_result, scan_job
from scanner.model.errors import InputError

POLL_SECONDS = 0.25
# A result that is there for good. What ran out of time or memory is tried again.
FINAL = frozenset({"done", "refused"})


class Progress(msgspec.Struct, frozen=True):
    """How far a campaign is. `rate` in apps per hour, `left` in seconds."""

    done: int
    total: int
    skipped: int
    states: dict[str, int]
    rate: float
    left: float


class _Running(msgspec.Struct):
    job: Job
    key: str
    work: Isolated


class Batch:
    """One run over the jobs of a campaign folder."""

    def __init__(
        self,
        folder: Path,
        jobs: Sequence[Job],
        options: Options,
        *,
        knowledge: str,
        limits: Limits,
        workers: int,
        store: Store | None = None,
        work: Callable[..., None] = scan_job,
    ) -> None:
        """Prepare the run. `store` is the folder's own database when not given.

        `work(job, options, target, tell)` examines one app and writes its result to `target`.
        """
        self._work = work
        self._folder = folder
        self._store = store or Store.in_folder(folder)
        self._campaign = folder.resolve().name
        self._options = options
        self._limits = limits
        self._workers = workers
        self._knowledge = knowledge
        self._jobs = jobs
        self._running: list[_Running] = []
        self._counts: Counter[str] = Counter()
        self._skipped = 0
        self._known: dict[str, str] = {}
        self._started = time.monotonic()

    def run(self, show: Callable[[Progress], None]) -> Counter[str]:
        """Examine every app that is not finished yet and return how many ended in which state.

        On Ctrl-C the running apps are ended, what is finished stays, and the exception goes on.
        """
        self._known = self._store.states(self._campaign)
        waiting = iter(self._jobs)
        try:
            while self._fill(waiting) or self._running:
                wait([one.work.sentinel for one in self._running], POLL_SECONDS)
                self._collect()
                show(self._progress())
            show(self._progress())
        finally:
            for one in self._running:
                one.work.kill()
            self._store.close()
        return self._counts

    def _fill(self, waiting: Iterator[Job]) -> bool:
        """Start work until every worker is busy. Returns whether jobs may be left."""
        while len(self._running) < self._workers:
            job = next(waiting, None)
            if job is None:
                return False
            self._begin(job)
        return True

    def _begin(self, job: Job) -> None:
        """Start one app, unless it is finished; take over what a killed run left behind."""
        try:
            key = job_key(job, self._knowledge, f"{self._campaign}\0{self._options.fingerprint()}")
        except InputError as error:
            name = hashlib.sha256(f"{self._campaign}\0{job.app}".encode()).hexdigest()
            self._keep(job, name, Ending("refused", str(error)))
            return
        if self._known.get(key) in FINAL:
            self._skipped += 1
        elif not (self._path(key).is_file() and self._keep(job, key, Ending("done"))):
            work = Isolated(self._work, (job, self._options, str(self._path(key))), self._limits)
            self._running.append(_Running(job, key, work))
        self._known[key] = "done"

    def _path(self, key: str) -> Path:
        return self._folder / "results" / key[:2] / f"{key}{SUFFIX}"

    def _collect(self) -> None:
        for one in list(self._running):
            ending = one.work.poll()
            if ending is not None:
                self._running.remove(one)
                self._keep(one.job, one.key, ending)

    def _keep(self, job: Job, key: str, ending: Ending) -> bool:
        """Write one ending to the store. Returns False when its result file is damaged."""
        result = None
        if ending.kind == "done":
            try:
                result = read_result(self._path(key))
            except (OSError, ValueError, msgspec.DecodeError) as error:
                ending = Ending("crash", f"damaged result: {error}", ending.stage, ending.seconds)
        detail = f"{ending.detail} (at: {ending.stage})" if ending.stage and ending.detail else (
            ending.detail
        )  # fmt: skip
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
            result=result,
        )
        self._store.put([entry])
        self._counts[ending.kind] += 1
        return ending.kind == "done"

    def _progress(self) -> Progress:
        ended = self._counts.total()
        total = len(self._jobs)
        hours = (time.monotonic() - self._started) / 3600
        rate = ended / hours if hours else 0.0
        left = (total - self._skipped - ended) / rate * 3600 if rate else 0.0
        return Progress(
            ended + self._skipped,
            total,
            self._skipped,
            dict(sorted(self._counts.items())),
            rate,
            left,
        )

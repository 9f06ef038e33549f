"""The engine of many machines: Dask distributed carries the tasks, each app keeps its limits.

Dask retries the tasks of a lost worker; an app whose worker died twice is quarantined.
"""

import logging
import multiprocessing
import queue
import tempfile
import time
import uuid
import warnings
from collections.abc import Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from scanner import __version__
from scanner.fleet.isolate import Ending, Isolated, Limits
from scanner.fleet.jobs import Job
from scanner.fleet.local import Task, Work
from scanner.fleet.work import Options, knowledge
from scanner.model.errors import InputError
from scanner.output import write_file

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 20
RESULT_SECONDS = 120
ASK_SECONDS = 2.0
POLL_SECONDS = 0.25
DEATHS = 2
"""So many workers may die with an app before it is left alone."""
PER_THREAD = 2
GONE = "the scheduler is gone; what is finished is kept, run again to go on"


class Parcel(msgspec.Struct, frozen=True):
    """What travels to a worker. `files`: contents by path when inputs are shipped."""

    job: Job
    options: Options
    limits: Limits
    knowledge: str
    work: Any
    files: dict[str, bytes]


class Answer(msgspec.Struct, frozen=True):
    """What comes back: how it ended, and the compressed result when it is done."""

    ending: Ending
    content: bytes


class ClusterEngine:
    """Tasks on the workers of a Dask scheduler."""

    def __init__(
        self,
        address: str,
        options: Options,
        limits: Limits,
        *,
        know: str,
        work: Work,
        ship: bool = False,
    ) -> None:
        """Connect. Raises `InputError` without Dask, scheduler, or workers like ourselves."""
        self._parcel = Parcel(Job(app=""), options, limits, know, work, {})
        self._ship = ship
        self._run = uuid.uuid4().hex[:8]
        self._over: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._tasks: dict[str, tuple[Task, Future]] = {}
        self._threads = 1
        self._asked = float("-inf")
        self._client = _connect(address)
        try:
            _insist(self._client, options.rules, know)
            # By value: the scheduler need not have our package.
            self._client.run_on_scheduler(
                lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", DEATHS - 1)
            )
        except BaseException:
            self._client.close()
            raise

    def room(self) -> bool:
        """Return whether the workers need more to have always something to do."""
        if time.monotonic() - self._asked > ASK_SECONDS:
            self._threads = max(1, sum(_asking(self._client.nthreads).values()))
            self._asked = time.monotonic()
        return len(self._tasks) < PER_THREAD * self._threads

    def busy(self) -> int:
        """Return how many tasks the cluster has."""
        return len(self._tasks)

    def start(self, task: Task) -> None:
        """Send one app."""
        parcel = msgspec.structs.replace(
            self._parcel,
            job=_absolute(task.job),
            files=_contents(task.job) if self._ship else {},
        )
        name = f"mingcha-{self._run}-{task.key}"
        with warnings.catch_warnings():  # of large graphs: that is what shipping is
            warnings.simplefilter("ignore", UserWarning)
            future = self._client.submit(examine, parcel, key=name, pure=False)
        self._tasks[name] = (task, future)
        future.add_done_callback(self._over.put)

    def ended(self, seconds: float) -> Sequence[tuple[Task, Ending]]:
        """Return what has come back. Raises `InputError` when the scheduler is gone."""
        over = []
        until = time.monotonic() + seconds
        while True:
            try:
                future = self._over.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            task, _ = self._tasks.pop(str(future.key))
            over.append((task, self._ending(task, future)))
            until = 0.0
        if not over and self._client.status != "running":
            raise InputError(GONE)
        return over

    def close(self) -> None:
        """Forget what still runs; a worker ends it at its time limit."""
        for _, future in self._tasks.values():
            future.release()
        self._tasks = {}
        self._client.close(timeout=CONNECT_SECONDS)

    def _ending(self, task: Task, future: "Future") -> Ending:
        """Return how a task ended and put its result where it belongs."""
        if future.status == "error":
            return _failed(future)
        if future.status != "finished":
            raise InputError(GONE)
        answer: Answer = _asking(future.result, timeout=RESULT_SECONDS)
        if answer.ending.kind == "done":
            write_file(task.target, answer.content)
        return answer.ending


def examine(parcel: Parcel) -> Answer:
    """Examine one app on a worker, in a limited process of its own."""
    have = knowledge(parcel.options.rules).digest
    if have != parcel.knowledge:
        return Answer(Ending("crash", f"the worker has other knowledge: {have[:12]}"), b"")
    process = multiprocessing.current_process()
    if process.daemon:
        process.daemon = False  # Dask's workers are, and could not have processes of their own
    with tempfile.TemporaryDirectory(prefix="mingcha-") as name:
        folder = Path(name)
        target = folder / "result"
        job = _unpacked(parcel.job, parcel.files, folder) if parcel.files else parcel.job
        arguments = (job, parcel.options, str(target))
        ending = _watched(Isolated(parcel.work, arguments, parcel.limits))
        return Answer(ending, target.read_bytes() if ending.kind == "done" else b"")


def _watched(running: Isolated) -> Ending:
    while True:
        wait([running.sentinel], POLL_SECONDS)
        ending = running.poll()
        if ending is not None:
            return ending


def _unpacked(job: Job, files: dict[str, bytes], folder: Path) -> Job:
    """Write shipped inputs into `folder`, each under its own name in a folder of its own."""
    places = {}
    for number, (path, content) in enumerate(sorted(files.items())):
        place = folder / str(number) / Path(path).name
        place.parent.mkdir()
        place.write_bytes(content)
        places[path] = str(place)
    return job.moved(places.__getitem__)


def _absolute(job: Job) -> Job:
    return job.moved(lambda name: str(Path(name).absolute()))


def _contents(job: Job) -> dict[str, bytes]:
    return {str(path.absolute()): path.read_bytes() for path in job.files()}


def _connect(address: str) -> "Client":
    try:
        from distributed import Client  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError as error:
        raise InputError("no Dask here", "Install mingcha[cluster].") from error
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        raise InputError(f"no Dask scheduler at {address}: {error}") from error


def _insist(client: "Client", rules: str, know: str) -> None:
    """Make sure that every worker would judge as we do."""
    try:
        said = _asking(client.run, _self, rules)
    except (ImportError, AttributeError) as error:
        raise InputError(f"the workers have no Mingcha like this one: {error}") from error
    for worker, (version, digest) in sorted(said.items()):
        if (version, digest) != (__version__, know):
            raise InputError(
                f"worker {worker} has Mingcha {version}, knowledge {digest[:12]};"
                f" here it is {__version__}, {know[:12]}",
                "Results must not depend on where an app was examined: install the same version.",
            )


def _self(rules: str) -> tuple[str, str]:
    return __version__, knowledge(rules).digest


def _asking(question: Any, *args: Any, **how: Any) -> Any:
    """Ask the cluster something. Raises `InputError` when nobody answers."""
    from distributed import CancelledError  # noqa: PLC0415 - an optional extra

    try:
        return question(*args, **how)
    except (OSError, TimeoutError, CancelledError) as error:
        raise InputError(f"{GONE} ({type(error).__name__})") from error


def _failed(future: "Future") -> Ending:
    from distributed import KilledWorker  # noqa: PLC0415 - an optional extra

    error = future.exception(timeout=RESULT_SECONDS)
    if isinstance(error, KilledWorker):
        return Ending("quarantined", f"{DEATHS} workers died while they had it")
    return Ending("crash", f"on a worker: {type(error).__name__}: {error}"[:300])

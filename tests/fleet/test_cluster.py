"""A real Dask cluster of several processes: same results, and nobody's death costs a result."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import fleet_work
import pytest

from scanner.fleet import cluster
from scanner.fleet.batch import Batch, Progress
from scanner.fleet.cluster import ClusterEngine
from scanner.fleet.isolate import Limits
from scanner.fleet.jobs import Job
from scanner.fleet.local import LocalEngine
from scanner.fleet.store import Store
from scanner.fleet.work import Options, knowledge, scan_job
from scanner.model.errors import InputError

distributed = pytest.importorskip("distributed")
# Sockets of dead workers, and threads that outlive them, are the library's.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
    pytest.mark.filterwarnings("ignore:.*:UserWarning:distributed"),
]
ROOT = Path(__file__).parents[2]
LIMITS = Limits(seconds=5.0, memory=2 << 30)
WORKERS = 2
PATHS = os.pathsep.join(
    (str(ROOT), str(Path(fleet_work.__file__).parent), os.environ.get("PYTHONPATH", ""))
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with (
        pytest.MonkeyPatch.context() as patch,
        distributed.LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            env={"PYTHONPATH": PATHS},
        ) as made,
    ):
        patch.setenv("PYTHONPATH", PATHS)
        yield made.scheduler_address


def apps(folder: Path, *words: str) -> list[Job]:
    folder.mkdir(exist_ok=True)
    for number, word in enumerate(words):
        (folder / f"{number}.apk").write_text(word)
    return [Job(app=str(folder / f"{number}.apk")) for number in range(len(words))]


def run(
    address: str, campaign: Path, jobs: list[Job], *, ship: bool = False
) -> tuple[Counter[str], Progress]:
    know = knowledge("").digest
    work = fleet_work.behave
    engine = ClusterEngine(address, Options(), LIMITS, know=know, work=work, ship=ship)
    shown: list[Progress] = []
    batch = Batch(campaign, jobs, Options(), engine, knowledge=know, total=len(jobs))
    return batch.run(shown.append), shown[-1]


def details(campaign: Path) -> dict[str, str]:
    store = Store.in_folder(campaign)
    with store.engine.connect() as db:
        rows = db.exec_driver_sql("select path, state, detail from scans").all()
    store.close()
    return {Path(path).name: f"{state}: {detail}" for path, state, detail in rows}


def test_bad_apps_cost_only_themselves_there_too(address: str, tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good", "hang", "die", "refuse", "raise", "eat")
    counts, _ = run(address, tmp_path / "c", jobs)
    assert counts == {"done": 1, "timeout": 1, "crash": 2, "refused": 1, "memory": 1}
    assert details(tmp_path / "c")["1.apk"] == "timeout: over 5 s (at: doing hang)"
    counts, progress = run(address, tmp_path / "c", jobs[:1])
    assert (counts.total(), progress.skipped) == (0, 1)


def test_files_travel_when_shipped(address: str, tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "look", "look")
    (tmp_path / "apps" / "1.apk").write_text("look ")
    for ship in (False, True):
        counts, _ = run(address, tmp_path / f"ship-{ship}", jobs, ship=ship)
        assert counts == {"done": 2}
        # "look" leaves the folder that it was found in beside its result.
        seen = {path.read_text() for path in (tmp_path / "apps").glob("seen-*")}
        assert bool(seen) is not ship
        for path in (tmp_path / "apps").glob("seen-*"):
            path.unlink()


def test_a_worker_killed_in_the_middle_costs_no_result(address: str, tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "once", *(f"good{' ' * n}" for n in range(12)))
    counts, _ = run(address, tmp_path / "c", jobs)
    assert (tmp_path / "apps" / "died").exists()
    assert counts == {"done": 13}


def test_an_app_whose_worker_dies_twice_is_quarantined(address: str, tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "poison")
    counts, _ = run(address, tmp_path / "c", jobs)
    assert counts == {"quarantined": 1}
    assert (tmp_path / "apps" / "deaths").read_text() == "xx"
    assert "2 workers died" in details(tmp_path / "c")["0.apk"]
    counts, progress = run(address, tmp_path / "c", jobs)
    assert (counts.total(), progress.skipped) == (0, 1)
    # And the cluster is as good as before.
    assert run(address, tmp_path / "d", apps(tmp_path / "more", "good"))[0] == {"done": 1}


def test_the_result_is_the_same_wherever_it_was_made(address: str, tmp_path: Path) -> None:
    app = ROOT / "tests" / "fixtures" / "apps" / "dirty.apk"
    options, know = Options(flow_budget=0.0), knowledge("").digest
    limits = Limits(seconds=60.0, memory=3 << 30)
    engines = {
        "local": lambda: LocalEngine(options, limits, 2, scan_job),
        "path": lambda: ClusterEngine(address, options, limits, know=know, work=scan_job),
        "ship": lambda: ClusterEngine(
            address, options, limits, know=know, work=scan_job, ship=True
        ),
    }
    found = set()
    for name, engine in engines.items():
        folder = tmp_path / name / "c"
        Batch(folder, [Job(app=str(app))], options, engine(), knowledge=know).run(lambda _: None)
        (path,) = (folder / "results").rglob("*.zst")
        found.add(path.read_bytes())
    assert len(found) == 1


def test_workers_with_other_knowledge_are_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match=r"worker .* has Mingcha"):
        ClusterEngine(address, Options(), LIMITS, know="other", work=fleet_work.behave)
    parcel = cluster.Parcel(Job(app="x"), Options(), LIMITS, "other", fleet_work.behave, {})
    assert "other knowledge" in cluster.examine(parcel).ending.detail
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(InputError, match="no Dask scheduler"):
        ClusterEngine("tcp://127.0.0.1:9", Options(), LIMITS, know="k", work=fleet_work.behave)


def test_a_killed_scheduler_ends_the_run_and_keeps_what_is_finished(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": PATHS}
    state = tmp_path / "scheduler.json"
    module = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    scheduler = subprocess.Popen(
        [*module, "--port", "0", "--no-dashboard", "--scheduler-file", str(state)], **quiet
    )
    worker = None
    try:
        address = reported(state)
        worker = subprocess.Popen(
            [
                *[sys.executable, "-m", "distributed.cli.dask_worker", address],
                *["--nthreads", "1", "--no-dashboard", "--death-timeout", "5"],
                *["--local-directory", str(tmp_path / "scratch")],
            ],
            **quiet,
        )
        jobs = apps(tmp_path / "apps", "good", "hang", "hang ")

        def watch(progress: Progress) -> None:
            if progress.states.get("done"):
                scheduler.kill()

        know = knowledge("").digest
        engine = ClusterEngine(
            address, Options(), Limits(30.0, 2 << 30), know=know, work=fleet_work.behave
        )
        batch = Batch(tmp_path / "c", jobs, Options(), engine, knowledge=know)
        with pytest.raises(InputError, match="scheduler is gone"):
            batch.run(watch)
    finally:
        for process in (scheduler, worker):
            if process is not None:
                process.send_signal(signal.SIGKILL if process is scheduler else signal.SIGTERM)
                process.wait(30)
    assert list(details(tmp_path / "c").values()) == ["done: "]


def reported(state: Path) -> str:
    """Return the address that a new scheduler writes down."""
    for _ in range(300):
        if state.exists() and '"address"' in state.read_text():
            return str(json.loads(state.read_text())["address"])
        time.sleep(0.1)
    pytest.fail("the scheduler did not start")

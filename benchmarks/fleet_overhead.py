"""What a campaign costs beside the scans themselves.

    python benchmarks/fleet_overhead.py engines [--apps 60]
    python benchmarks/fleet_overhead.py memory [--apps 500]
    python benchmarks/fleet_overhead.py scaling FOLDER [--flow-budget 0]

`engines`: seconds between handing over an app whose work is nothing and having its result in
the store, one app at a time, local and on a Dask cluster of two processes; and how long a process
takes to begin with and without what the fork server has loaded. `memory`: resident memory of
everything that lives longer than one app. `scaling`: apps per hour with one and two workers.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[0] = str(ROOT)
sys.path.append(str(ROOT / "tests" / "support"))
import fleet_work  # noqa: E402

from scanner.fleet import isolate  # noqa: E402
from scanner.fleet.batch import Batch  # noqa: E402
from scanner.fleet.cluster import ClusterEngine  # noqa: E402
from scanner.fleet.isolate import Limits  # noqa: E402
from scanner.fleet.jobs import Job, read_jobs  # noqa: E402
from scanner.fleet.local import Engine, LocalEngine  # noqa: E402
from scanner.fleet.work import Options, knowledge, scan_job  # noqa: E402

LIMITS = Limits(60.0, 3 << 30)
Made = Callable[[], Engine]


def apps(folder: Path, count: int) -> list[Job]:
    for number in range(count):
        (folder / f"{number}.apk").write_text("good" + " " * number)
    return [Job(app=str(folder / f"{number}.apk")) for number in range(count)]


def each(name: str, engine: Made, count: int) -> None:
    """Print the seconds per app, one after the other."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        times, last = [], time.perf_counter()

        def ended(_: object) -> None:
            nonlocal last
            times.append(time.perf_counter() - last)
            last = time.perf_counter()

        know = knowledge("").digest
        jobs = apps(folder, count)
        Batch(folder / "c", jobs, Options(), engine(), knowledge=know, tell=ended).run(
            lambda _: None
        )
    warm = times[5:]
    print(f"{name:28} median {statistics.median(warm):.4f} s, best {min(warm):.4f} s per app")


def begin(name: str, preload: tuple[str, ...]) -> None:
    """Print how long a process of its own takes for one small scan, in a fresh campaign."""
    code = (
        f"import sys; sys.path[:0] = {[str(ROOT), str(ROOT / 'tests/support')]!r}\n"
        "import time, tempfile; from pathlib import Path\n"
        "from scanner.fleet import isolate; from scanner.fleet.jobs import Job\n"
        f"isolate.PRELOAD = {preload!r}\n"
        "from scanner.fleet.work import Options, scan_job\n"
        "times = []\n"
        "for n in range(8):\n"
        "    start = time.perf_counter()\n"
        "    with tempfile.TemporaryDirectory() as place:\n"
        f"        job = Job(app={str(ROOT / 'tests/fixtures/apps/clean.apk')!r})\n"
        "        args = (job, Options(flow_budget=0.0), str(Path(place) / 'r'))\n"
        "        one = isolate.Isolated(scan_job, args, isolate.Limits(60.0, 3 << 30))\n"
        "        while (end := one.poll()) is None: time.sleep(0.002)\n"
        "        assert end.kind == 'done', end\n"
        "    times.append(time.perf_counter() - start)\n"
        "print(sorted(times[1:])[0])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    print(f"{name:28} best {float(ran.stdout):.3f} s for a scan of the small demo app")


def engines(count: int) -> None:
    from distributed import LocalCluster  # noqa: PLC0415

    know, work = knowledge("").digest, fleet_work.behave
    begin("process, nothing loaded", ())
    begin("process, preloaded", isolate.PRELOAD)
    each("local, 1 worker", lambda: LocalEngine(Options(), LIMITS, 1, work), count)
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests" / "support")))
    with LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, env={"PYTHONPATH": path}
    ) as cluster:
        where = cluster.scheduler_address
        for ship in (False, True):
            each(
                f"Dask, 1 worker, {'shipped' if ship else 'by path'}",
                lambda ship=ship: ClusterEngine(
                    where, Options(), LIMITS, know=know, work=work, ship=ship
                ),
                count,
            )


def memory(count: int) -> None:
    import psutil  # noqa: PLC0415
    from distributed import LocalCluster  # noqa: PLC0415

    own = psutil.Process()
    worker = None
    with tempfile.TemporaryDirectory() as place:
        folder, seen = Path(place), 0

        def ended(_: object) -> None:
            nonlocal seen
            seen += 1
            if seen in {10, count} or seen % 100 == 0:
                top = worker or own
                lasting = [top, *(p for p in top.children() if "forkserver" in str(p.cmdline()))]
                sizes = [f"{p.memory_info().rss / 2**20:.1f} MB" for p in lasting]
                print(f"after {seen:4} apps: {', '.join(sizes)}; {own.num_fds()} descriptors")

        jobs = apps(folder, count)
        engine = LocalEngine(Options(), LIMITS, 2, fleet_work.behave)
        print("local: the campaign's process, its fork server")
        Batch(folder / "c", jobs, Options(), engine, knowledge="k", tell=ended).run(lambda _: None)
        path = os.pathsep.join((str(ROOT), str(ROOT / "tests" / "support")))
        with LocalCluster(
            n_workers=1, threads_per_worker=2, dashboard_address=None, env={"PYTHONPATH": path}
        ) as made:
            know, seen = knowledge("").digest, 0
            worker = psutil.Process(made.workers[0].pid)
            print("Dask: a worker with two threads, its fork server")
            cluster = ClusterEngine(
                made.scheduler_address, Options(), LIMITS, know=know, work=fleet_work.behave
            )
            Batch(folder / "d", jobs, Options(), cluster, knowledge=know, tell=ended).run(
                lambda _: None
            )


def scaling(folder: Path, flow_budget: float) -> None:
    know, hours = knowledge("").digest, {}
    jobs = read_jobs([folder])
    options = Options(flow_budget=flow_budget)
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as place:
            engine = LocalEngine(options, Limits(300.0, 3 << 30), workers, scan_job)
            start = time.perf_counter()
            counts = Batch(Path(place) / "c", jobs, options, engine, knowledge=know).run(
                lambda _: None
            )
            hours[workers] = (time.perf_counter() - start) / 3600
        rate = counts.total() / hours[workers]
        print(f"{workers} workers: {rate:,.0f} apps per hour {dict(counts)}")
    print(f"scaling 1 -> 2: {hours[1] / hours[2]:.2f} x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("engines").add_argument("--apps", type=int, default=60)
    actions.add_parser("memory").add_argument("--apps", type=int, default=500)
    scale = actions.add_parser("scaling")
    scale.add_argument("folder", type=Path)
    scale.add_argument("--flow-budget", type=float, default=0.0)
    given = parser.parse_args()
    if given.action == "scaling":
        scaling(given.folder, given.flow_budget)
    else:
        {"engines": engines, "memory": memory}[given.action](given.apps)


if __name__ == "__main__":
    main()

"""Time and memory of the static engine against androguard and against the floor.

    python benchmarks/static_engine.py [--warm] [--grow APK] APK...
    python benchmarks/static_engine.py --all FOLDER    # every table, for apps above 2 MB of dex
    python benchmarks/static_engine.py --cores [--times 5] APK...    # one process and two

Every figure is a process of its own in the same run, so peak memory is comparable:

* floor: read the package, SHA-256 it, inflate every entry;
* engine: index, call graph, reach, owners, sites, permissions, SDKs, endpoints, behaviours;
* gather: the whole static room, from the file to the evidence;
* androguard: `AnalyzeAPK`.

`sections MB` is what of the dex files their headers call dex: a packer's payload lies behind it.

Seconds are CPU seconds of all threads, imports included. Our modules are compiled to bytecode
beforehand, as pip does when it installs a package: the peer's are, and a run that compiles a
hundred modules anew measures the compiler.

`--warm` measures what one more app costs a process that has both the tool and its knowledge in
memory, like a worker of a campaign: one process per tool, one app to warm up, then app by app. Its
memory is how much an app raises the peak resident set of a process that has read a tiny app of
ours: a fresh process per tool and app.

`--cores` compares one process with two (`two_processes.py`); every other table is one process.

`--grow` indexes the dex of one app 1, 4 and 16 times in one run, classes renamed by copy.
"""

import argparse
import compileall
import functools
import hashlib
import json
import resource
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
TINY = ROOT / "tests" / "fixtures" / "apps" / "clean.apk"
LEAST_DEX = 2.0
PROCESSES = [1]
"""How many processes `gather` uses: one, except where both are compared."""
sys.path[:0] = [str(ROOT)]
if TYPE_CHECKING:
    from profiles.model import Knowledge


def floor(path: Path) -> None:
    """Read, hash and inflate everything."""
    hashlib.sha256(path.read_bytes()).hexdigest()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            archive.read(name)


@functools.cache
def knowledge() -> "Knowledge":
    """Load the knowledge once a process."""
    from profiles.load import load_knowledge  # noqa: PLC0415

    return load_knowledge()


def gather(path: Path) -> None:
    """Run the static room, without data flow."""
    from scanner.static.gather import gather_static  # noqa: PLC0415

    gather_static(path, knowledge(), flow_budget=0.0, processes=PROCESSES[0])


def engine(path: Path, copies: int = 1) -> None:
    """Run the code side alone on the package's dex files."""
    from scanner.static.code import analyse_code  # noqa: PLC0415
    from scanner.static.facts import DexFile, PackageFacts  # noqa: PLC0415

    files = [
        DexFile(name=f"{copy}/{name}", data=data if copy == 0 else renamed(data, copy))
        for copy in range(copies)
        for name, data in dex_files(path)
    ]
    analyse_code(PackageFacts(package="bench.app", dex=tuple(files)), knowledge())


def androguard(path: Path) -> None:
    """Run the peer."""
    from androguard.misc import AnalyzeAPK  # noqa: PLC0415
    from loguru import logger  # noqa: PLC0415

    logger.disable("androguard")
    AnalyzeAPK(str(path))


def dex_files(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        names = sorted(n for n in archive.namelist() if n.endswith(".dex") and "/" not in n)
        return [(name, archive.read(name)) for name in names]


def renamed(data: bytes, copy: int) -> bytes:
    """Give every class of a copy another name: another first letter after the `L`."""
    out = bytearray(data)
    count, types = struct.unpack_from("<II", data, 0x40)
    _, strings = struct.unpack_from("<II", data, 0x38)
    rows, defs = struct.unpack_from("<II", data, 0x60)
    letter = ord("A") + copy
    for row in range(rows):
        (kind,) = struct.unpack_from("<I", data, defs + 32 * row)
        (string,) = struct.unpack_from("<I", data, types + 4 * min(kind, count - 1))
        (place,) = struct.unpack_from("<I", data, strings + 4 * string)
        while out[place] & 0x80:
            place += 1
        out[place + 2] = letter
    return bytes(out)


JOBS: dict[str, Callable[..., None]] = {
    "floor": floor,
    "engine": engine,
    "gather": gather,
    "androguard": androguard,
}
# Each job imports in its own process, so that its time and memory are its own.


def child(job: str, path: str, *more: str) -> tuple[float, float]:
    """Run one job in a process of its own; return (CPU seconds of the job, peak MB).

    CPU time of all threads, because a machine that does other work at the same time stretches
    wall time; on an idle machine a two-thread engine is somewhat faster than that.
    """
    command = [sys.executable, __file__, "--job", job, path, *more]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["cpu"], answer["peak"]


def run_job(job: str, path: Path, copies: int) -> None:
    """Time one job, imports included, and print the figures as JSON."""
    start, wall = time.process_time(), time.perf_counter()
    JOBS[job](path, copies) if copies > 1 else JOBS[job](path)
    cpu, seconds = time.process_time() - start, time.perf_counter() - wall
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    both = cpu + ended.ru_utime + ended.ru_stime
    print(json.dumps({"cpu": cpu, "both": both, "seconds": seconds, "peak": peak_megabytes()}))


def raised(job: str, path: str) -> float:
    """Return by how many MB an app raises the peak of a process that has read a tiny one."""
    command = [sys.executable, __file__, "--job", job, "--after", str(TINY), path]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: float = json.loads(done.stdout.splitlines()[-1])
    return answer


def run_after(job: str, tiny: Path, path: Path) -> None:
    """Read a tiny app, then another; print by how many MB the second raised the peak."""
    JOBS[job](tiny)
    before = peak_megabytes()
    JOBS[job](path)
    print(json.dumps(peak_megabytes() - before))


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def best(job: str, path: str, times: int) -> tuple[float, float]:
    """Return the fastest of several runs."""
    return min(child(job, path) for _ in range(times))


def table(paths: list[str], peer: bool) -> None:
    print(
        "| app | dex MB | sections MB | floor s | engine s | gather s | gather/floor "
        "| AnalyzeAPK s | faster | gather MB | AnalyzeAPK MB | less |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for path in paths:
        size = dex_megabytes(path)
        base, code, whole = best("floor", path, 3), best("engine", path, 3), best("gather", path, 3)
        other = child("androguard", path) if peer else (0.0, 0.0)
        print(
            f"| {Path(path).name} | {size:.1f} | {read_megabytes(path):.1f} | {base[0]:.2f} "
            f"| {code[0]:.2f} | {whole[0]:.2f} | {whole[0] / base[0]:.1f}x "
            f"| {other[0]:.1f} | {other[0] / whole[0]:.1f}x "
            f"| {whole[1]:.0f} | {other[1]:.0f} | {other[1] / whole[1]:.1f}x |",
            flush=True,
        )


def run_warm(job: str, paths: list[str], times: int) -> None:
    """Time one job app after app in this process and print the seconds as JSON.

    The first app is read once more beforehand: imports, knowledge and tables are there then.
    """
    run = JOBS[job]
    run(Path(paths[0]))
    found: list[float] = []
    for path in paths:
        rounds = []
        for _ in range(times):
            start = time.process_time()
            run(Path(path))
            rounds.append(time.process_time() - start)
        found.append(min(rounds))
    print(json.dumps(found))


def warm_seconds(job: str, paths: list[str], times: int) -> list[float]:
    command = [sys.executable, __file__, "--job", job, "--times", str(times), *paths]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: list[float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def dex_megabytes(path: str) -> float:
    return sum(len(data) for _, data in dex_files(Path(path))) / 1e6


def read_megabytes(path: str) -> float:
    """Return the MB of a package's dex files up to the end of their data sections.

    A packer hides the app behind the data section of its own small dex; no tool reads that part.
    """
    ends = [struct.unpack_from("<II", data, 0x68) for _, data in dex_files(Path(path))]
    return sum(size + start for size, start in ends) / 1e6


def warm_table(paths: list[str], peer: bool) -> None:
    base = warm_seconds("floor", paths, 3)
    ours = warm_seconds("gather", paths, 5)
    theirs = warm_seconds("androguard", paths, 1) if peer else [0.0] * len(paths)
    print(
        "| app | dex MB | sections MB | floor s | gather s | gather/floor | AnalyzeAPK s | faster "
        "| gather MB | AnalyzeAPK MB | less |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for path, low, mine, other in zip(paths, base, ours, theirs, strict=True):
        memory = raised("gather", path)
        more = raised("androguard", path) if peer else 0.0
        print(
            f"| {Path(path).name} | {dex_megabytes(path):.1f} | {read_megabytes(path):.1f} "
            f"| {low:.3f} | {mine:.2f} | {mine / low:.1f}x | {other:.1f} | {other / mine:.1f}x "
            f"| {memory:.0f} | {more:.0f} | {more / memory:.1f}x |",
            flush=True,
        )


def cores_table(paths: list[str], times: int) -> None:
    from benchmarks.two_processes import HEAD, row  # noqa: PLC0415

    print(HEAD, "|---|---|---|---|---|---|---|---|---|---|", sep="\n")
    for path in paths:
        print(row(path, [len(data) for _, data in dex_files(Path(path))], times), flush=True)


def growth(path: str) -> None:
    size = dex_megabytes(path)
    print("| copies | dex MB | engine s | s per MB | peak MB | MB per MB of dex |")
    print("|---|---|---|---|---|---|")
    for copies in (1, 4, 16):
        seconds, peak = child("engine", path, "--copies", str(copies))
        whole = size * copies
        print(
            f"| {copies} | {whole:.1f} | {seconds:.2f} | {seconds / whole:.3f} | {peak:.0f} "
            f"| {peak / whole:.1f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("apks", nargs="*")
    parser.add_argument("--job")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--times", type=int, default=0)
    parser.add_argument("--warm", action="store_true")
    parser.add_argument("--grow")
    parser.add_argument("--after")
    parser.add_argument("--all")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--cores", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    if given.job:
        run_child(given)
        return
    for room in ("scanner", "profiles", "checks", "reports"):
        compileall.compile_dir(ROOT / room, quiet=2)
    peer = not given.no_peer
    apps = sorted(given.apks, key=dex_megabytes)
    if given.all:
        apps = apps_of(given.all)
        table(apps, peer)
    if given.cores or given.all:
        cores_table(apps, given.times or 5)
    if given.warm or given.all:
        warm_table(apps, peer)
    elif apps and not given.cores:
        table(apps, peer)
    if given.grow or given.all:
        growth(given.grow or apps[len(apps) // 3])


def run_child(given: argparse.Namespace) -> None:
    """Do what a process of its own was started for."""
    PROCESSES[0] = given.processes
    if given.times:
        run_warm(given.job, given.apks, given.times)
    elif given.after:
        run_after(given.job, Path(given.after), Path(given.apks[0]))
    else:
        run_job(given.job, Path(given.apks[0]), given.copies)


def apps_of(folder: str) -> list[str]:
    """Return the apps of a folder with more than 2 MB of dex, smallest first."""
    sizes = {str(path): dex_megabytes(str(path)) for path in Path(folder).glob("*.apk")}
    return sorted((path for path in sizes if sizes[path] > LEAST_DEX), key=sizes.__getitem__)


if __name__ == "__main__":
    main()

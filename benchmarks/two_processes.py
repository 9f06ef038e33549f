"""One app by one process and by two: wall time, CPU time, memory. Called by `static_engine.py`.

A process of its own for each figure, alternating, best of several; wall seconds mean something only
where both cores are free. Memory is a run of its own: the proportional set size of both
processes together, looked at every few milliseconds.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

ENGINE = Path(__file__).parent / "static_engine.py"
LOOK_SECONDS = 0.004
HEAD = (
    "| app | dex files | dex MB | one s | two s | two/one "
    "| one CPU s | two CPU s | one MB | two MB |"
)


def command(path: str, processes: int) -> list[str]:
    return [
        sys.executable, str(ENGINE), "--job", "gather", "--processes", str(processes), path,
    ]  # fmt: skip


def timed(path: str, processes: int) -> tuple[float, float]:
    """Return (wall, CPU) seconds of a whole process and what it forked, imports included."""
    done = subprocess.run(command(path, processes), check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["seconds"], answer["both"]


def megabytes(path: str, processes: int) -> float:
    """Return the peak of what the process and its copy hold together."""
    running = subprocess.Popen(command(path, processes), stdout=subprocess.DEVNULL)
    peak = 0.0
    while running.poll() is None:
        peak = max(peak, held(running.pid) + sum(map(held, children(running.pid))))
        time.sleep(LOOK_SECONDS)
    return peak


def children(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def held(pid: int) -> float:
    """Return the proportional set size of a process in MB: shared pages count in halves."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def row(path: str, dex: list[int], times: int) -> str:
    """Return the line of one app; `dex` are the sizes of its dex files in bytes."""
    rounds = [(timed(path, 1), timed(path, 2)) for _ in range(times)]
    one, two = (min(r[k][0] for r in rounds) for k in (0, 1))
    cpu_one, cpu_two = (min(r[k][1] for r in rounds) for k in (0, 1))
    return (
        f"| {Path(path).name} | {len(dex)} | {sum(dex) / 1e6:.1f} | {one:.2f} | {two:.2f} "
        f"| {two / one:.2f} | {cpu_one:.2f} | {cpu_two:.2f} "
        f"| {megabytes(path, 1):.0f} | {megabytes(path, 2):.0f} |"
    )

"""Whole-process `mingcha scan` against androguard's AnalyzeAPK and against the floor.

usage: python benchmarks/scan.py [APP_OR_FOLDER ...] [--flow-budget SECONDS]

Each figure is a process of its own in the same run: wall time and peak memory as the kernel
counts them. The floor reads the file, digests it with SHA-256 and inflates every entry. Without
arguments the demo app is measured; give a folder of real apps for figures that mean something.
"""

import argparse
import os
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOOR = """
import hashlib, sys, zipfile
data = open(sys.argv[1], "rb").read()
hashlib.sha256(data).digest()
archive = zipfile.ZipFile(sys.argv[1])
for entry in archive.infolist():
    archive.open(entry).read()
"""
PEER = """
import sys
from loguru import logger
logger.remove()
from androguard.misc import AnalyzeAPK
AnalyzeAPK(sys.argv[1])
"""
SCAN = "from scanner.cli import main; main()"


def measure(code: str, *arguments: str) -> tuple[float, float, int]:
    """Return seconds, peak megabytes and exit code of a Python process."""
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        os.execve(sys.executable, [sys.executable, "-c", code, *arguments], environment)  # noqa: S606
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - started
    return seconds, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def dex_megabytes(path: Path) -> float:
    """Return the uncompressed size of all dex files."""
    with zipfile.ZipFile(path) as archive:
        return sum(e.file_size for e in archive.infolist() if e.filename.endswith(".dex")) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("apps", nargs="*", type=Path)
    parser.add_argument("--flow-budget", default="0")
    given = parser.parse_args()
    paths = given.apps or [ROOT / "tests/fixtures/apps/dirty.apk"]
    apps = sorted(a for p in paths for a in (p.rglob("*.apk") if p.is_dir() else [p]))
    print("| app | dex MB | scan s | peer s | faster | scan MB | peer MB | memory | x floor |")
    print("|---|---|---|---|---|---|---|---|---|")
    for app in apps:
        with tempfile.TemporaryDirectory() as folder:
            options = ("scan", str(app), "-q", "-o", folder, "--flow-budget", given.flow_budget)
            seconds, memory, code = measure(SCAN, *options)
        if code == 2:
            print(f"| {app.name} | refused |")
            continue
        peer_seconds, peer_memory, peer_code = measure(PEER, str(app))
        floor, _, _ = measure(FLOOR, str(app))
        peer = f"{peer_seconds:.2f}" if peer_code == 0 else "failed"
        print(
            f"| {app.name} | {dex_megabytes(app):.1f} | {seconds:.2f} | {peer}"
            f" | {peer_seconds / seconds:.1f} x | {memory:.0f} | {peer_memory:.0f}"
            f" | 1/{peer_memory / memory:.1f} | {seconds / floor:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""A fresh user's path, in seconds: git clone, make demo, the report open in a browser.

python benchmarks/first_path.py [REPOSITORY]: by default the checkout that this file is in. Packages
come from the registry that pip is set up for; with an empty cache add the time of the download.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]
import browser  # noqa: E402


def run(*command: str, cwd: Path) -> None:
    """Run a command as a fresh user would: without our environment's Python."""
    clean = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    subprocess.run(command, cwd=cwd, env=clean, check=True, stdout=subprocess.DEVNULL)


def timed(what: str, step: Callable[[], None]) -> float:
    """Run a step, print its seconds and return them."""
    start = time.perf_counter()
    step()
    seconds = time.perf_counter() - start
    print(f"{what:<32} {seconds:7.1f} s")
    return seconds


def opened(report: Path) -> None:
    """Open the report until it has finished loading."""
    binary = browser.find()
    if binary is None:
        print("no Chromium: opening was not measured")
        return
    with browser.chromium(binary, Path(tempfile.mkdtemp())) as tab:
        tab.open(report)
        print("  first heading:", tab.js("document.querySelector('h1').textContent"))


def main() -> None:
    """Print the seconds of each step and their sum."""
    source = sys.argv[1] if len(sys.argv) > 1 else str(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        home, checkout = Path(folder), Path(folder) / "mingcha"
        report = checkout / "demo-report" / "report.html"
        total = timed(
            "git clone", lambda: run("git", "clone", "-q", source, str(checkout), cwd=home)
        )
        total += timed(
            "make demo (environment and scan)", lambda: run("make", "demo", cwd=checkout)
        )
        total += timed("browser start, report loaded", lambda: opened(report))
        timed("make demo again", lambda: run("make", "demo", cwd=checkout))
        print(f"{'clone to reading':<32} {total:7.1f} s, report {report.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""Tests that fork run in a process of their own: one thread, warnings are errors, nothing left."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run(case: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    """Run a function of a test module in a fresh process."""
    code = f"from {case.__module__} import {case.__name__} as case; case()"
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def run_apart(case: Callable[[], None]) -> str:
    """Run a case and return what it printed; fail as it fails."""
    done = run(case)
    assert done.returncode == 0, done.stderr
    return done.stdout


def open_files() -> int:
    """Return the number of open files of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


def no_children() -> bool:
    """Tell whether this process has no child, not even a dead one."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
        return False
    return True

"""The contract with a build, from the outside: exit codes, stdout, stderr, files. See docs/cli.md.

Every case starts a process of its own, as a job would.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.interruptible import INTERRUPTIBLE

FIXTURES = Path(__file__).parent / "fixtures"
DIRTY, CLEAN = (str(FIXTURES / "apps" / f"{name}.apk") for name in ("dirty", "clean"))
POLICY = ("--policy", str(FIXTURES / "policies" / "clean.html"))
PROGRAM = (sys.executable, "-m", "scanner.cli")
QUICK = ("--flow-budget", "0")
WAIT = 60
ENDED = '- {check: undisclosed-sdk, reason: r, owner: o, expires: "2020-01-01"}\n'


def mingcha(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [*PROGRAM, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT,
    )


def scan(folder: Path, app: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return mingcha(folder, "scan", app, *QUICK, "-o", "out", *arguments)


@pytest.mark.parametrize(
    ("app", "arguments", "code"),
    [
        (CLEAN, POLICY, 0),
        (DIRTY, POLICY, 1),
        (DIRTY, (*POLICY, "--fail-on", "never"), 0),
        (DIRTY, (*POLICY, "--fail-on", "never", "--waivers", "ended.yaml"), 1),
        (CLEAN, (*POLICY, "--min-coverage", "100"), 3),
        (DIRTY, (*POLICY, "--min-coverage", "100"), 1),
    ],
    ids=["passed", "failed", "gate off", "waiver ended", "not examined", "failing wins"],
)
def test_the_gate(tmp_path: Path, app: str, arguments: Sequence[str], code: int) -> None:
    (tmp_path / "ended.yaml").write_text(ENDED, encoding="utf-8")
    done = scan(tmp_path, app, *arguments)
    assert done.returncode == code, done.stderr
    gate = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))["gate"]
    assert (gate["code"], gate["passed"]) == (code, code == 0)
    assert bool(gate.get("reasons")) == (code != 0)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "report.html", "result.json", "result.sarif",
    ]  # fmt: skip
    assert done.stderr == "", "progress is off when stderr is no terminal"
    assert str(Path("out") / "report.html") in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", "missing.apk"),
        ("scan", DIRTY, "--fail-on", "sometimes"),
        ("scan", DIRTY, "--baseline", "none.json"),
        ("scan", DIRTY, "--waivers", "bad.yaml"),
        ("scan", DIRTY, "--fail-on-drift"),
        ("scan", "bad.yaml"),
        ("report", "bad.yaml"),
        ("diff", "bad.yaml", "bad.yaml"),
        ("verify", "bad.yaml"),
        ("seal", "missing", "-o", "case.zip"),
        ("notice", "bad.yaml"),
        ("inventory", "bad.yaml"),
        ("nonsense",),
    ],
    ids=" ".join,
)
def test_bad_usage_and_unusable_input(tmp_path: Path, arguments: Sequence[str]) -> None:
    (tmp_path / "bad.yaml").write_text("- {check: 1}\n", encoding="utf-8")
    done = mingcha(tmp_path, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.yaml"], "nothing half-written"


def test_quiet_says_nothing_and_writes_everything(tmp_path: Path) -> None:
    done = scan(tmp_path, CLEAN, *POLICY, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out" / "report.html").stat().st_size > 0


def test_an_interrupt_is_130_and_leaves_nothing(tmp_path: Path) -> None:
    """The scan waits at a pipe that nobody fills, after judging and before writing."""
    pipe = tmp_path / "waivers.yaml"
    os.mkfifo(pipe)
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*INTERRUPTIBLE, "scan", CLEAN, *QUICK, "--waivers", str(pipe), "-o", "out"],
        cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        writer = opened(pipe, process)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=WAIT)
        os.close(writer)
    finally:
        process.kill()
    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in said
    assert [path.name for path in tmp_path.iterdir()] == [pipe.name]


def opened(pipe: Path, process: subprocess.Popen[str]) -> int:
    """Return the writing end of a pipe, which can be opened once the process reads it."""
    while process.poll() is None:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.02)
    raise AssertionError("the process ended before it read the pipe")

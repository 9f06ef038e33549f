"""Pieces of work that behave well or badly, for the campaign tests."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import sample

from scanner.fleet.jobs import Job
from scanner.fleet.work import Options, write_result
from scanner.model.errors import InputError, OutputError

Tell = Callable[[str], None]


def behave(job: Job, options: Options, target: str, tell: Tell) -> None:
    """Do what the app's content says, after telling it, then leave a result."""
    word = Path(job.app).read_text()
    tell(f"doing {word}")
    act = ACTS.get(word.strip())
    if act is not None:
        act(Path(job.app).parent)
    write_result(Path(target), sample.result())


def _hang(folder: Path) -> None:
    time.sleep(60)


def _die(folder: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _eat(folder: Path) -> None:
    bytearray(8 << 30)


def _refuse(folder: Path) -> None:
    raise InputError("x.apk: not an APK")


def _look(folder: Path) -> None:
    """Leave the folder that the app was found in."""
    (folder / f"seen-{os.getpid()}").write_text(str(folder))


def _linger(folder: Path) -> None:
    """Say who we are, and stay."""
    (folder / "linger.pid").write_text(str(os.getpid()))
    time.sleep(600)


def _full(folder: Path) -> None:
    time.sleep(0.5)  # others have ended by then
    raise OutputError("cannot write to results: No space left on device")


def _poison(folder: Path) -> None:
    """Do what takes a whole machine down: the process that watches over this one dies."""
    with (folder / "deaths").open("a") as file:
        file.write("x")
    parent = multiprocessing.parent_process()
    assert parent is not None
    os.kill(parent.pid or 0, signal.SIGKILL)
    time.sleep(60)


def _once(folder: Path) -> None:
    """Do the same, the first time only."""
    if not (folder / "died").exists():
        (folder / "died").write_text("")
        _poison(folder)


def _raise(folder: Path) -> None:
    raise RuntimeError("boom")


ACTS: dict[str, Callable[[Path], None]] = {
    "hang": _hang,
    "die": _die,
    "eat": _eat,
    "refuse": _refuse,
    "look": _look,
    "linger": _linger,
    "full": _full,
    "poison": _poison,
    "once": _once,
    "raise": _raise,
}

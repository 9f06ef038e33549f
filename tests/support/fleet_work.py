"""Pieces of work that behave well or badly, for the campaign tests."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import sample

from scanner.fleet.jobs import Job
from scanner.fleet.work import Options, write_result
from scanner.model.errors import InputError

Tell = Callable[[str], None]


def behave(job: Job, options: Options, target: str, tell: Tell) -> None:
    """Do what the app's content says, after telling it."""
    word = Path(job.app).read_text()
    tell(f"doing {word}")
    match word:
        case "hang":
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "eat":
            bytearray(8 << 30)
        case "refuse":
            raise InputError("x.apk: not an APK")
        case "raise":
            raise RuntimeError("boom")
    write_result(Path(target), sample.result())

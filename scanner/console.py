"""What the terminal shows while a command works: progress on stderr, silent when piped."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scanner.model.progress import Tell, silent

if TYPE_CHECKING:
    from rich.status import Status


@contextmanager
def progress(quiet: bool) -> Iterator[Tell]:
    """Yield a function that shows one line of progress.

    The line appears only on a terminal, is replaced by the next one, and is gone at the end.
    """
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console  # noqa: PLC0415 - rich costs 50 ms that a pipe never needs

    from scanner.static.second_process import resting  # noqa: PLC0415 - where a line is shown

    with Console(stderr=True).status("") as status, resting(lambda: _still(status)):
        yield lambda words: status.update(words.replace("[", "\\["))


@contextmanager
def _still(status: "Status") -> Iterator[None]:
    """Take the line and its thread away for a moment."""
    status.stop()
    try:
        yield
    finally:
        status.start()

"""What the terminal shows while a command works: progress on stderr, silent when piped."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from scanner.model.progress import Tell, silent


@contextmanager
def progress(quiet: bool) -> Iterator[Tell]:
    """Yield a function that shows one line of progress.

    The line appears only on a terminal, is replaced by the next one, and is gone at the end.
    """
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console  # noqa: PLC0415 - rich costs 50 ms that a pipe never needs

    with Console(stderr=True).status("") as status:
        yield lambda words: status.update(words.replace("[", "\\["))

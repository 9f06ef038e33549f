"""Progress in words: gatherers tell, the command line shows."""

from collections.abc import Callable

Tell = Callable[[str], None]


def silent(_: str) -> None:
    """Drop a progress message."""

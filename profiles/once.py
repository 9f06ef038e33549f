"""What is built from the knowledge once and serves every app that the same process reads."""

from collections.abc import Callable
from typing import Generic, TypeVar

Source = TypeVar("Source")
Built = TypeVar("Built")


class Once(Generic[Source, Built]):
    """Remembers what was built from the last source. It is compared by identity: knowledge is
    immutable, and a process that reads many apps keeps one.
    """

    def __init__(self, build: Callable[[Source], Built]) -> None:
        """Keep the function that builds."""
        self._build = build
        self._kept: tuple[Source, Built] | None = None

    def __call__(self, source: Source) -> Built:
        """Return what belongs to the source."""
        kept = self._kept
        if kept is None or kept[0] is not source:
            kept = self._kept = (source, self._build(source))
        return kept[1]

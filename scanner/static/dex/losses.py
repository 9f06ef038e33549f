"""What could not be read of a dex file, and how many pieces of it."""

from collections import Counter
from typing import NamedTuple

MAX_SUBJECTS = 5


class Loss(NamedTuple):
    """One kind of damage in one dex file.

    `code` is a slug: not-dex, unsupported-dex, truncated-table, damaged-strings, damaged-class,
    damaged-method, bad-reference, duplicate-class, overlapping-code, code-limit. `subjects` names
    up to five classes or methods, `pieces` counts all of them.
    """

    file: str
    code: str
    pieces: int
    subjects: tuple[str, ...] = ()


class Losses:
    """Collects damage while reading, one counter per file and code."""

    def __init__(self) -> None:
        """Start with nothing lost."""
        self._counts: Counter[tuple[str, str]] = Counter()
        self._subjects: dict[tuple[str, str], list[str]] = {}

    def add(self, file: str, code: str, count: int = 1, subjects: tuple[str, ...] = ()) -> None:
        """Record `count` lost pieces; a count of 0 is no loss."""
        if count <= 0:
            return
        self._counts[file, code] += int(count)
        names = self._subjects.setdefault((file, code), [])
        names.extend(subjects[: MAX_SUBJECTS - len(names)])

    def all(self) -> tuple[Loss, ...]:
        """Return the losses, ordered by file and code."""
        return tuple(
            Loss(file, code, count, tuple(self._subjects[file, code]))
            for (file, code), count in sorted(self._counts.items())
        )

"""Tables as CSV that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence

ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def to_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV. A text that a spreadsheet would take for a formula gets an apostrophe:
    what apps call themselves ends up here.
    """
    buffer = io.StringIO()
    csv.writer(buffer).writerows([_shown(value) for value in row] for row in rows)
    return buffer.getvalue()


def _shown(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(ACTIVE) else value

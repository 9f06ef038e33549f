"""Arithmetic on ISO 8601 texts, without a clock: checks may not read one."""

import re

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(?:Z|\+00:00)?"
)
_DAY_MINUTES = 1440
_MARCH = 2
_DECEMBER = 12
_LONGEST_MONTH = 31


def days(text: str) -> int | None:
    """Return the number of the day of an ISO date (or time) since a fixed day, None if it is none.

    The count of days before a March-based year is Hinnant's civil calendar formula.
    """
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(found[i]) for i in (1, 2, 3))
    if not (1 <= month <= _DECEMBER and 1 <= day <= _LONGEST_MONTH):
        return None
    year -= month <= _MARCH
    shifted = (month + 9) % 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * shifted + 2) // 5 + day - 1


def minutes_between(start: str, end: str) -> float | None:
    """Return the minutes from one ISO 8601 UTC time to another, None when one is missing."""
    first, last = _minutes(start), _minutes(end)
    return None if first is None or last is None else last - first


def _minutes(text: str) -> float | None:
    found, day = _ISO.fullmatch(text), days(text)
    if found is None or day is None or found[4] is None:
        return None
    seconds = float(f"{found[6] or 0}.{found[7] or 0}")
    return day * _DAY_MINUTES + int(found[4]) * 60 + int(found[5]) + seconds / 60

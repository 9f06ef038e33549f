"""Which phase of the consent story a moment belongs to."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, cast, get_args

import msgspec

from profiles.strict_yaml import parse
from scanner.model.base import Doc
from scanner.model.common import Phase
from scanner.model.errors import InputError, KnowledgeError
from scanner.model.traffic import PhaseSpan
from scanner.traffic.read.har import moment

GUARD = 2.0
"""Seconds around a boundary that count as neither phase: clocks and hands are not exact."""
_MAX_BYTES = 1 << 20
_PHASES: frozenset[str] = frozenset(get_args(Phase))


class SpanEntry(Doc):
    """One phase as written by hand. Times are ISO 8601 with a zone; without `end` it lasts until
    the next one begins.
    """

    phase: Phase
    start: str
    end: str = ""


class PhaseFile(Doc):
    """A YAML file of phase times."""

    phases: tuple[SpanEntry, ...]
    by: str = ""


class Mark(NamedTuple):
    """A moment at which a phase began."""

    time: float
    phase: Phase
    by: str = ""


class Phases:
    """Answers which phase a moment belongs to, from marks in time order."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        """Sort the marks; a mark that repeats the phase before it is no boundary."""
        kept: list[Mark] = []
        for mark in sorted(marks):
            if not kept or kept[-1].phase != mark.phase:
                kept.append(mark)
        self._marks = kept
        self._times = [mark.time for mark in kept]

    def __bool__(self) -> bool:
        """Tell whether anybody marked phases."""
        return bool(self._marks)

    def at(self, time: float, own: str = "") -> Phase:
        """Return the phase of a moment; `own` is what the capture itself says of it."""
        stated = cast("Phase", own) if own in _PHASES else "unknown"
        if not self._marks or not time:
            return stated
        place = bisect_right(self._times, time)
        near = [t for t in self._times[max(0, place - 1) : place + 1] if abs(t - time) <= GUARD]
        # the first mark ends nothing: what comes right after it is not in doubt
        if any(t != self._times[0] or time < t for t in near):
            return "boundary"
        if place == 0:
            return stated
        return self._marks[place - 1].phase

    def spans(self) -> tuple[PhaseSpan, ...]:
        """Return the stretches of time, for the record."""
        ends = [*self._times[1:], 0.0]
        return tuple(
            PhaseSpan(phase=mark.phase, start=iso(mark.time), end=iso(end), by=mark.by)
            for mark, end in zip(self._marks, ends, strict=False)
            if mark.phase != "unknown"
        )


def read_phases(path: Path) -> list[Mark]:
    """Return the marks in a YAML file of times. Raises `InputError` naming file and field."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path.name}: larger than {_MAX_BYTES >> 20} MB")
        file = msgspec.convert(parse(path.read_bytes(), path.name), PhaseFile)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except KnowledgeError as error:
        raise InputError(str(error), error.hint) from error
    except msgspec.ValidationError as error:
        raise InputError(
            f"{path.name}: {error}", "write `phases:` as a list of {phase, start, end}"
        ) from error
    marks: list[Mark] = []
    for number, entry in enumerate(file.phases):
        marks.append(Mark(_time(entry.start, path.name, number), entry.phase, file.by))
        if entry.end:
            marks.append(Mark(_time(entry.end, path.name, number), "unknown", file.by))
    starts = {mark.time for mark in marks if mark.phase != "unknown"}
    return [mark for mark in marks if mark.phase != "unknown" or mark.time not in starts]


def _time(text: str, name: str, number: int) -> float:
    time = moment(text) if ("T" in text or " " in text) and _has_zone(text) else 0.0
    if not time:
        raise InputError(
            f"{name}: phases[{number}]: {text!r} is no time with a zone",
            "write times like 2026-06-10T10:00:00+08:00",
        )
    return time


def _has_zone(text: str) -> bool:
    return text.endswith("Z") or "+" in text[10:] or "-" in text[10:]


def iso(time: float) -> str:
    """Return seconds since 1970 as ISO 8601 UTC with milliseconds; "" for 0 or nonsense."""
    if not 0 < time < 1 << 34:
        return ""
    return (
        datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )

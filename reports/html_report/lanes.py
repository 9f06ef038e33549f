"""The consent timeline as swim lanes: who sent which personal data in which phase.

Lengths are in units of the drawing, whose width is `WIDTH`; a browser scales it.
"""

import msgspec

from reports.html_report.shapes import short
from reports.words import Words
from scanner.model.result import Result, TimelineEvent, TimelineSpan

WIDTH = 1060
LEFT = 270
TYPES = 128
"""Where the names of the data types begin, right of the names of the actors."""
ROW = 23
TOP = 50
SLOT = 26
"""Events of one row nearer than this share a dot."""
MAX_ROWS = 28
MAX_TITLE = 6
EARLY = ("before_consent", "refused", "after_withdrawal")


class Band(msgspec.Struct, frozen=True):
    """A phase: its stretch of the axis, its name and how long it lasted."""

    x: float
    width: float
    label: str
    seconds: str
    early: bool


class Dot(msgspec.Struct, frozen=True):
    """Personal data seen, `count` times near each other."""

    x: float
    y: float
    title: str
    early: bool
    count: int


class Lane(msgspec.Struct, frozen=True):
    """A row: an actor (named in its first row only) and a data type."""

    y: float
    actor: str
    label: str
    first: bool


class TimelineDrawing(msgspec.Struct, frozen=True):
    """The swim lanes. `omitted` rows are not drawn."""

    height: int
    bands: tuple[Band, ...]
    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]
    omitted: int


def timeline_drawing(result: Result, words: Words) -> TimelineDrawing | None:
    """Return the swim lanes, or None when no phases were marked.

    Every phase is given the same width, so that half a minute before consent can be read beside
    an hour of use; time runs evenly within a phase.
    """
    line = result.timeline
    if line is None:
        return None
    width = (WIDTH - LEFT) / len(line.spans)
    rows = _rows(line.events)
    shown = rows[:MAX_ROWS]
    places = {row: TOP + ROW * n for n, row in enumerate(shown)}
    return TimelineDrawing(
        height=TOP + ROW * max(1, len(shown)) - 6,
        bands=tuple(_band(span, n, width, words) for n, span in enumerate(line.spans)),
        lanes=_lanes(places, words),
        dots=_dots(line.events, line.spans, places, width, words),
        omitted=len(rows) - len(shown),
    )


def _rows(events: tuple[TimelineEvent, ...]) -> list[tuple[str, str]]:
    """Return (actor, data type) of the events, actors in the order in which they first sent."""
    types: dict[str, dict[str, None]] = {}
    for event in events:
        types.setdefault(event.actor, {}).setdefault(event.data_type)
    return [(actor, name) for actor, names in types.items() for name in names]


def _band(span: TimelineSpan, number: int, width: float, words: Words) -> Band:
    return Band(
        x=round(LEFT + number * width, 1),
        width=round(width, 1),
        label=words.t(f"phase.{span.phase}"),
        seconds=words.t("timeline.seconds", n=round(span.seconds)),
        early=span.phase in EARLY,
    )


def _lanes(places: dict[tuple[str, str], int], words: Words) -> tuple[Lane, ...]:
    lanes, last = [], None
    for (actor, data_type), y in places.items():
        lanes.append(
            Lane(
                y=y,
                actor=short(words.label(actor), 9) if actor != last else "",
                label=short(words.label(data_type), 10),
                first=actor != last,
            )
        )
        last = actor
    return tuple(lanes)


def _dots(
    events: tuple[TimelineEvent, ...],
    spans: tuple[TimelineSpan, ...],
    places: dict[tuple[str, str], int],
    width: float,
    words: Words,
) -> tuple[Dot, ...]:
    """Return the dots; events that would hide each other are one dot with their number."""
    near: dict[tuple[int, int], list[tuple[float, TimelineEvent]]] = {}
    for event in events:
        y = places.get((event.actor, event.data_type))
        x = _place(event, spans, width)
        if y is not None and x is not None:
            near.setdefault((y, int(x // SLOT)), []).append((x, event))
    return tuple(
        Dot(
            x=group[0][0],
            y=y,
            title="\n".join(_title(event, words) for _, event in group[:MAX_TITLE]),
            early=group[0][1].phase in EARLY,
            count=len(group),
        )
        for (y, _), group in near.items()
    )


def _title(event: TimelineEvent, words: Words) -> str:
    parts = (event.time[11:19], words.label(event.actor), words.label(event.data_type), event.host)
    return " · ".join(parts)


def _place(event: TimelineEvent, spans: tuple[TimelineSpan, ...], width: float) -> float | None:
    """Return where on the axis an event lies, None when it lies in no phase."""
    if not 0 <= event.span < len(spans):
        return None
    whole = spans[event.span].seconds
    share = event.after / whole if whole else 0.5
    return round(LEFT + event.span * width + 14 + share * (width - 34), 1)

"""Where the lines of the two drawings go: the consent timeline and the flow of data.

Lengths are in units of the drawing, whose width is `WIDTH`; a browser scales it.
"""

import msgspec

from reports.words import Words
from scanner.model.result import DestinationInfo, Result, TimelineEvent, TimelineSpan

WIDTH = 1060
LEFT = 150
LANE = 34
TOP = 30
MAX_LANES = 14
EARLY = ("before_consent", "refused", "after_withdrawal")


class Band(msgspec.Struct, frozen=True):
    """A phase: its stretch of the axis, its name and how long it lasted."""

    x: float
    width: float
    label: str
    seconds: str
    early: bool


class Dot(msgspec.Struct, frozen=True):
    """Personal data seen once."""

    x: float
    y: float
    title: str
    early: bool


class Lane(msgspec.Struct, frozen=True):
    """An actor and its line."""

    y: float
    label: str


class TimelineDrawing(msgspec.Struct, frozen=True):
    """The swim lanes."""

    height: int
    bands: tuple[Band, ...]
    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]


def timeline_drawing(result: Result, words: Words) -> TimelineDrawing | None:
    """Return the swim lanes, or None when no phases were marked.

    Every phase is given the same width, so that half a minute before consent can be read beside
    an hour of use; time runs evenly within a phase.
    """
    line = result.timeline
    if line is None:
        return None
    width = (WIDTH - LEFT) / len(line.spans)
    bands = tuple(
        Band(
            x=round(LEFT + n * width, 1),
            width=round(width, 1),
            label=words.t(f"phase.{span.phase}"),
            seconds=words.t("timeline.seconds", n=round(span.seconds)),
            early=span.phase in EARLY,
        )
        for n, span in enumerate(line.spans)
    )
    actors = list(dict.fromkeys(event.actor for event in line.events))[:MAX_LANES]
    lanes = {name: TOP + 24 + LANE * n for n, name in enumerate(actors)}
    dots = []
    for event in line.events:
        x = _place(event, line.spans, width)
        if event.actor in lanes and x is not None:
            dots.append(_dot(event, x, lanes[event.actor], words))
    return TimelineDrawing(
        height=TOP + 18 + LANE * max(1, len(lanes)),
        bands=bands,
        lanes=tuple(Lane(y, short(words.label(name), 11)) for name, y in lanes.items()),
        dots=_apart(dots),
    )


def _apart(dots: list[Dot]) -> tuple[Dot, ...]:
    """Return the dots with those that would hide each other set side by side, downwards."""
    seen: dict[tuple[int, float], int] = {}
    placed = []
    for dot in dots:
        slot = (int(dot.x // 9), dot.y)
        number = seen[slot] = seen.get(slot, -1) + 1
        lift = (0, -8, 8)[number % 3]
        placed.append(msgspec.structs.replace(dot, y=dot.y + lift, x=dot.x + 9 * (number // 3)))
    return tuple(placed)


def _dot(event: TimelineEvent, x: float, y: float, words: Words) -> Dot:
    parts = (event.time[11:19], words.label(event.actor), words.label(event.data_type), event.host)
    return Dot(x=x, y=y, title=" · ".join(parts), early=event.phase in EARLY)


def _place(event: TimelineEvent, spans: tuple[TimelineSpan, ...], width: float) -> float | None:
    """Return where on the axis an event lies, None when it lies in no phase."""
    if not 0 <= event.span < len(spans):
        return None
    whole = spans[event.span].seconds
    share = event.after / whole if whole else 0.5
    return round(LEFT + event.span * width + 14 + share * (width - 28), 1)


class Node(msgspec.Struct, frozen=True):
    """A box of the flow drawing. `y` is its top."""

    x: int
    y: float
    width: int
    height: int
    label: str
    kind: str


class Link(msgspec.Struct, frozen=True):
    """A line between two boxes. `path` is in SVG path notation."""

    path: str
    kind: str


class FlowDrawing(msgspec.Struct, frozen=True):
    """Data types, hosts and places, and the lines between them. `omitted` hosts are not drawn."""

    height: int
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    omitted: int


MAX_HOSTS = 16
ROW = 34
BOX = 24
COLUMNS = ((0, 210), (370, 330), (860, 200))
UNDECIDED, OUTSIDE, INSIDE = "undecided", "outside", "inside"


def flow_drawing(result: Result, words: Words) -> FlowDrawing | None:
    """Return who sends which personal data where, or None when nothing personal was seen."""
    holding = [d for d in result.destinations if d.personal_data]
    if not holding:
        return None
    hosts = sorted(holding, key=lambda d: (d.outside is not True, d.outside is False, d.host))
    shown = hosts[:MAX_HOSTS]
    types = list(dict.fromkeys(words.say(name) for d in shown for name in d.personal_data))
    types = types[:MAX_HOSTS]
    places = list(dict.fromkeys(_where(d, words) for d in shown))
    height = ROW * max(len(types), len(shown), len(places))
    columns = (
        [(name, name, "") for name in types],
        [(d.host, _host_label(d, words), _side(d)) for d in shown],
        [(label, label, side) for label, side in places],
    )
    nodes: list[dict[str, Node]] = []
    for (x, width), entries in zip(COLUMNS, columns, strict=True):
        gap = height / max(1, len(entries))
        nodes.append(
            {
                key: Node(x, round(gap * n + (gap - BOX) / 2, 1), width, BOX, label, kind)
                for n, (key, label, kind) in enumerate(entries)
            }
        )
    links = []
    for d in shown:
        side, host = _side(d), nodes[1][d.host]
        links += [
            Link(_curve(nodes[0][name], host), side)
            for name in map(words.say, d.personal_data)
            if name in nodes[0]
        ]
        links.append(Link(_curve(host, nodes[2][_where(d, words)[0]]), side))
    boxes = tuple(
        msgspec.structs.replace(node, label=short(node.label, node.width // 13))
        for column in nodes
        for node in column.values()
    )
    return FlowDrawing(height, boxes, tuple(links), len(hosts) - len(shown))


def _host_label(place: DestinationInfo, words: Words) -> str:
    return f"{place.host} · {words.say(place.actor)}" if place.actor else place.host


def _side(place: DestinationInfo) -> str:
    return UNDECIDED if place.outside is None else OUTSIDE if place.outside else INSIDE


def _where(place: DestinationInfo, words: Words) -> tuple[str, str]:
    side = _side(place)
    return f"{words.t(side)} {place.hosting_country}".strip(), side


def _curve(start: Node, end: Node) -> str:
    x1, y1 = start.x + start.width, start.y + start.height / 2
    x2, y2 = end.x, end.y + end.height / 2
    middle = (x1 + x2) / 2
    return f"M{x1} {y1:.1f}C{middle:.0f} {y1:.1f} {middle:.0f} {y2:.1f} {x2} {y2:.1f}"


def short(text: str, wide: int) -> str:
    """Return `text` cut to the width of `wide` Chinese characters (a Latin letter is half)."""
    used = 0.0
    for n, char in enumerate(text):
        used += 0.56 if char.isascii() else 1.0
        if used > wide:
            return text[: max(1, n - 1)] + "…"
    return text

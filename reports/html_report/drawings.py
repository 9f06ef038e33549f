"""Where the lines of the flow drawing go: personal data, the hosts that got it, and the border.

Lengths are in units of the drawing, whose width is `WIDTH`; a browser scales it.
"""

from collections.abc import Iterable

import msgspec

from reports.html_report.shapes import short
from reports.words import Words
from scanner.model.result import DestinationInfo, Result

WIDTH = 1060
MAX_HOSTS = 16
ROW = 34
BOX = 26
TOP = 30
GAP = 12
"""Between the hosts on the two sides of the border."""
COLUMNS = ((0, 210), (330, 430), (890, 158))
ZONE = (310, 750)
UNDECIDED, OUTSIDE, INSIDE = "undecided", "outside", "inside"
SIDES = (OUTSIDE, UNDECIDED, INSIDE)


class Node(msgspec.Struct, frozen=True):
    """A box of the flow drawing. `y` is its top, `note` its second, fainter label."""

    x: int
    y: float
    width: int
    height: int
    label: str
    kind: str
    note: str = ""


class Link(msgspec.Struct, frozen=True):
    """A line between two boxes. `path` is in SVG path notation."""

    path: str
    kind: str


class Zone(msgspec.Struct, frozen=True):
    """The hosts on one side of the border; `y` is its top."""

    x: int
    y: float
    width: int
    height: float
    label: str
    kind: str


class FlowDrawing(msgspec.Struct, frozen=True):
    """Data types, hosts and places, and the lines between them. `omitted` hosts are not drawn."""

    height: int
    heads: tuple[tuple[int, str], ...]
    zones: tuple[Zone, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    omitted: int


def flow_drawing(result: Result, words: Words) -> FlowDrawing | None:
    """Return who sends which personal data where, or None when nothing personal was seen."""
    holding = [d for d in result.destinations if d.personal_data]
    if not holding:
        return None
    hosts = sorted(holding, key=lambda d: (SIDES.index(_side(d)), d.hosting_country, d.host))
    shown = hosts[:MAX_HOSTS]
    zones, tops, bottom = _zones(shown, words)
    names = list(dict.fromkeys(words.say(name) for d in shown for name in d.personal_data))
    height = max(bottom, TOP + ROW * min(len(names), MAX_HOSTS))
    types = _spread(names[:MAX_HOSTS], height)
    middle = {d.host: _host(d, tops[d.host], words) for d in shown}
    places = _places(shown, tops)
    links = [link for d in shown for link in _links(d, types, middle[d.host], places, words)]
    heads = ("personal_data", "flows.receiver", "hosting")
    return FlowDrawing(
        height=round(height + 4),
        heads=tuple((x, words.t(key)) for (x, _), key in zip(COLUMNS, heads, strict=True)),
        zones=zones,
        nodes=(*types.values(), *middle.values(), *places.values()),
        links=tuple(links),
        omitted=len(hosts) - len(shown),
    )


def _zones(
    shown: list[DestinationInfo], words: Words
) -> tuple[tuple[Zone, ...], dict[str, float], float]:
    """Return the sides of the border, the top of each host's box, and where all of it ends."""
    zones: list[Zone] = []
    tops: dict[str, float] = {}
    y: float = TOP
    for side in SIDES:
        members = [d for d in shown if _side(d) == side]
        if not members:
            continue
        height = ROW * len(members) + 8
        zones.append(Zone(ZONE[0], y, ZONE[1], height, words.t(side), side))
        for n, place in enumerate(members):
            tops[place.host] = y + 8 + ROW * n
        y += height + GAP
    return tuple(zones), tops, y - GAP


def _spread(names: Iterable[str], height: float) -> dict[str, Node]:
    """Return the boxes of the data types, evenly over the height of the drawing."""
    names = list(names)
    x, width = COLUMNS[0]
    gap = (height - TOP) / len(names)
    return {
        name: Node(
            x, round(TOP + gap * n + (gap - BOX) / 2, 1), width, BOX, short(name, width // 13), ""
        )
        for n, name in enumerate(names)
    }


def _host(place: DestinationInfo, top: float, words: Words) -> Node:
    x, width = COLUMNS[1]
    who = words.say(place.actor) or place.company
    return Node(x, top, width, BOX, short(place.host, 19), _side(place), short(who, 9))


def _places(shown: list[DestinationInfo], tops: dict[str, float]) -> dict[tuple[str, str], Node]:
    """Return one box per side and country, in the middle of its hosts."""
    members: dict[tuple[str, str], list[float]] = {}
    for place in shown:
        members.setdefault((_side(place), place.hosting_country), []).append(tops[place.host])
    x, width = COLUMNS[2]
    return {
        key: Node(x, round(sum(ys) / len(ys), 1), width, BOX, key[1] or "?", key[0], f"×{len(ys)}")
        for key, ys in members.items()
    }


def _links(
    place: DestinationInfo,
    types: dict[str, Node],
    host: Node,
    places: dict[tuple[str, str], Node],
    words: Words,
) -> list[Link]:
    side = _side(place)
    starts = [types[name] for name in map(words.say, place.personal_data) if name in types]
    links = [Link(_curve(start, host), side) for start in starts]
    return [*links, Link(_curve(host, places[side, place.hosting_country]), side)]


def _side(place: DestinationInfo) -> str:
    return UNDECIDED if place.outside is None else OUTSIDE if place.outside else INSIDE


def _curve(start: Node, end: Node) -> str:
    x1, y1 = start.x + start.width, start.y + start.height / 2
    x2, y2 = end.x, end.y + end.height / 2
    middle = (x1 + x2) / 2
    return f"M{x1} {y1:.1f}C{middle:.0f} {y1:.1f} {middle:.0f} {y2:.1f} {x2} {y2:.1f}"

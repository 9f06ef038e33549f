"""Find the known values of the test device in a decoded message."""

from collections import defaultdict
from collections.abc import Iterator

from scanner.traffic.decode.leaves import Leaf
from scanner.traffic.hits import BODY, Hit, Joined
from scanner.traffic.masking import mask, mask_position
from scanner.traffic.position import LEAST, PRECISE, Number, Positions, precision
from scanner.traffic.subject import Subject
from scanner.traffic.variants import Pattern, patterns

_LISTS = {"installed_apps": 3}
"""Types whose values are common knowledge one by one: only several together tell of a list."""


class SeedFinder:
    """All seeds of a subject in one automaton."""

    def __init__(self, subject: Subject, joined: frozenset[str], axes: "AxisNames") -> None:
        """Build the automaton. `joined`: data types that are also tried in hashed pairs."""
        self._subject = subject
        self._axes = axes
        self._positions = Positions(subject.positions)
        table = patterns(subject.seeds, joined)
        self._patterns = list(table.values())
        self._automaton: object | None = None
        if table:
            from ahocorasick_rs import BytesAhoCorasick  # noqa: PLC0415 - only with seeds

            self._automaton = BytesAhoCorasick(list(table))

    def find(self, joined: Joined) -> list[Hit]:
        """Return one hit per seed and place."""
        if not joined.leaves:
            return []
        hits = list(self._values(joined)) if self._automaton is not None else []
        if self._positions:
            hits += self._places(joined)
        return hits

    def _values(self, joined: Joined) -> Iterator[Hit]:
        best: dict[tuple[int, int], tuple[int, Pattern]] = {}
        matches = self._automaton.find_matches_as_indexes(joined.text, overlapping=True)  # type: ignore[union-attr]
        for number, start, end in matches:
            pattern = self._patterns[number]
            if pattern.bounded and not _stands_free(joined.text, start, end):
                continue
            leaf = joined.index(start)
            for seed in pattern.seeds:
                known = best.get((seed, leaf))
                if known is None or (known[1].hashed, -known[0]) > (pattern.hashed, start - end):
                    best[seed, leaf] = (end - start, pattern)
        yield from self._grouped(best, joined)

    def _grouped(
        self, best: dict[tuple[int, int], tuple[int, Pattern]], joined: Joined
    ) -> Iterator[Hit]:
        """Yield hits; seeds of list types only when several stand in the message."""
        lists: defaultdict[str, list[tuple[int, int, Pattern]]] = defaultdict(list)
        for (seed, leaf), (_, pattern) in best.items():
            data_type = self._subject.seeds[seed].data_type
            if data_type in _LISTS:
                lists[data_type].append((seed, leaf, pattern))
                continue
            value = self._subject.seeds[seed].text
            yield _hit(data_type, value, mask(value), pattern, joined.leaves[leaf])
        for data_type, rows in lists.items():
            seen = {seed for seed, _, _ in rows}
            if len(seen) < _LISTS[data_type]:
                continue
            total = sum(seed.data_type == data_type for seed in self._subject.seeds)
            values = ",".join(sorted(self._subject.seeds[seed].text for seed in seen))
            _, leaf, pattern = rows[0]
            shown = f"{len(seen)}/{total}"
            yield _hit(data_type, values, shown, pattern, joined.leaves[leaf])

    def _places(self, joined: Joined) -> Iterator[Hit]:
        """Yield known positions: latitude and longitude of one system side by side."""
        near: defaultdict[object, list[tuple[Number, Leaf]]] = defaultdict(list)
        for number in self._positions.find(joined.text):
            leaf = joined.at(number.start)
            near[id(leaf.node.parent)].append((number, leaf))
        for group in near.values():
            found = self._pair(group)
            if found is not None:
                yield found

    def _pair(self, group: list[tuple[Number, Leaf]]) -> Hit | None:
        best: tuple[int, str, Leaf, str] | None = None
        for north, leaf in group:
            for east, other in group:
                system = _shared_system(north, east)
                decimals = min(north.decimals, east.decimals)
                if not system or (decimals < LEAST and not self._axes.name(leaf, other)):
                    continue
                if best is None or decimals > best[0]:
                    text = self._text(north)
                    best = (decimals, system, leaf, text)
        if best is None:
            return None
        decimals, system, leaf, text = best
        layers = (*leaf.node.layers(), *(() if system == "WGS-84" else (system,)))
        return Hit(
            data_type="location_precise" if decimals >= PRECISE else "location_coarse",
            value=text,
            shown=mask_position(text),
            how="seed",
            field=leaf.node.path() or BODY,
            encodings=layers,
            confidence="certain" if decimals >= LEAST else "firm",
            precision=precision(decimals),
        )

    def _text(self, number: Number) -> str:
        latitude, longitude = self._subject.positions[number.points[0].place]
        return f"{latitude},{longitude}"


class AxisNames:
    """Tells whether two values are called latitude and longitude."""

    def __init__(self, latitude: frozenset[str], longitude: frozenset[str]) -> None:
        """Keep the normalised names."""
        self._latitude = latitude
        self._longitude = longitude

    def name(self, one: Leaf, other: Leaf) -> bool:
        """Tell whether the keys of two leaves name the two axes."""
        return normal(one.node.key()) in self._latitude and (
            normal(other.node.key()) in self._longitude
        )


def normal(key: str) -> str:
    """Return a key in lower case without separators: `Android_ID` -> `androidid`."""
    return "".join(letter for letter in key.lower() if letter.isalnum())


def _shared_system(north: Number, east: Number) -> str:
    """Return the system in which two numbers are the axes of one position, "" when none."""
    for point in north.points:
        if point.latitude:
            for other in east.points:
                if not other.latitude and other[:2] == point[:2]:
                    return point.system
    return ""


def _stands_free(text: bytes, start: int, end: int) -> bool:
    before = text[start - 1 : start]
    after = text[end : end + 1]
    return not (before.isalnum() or after.isalnum())


def _hit(data_type: str, value: str, shown: str, pattern: Pattern, leaf: Leaf) -> Hit:
    return Hit(
        data_type=data_type,
        value=value,
        shown=shown,
        how="seed-hash" if pattern.hashed else "seed",
        field=leaf.node.path() or BODY,
        encodings=(*leaf.node.layers(), *pattern.layers),
        confidence="certain",
    )

"""Find the known values of the test device in a decoded message."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from scanner.traffic import scattered
from scanner.traffic.decode.leaves import Leaf
from scanner.traffic.hits import BODY, Hit, Joined
from scanner.traffic.masking import mask, mask_position
from scanner.traffic.position import LEAST, PRECISE, Number, Positions, precision
from scanner.traffic.subject import Subject
from scanner.traffic.variants import Pattern, patterns

_MAX_SCATTERED = 20
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
        if not joined.rows:
            return []
        hits: list[Hit] = []
        if self._automaton is not None:
            best = self._whole(joined)
            hits += self._grouped(best, joined)
            hits += self._scattered(joined, {seed for seed, _ in best})
        if self._positions:
            hits += self._places(joined)
        return hits

    def _matches(self, text: bytes) -> list[tuple[int, int, int]]:
        """Return (pattern, start, end) of everything in a text that holds what it must."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)  # type: ignore[union-attr]
        return [
            match
            for match in found
            if (pattern := self._patterns[match[0]])
            and (not pattern.bounded or _stands_free(text, match[1], match[2]))
            and (pattern.edge is None or pattern.edge.fits(text, match[1], match[2]))
        ]

    def _whole(self, joined: Joined) -> dict[tuple[int, int], tuple[int, Pattern]]:
        """Return the best pattern per seed and leaf."""
        best: dict[tuple[int, int], tuple[int, Pattern]] = {}
        for number, start, end in self._matches(joined.text):
            pattern = self._patterns[number]
            leaf = joined.index(start)
            for seed in pattern.seeds:
                known = best.get((seed, leaf))
                if known is None or (known[1].hashed, -known[0]) > (pattern.hashed, start - end):
                    best[seed, leaf] = (end - start, pattern)
        return best

    def _scattered(self, joined: Joined, seen: set[int]) -> Iterator[Hit]:
        """Yield values with separators inside, and values split over fields, but for seeds that
        were seen in one piece.
        """
        bare = scattered.squeezed(joined)
        for pattern, start, end in self._unseen(bare, seen):
            leaf = scattered.apart(joined, bare, start, end)
            if leaf is not None:
                yield from self._each(pattern, leaf, "separators", seen)
        chain = scattered.Chain(joined)
        for pattern, start, end in self._unseen(chain.text, seen):
            first = chain.first(start, end)
            if first is not None:
                yield from self._each(pattern, first, "split", seen)

    def _unseen(self, text: bytes, seen: set[int]) -> list[tuple[Pattern, int, int]]:
        """Return the first matches of seeds that were not seen yet: each costs a look at its field,
        and a sender who knows the values could make very many.
        """
        found = (
            (self._patterns[number], start, end)
            for number, start, end in self._matches(text)
            if not seen.issuperset(self._patterns[number].seeds)
        )
        return list(islice(found, _MAX_SCATTERED))

    def _each(self, pattern: Pattern, leaf: Leaf, layer: str, seen: set[int]) -> Iterator[Hit]:
        meaning = pattern._replace(layers=(layer, *pattern.layers))
        for seed in pattern.seeds:
            data_type, value = self._subject.seeds[seed]
            if data_type not in _LISTS and seed not in seen:
                yield _hit(data_type, value, mask(value), meaning, leaf)

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
            yield _hit(data_type, value, mask(value), pattern, joined.leaf(leaf))
        for data_type, rows in lists.items():
            seen = {seed for seed, _, _ in rows}
            if len(seen) < _LISTS[data_type]:
                continue
            total = sum(seed.data_type == data_type for seed in self._subject.seeds)
            values = ",".join(sorted(self._subject.seeds[seed].text for seed in seen))
            _, leaf, pattern = rows[0]
            shown = f"{len(seen)}/{total}"
            yield _hit(data_type, values, shown, pattern, joined.leaf(leaf))

    def _places(self, joined: Joined) -> Iterator[Hit]:
        """Yield known positions: latitude and longitude of one system side by side."""
        near: defaultdict[object, list[tuple[Number, Leaf]]] = defaultdict(list)
        fine: list[tuple[Number, Leaf]] = []
        for number in self._positions.find(joined.text):
            leaf = joined.at(number.start)
            near[id(leaf.node.parent)].append((number, leaf))
            if number.decimals >= PRECISE:
                fine.append((number, leaf))
        hits = [hit for group in near.values() if (hit := self._pair(group)) is not None]
        # exact numbers of one position belong together wherever they stand
        apart = self._pair(fine) if fine and not hits else None
        yield from [apart] if apart is not None else hits
        for start, known, decimals in self._positions.hashes(joined.text):
            yield self._place(joined.at(start), known.place, (known.system, "geohash"), decimals)

    def _pair(self, group: list[tuple[Number, Leaf]]) -> Hit | None:
        best: tuple[int, str, Leaf, int] | None = None
        for north, leaf in group:
            for east, other in group:
                system = _shared_system(north, east)
                decimals = min(north.decimals, east.decimals)
                if not system or (decimals < LEAST and not self._axes.name(leaf, other)):
                    continue
                if best is None or decimals > best[0]:
                    best = (decimals, system, leaf, north.points[0].place)
        if best is None:
            return None
        decimals, system, leaf, place = best
        return self._place(leaf, place, (system,), decimals)

    def _place(self, leaf: Leaf, place: int, how: tuple[str, ...], decimals: int) -> Hit:
        """Return the find of a known position; WGS-84 is what the subject file is written in."""
        latitude, longitude = self._subject.positions[place]
        text = f"{latitude},{longitude}"
        return Hit(
            data_type="location_precise" if decimals >= PRECISE else "location_coarse",
            value=text,
            shown=mask_position(text),
            how="seed",
            field=leaf.node.path() or BODY,
            encodings=(*leaf.node.layers(), *(step for step in how if step != "WGS-84")),
            confidence="certain" if decimals >= LEAST else "firm",
            precision=precision(decimals),
        )


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
        confidence="firm" if "masked" in pattern.layers else "certain",
    )

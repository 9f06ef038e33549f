"""A known position in the three coordinate systems used in China, and finding it in numbers."""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.traffic import notations
from scanner.traffic.subject import Position

_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347
_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323
"""Krasovsky 1940, as GCJ-02 uses it."""
_BD = math.pi * 3000 / 180
_NUMBER = re.compile(rb"(?<![\w.])-?\d{1,3}\.\d{1,17}(?![\w.])|(?<![\w.])-?\d{7,11}(?![\w.])")
_SCALES = {100_000.0: 5, 1_000_000.0: 6, 10_000_000.0: 7, 3_600_000.0: 6, 360_000.0: 5}
"""Integers that binary protocols send: degrees times this, and the decimals it is worth. The last
two are thousandths and hundredths of a second of arc.
"""
_FINE = 3e-5
"""Three metres: single-precision numbers and conversions differ by that much."""
_NEAR = 3.0
"""The same in metres of a web map."""
_POLE = 89.0
_MAX_DECIMALS = 6
PRECISE = 4
"""Decimals from which a position is precise: 0.0001 degrees are eleven metres."""
_FINE_LETTERS = 2
"""Letters beyond the seventh from which a geohash names less than ten metres."""
LEAST = 2
"""Decimals below which only names beside the numbers make them a position."""


class Point(NamedTuple):
    """One axis of a known position: which one, in which system, and its value in degrees."""

    place: int
    system: str
    latitude: bool
    degrees: float


class Hash(NamedTuple):
    """A geohash: the known position and the system it was made in."""

    place: int
    system: str


class Number(NamedTuple):
    """A number that is a known axis: where it stands, which points it fits, its decimals."""

    start: int
    points: tuple[Point, ...]
    decimals: int


def to_gcj(position: Position) -> Position:
    """Convert WGS-84 to GCJ-02; outside China nothing changes."""
    latitude, longitude = position
    if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
        return position
    x, y = longitude - 105, latitude - 35
    common = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + common
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + common
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    radians = math.radians(latitude)
    magic = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    root = math.sqrt(magic)
    meridian = (_AXIS * (1 - _ECCENTRICITY)) / (magic * root)
    return (
        latitude + math.degrees(north / meridian),
        longitude + math.degrees(east / (_AXIS / root * math.cos(radians))),
    )


def to_bd(position: Position) -> Position:
    """Convert GCJ-02 to BD-09."""
    latitude, longitude = position
    radius = math.hypot(longitude, latitude) + 2e-5 * math.sin(latitude * _BD)
    angle = math.atan2(latitude, longitude) + 3e-6 * math.cos(longitude * _BD)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


class Positions:
    """Finds the numbers of known positions in text."""

    def __init__(self, positions: tuple[Position, ...]) -> None:
        """Convert every position to the three systems."""
        self._points: list[Point] = []
        self._hashes: dict[bytes, Hash] = {}
        for index, wgs in enumerate(positions):
            gcj = to_gcj(wgs)
            for system, place in (("WGS-84", wgs), ("GCJ-02", gcj), ("BD-09", to_bd(gcj))):
                self._points.append(Point(index, system, True, place[0]))
                self._points.append(Point(index, system, False, place[1]))
                letters = notations.geohash(*place)
                self._hashes.setdefault(letters.encode(), Hash(index, system))
        self._metres = [
            (notations.in_metres(point.degrees, point.latitude), point)
            for point in self._points
            if not point.latitude or abs(point.degrees) < _POLE
        ]
        known = b"|".join(self._hashes) or b"$^"
        self._hash = re.compile(rb"(?i)(?<![0-9a-z])(%b)([0-9b-hjkmnp-z]{0,5})(?![0-9a-z])" % known)
        self._heads = tuple({str(math.trunc(point.degrees)) for point in self._points})

    def __bool__(self) -> bool:
        """Tell whether any position is known."""
        return bool(self._points)

    def find(self, text: bytes) -> list[Number]:
        """Return the numbers in `text` that are an axis of a known position."""
        found: list[Number] = []
        for match in _NUMBER.finditer(text):
            digits = match[0].decode("ascii")
            whole, point, fraction = digits.partition(".")
            if point and not digits.startswith(self._heads):
                continue
            if point:
                hits = self._fits(float(digits), len(fraction))
                decimals = len(fraction)
            else:
                hits, decimals = self._scaled(int(whole))
            if hits:
                found.append(Number(match.start(), hits, min(decimals, 7)))
        found += self._others(text)
        return found

    def hashes(self, text: bytes) -> Iterator[tuple[int, "Hash", int]]:
        """Yield (start, meaning, decimals) of geohashes of known positions."""
        for found in self._hash.finditer(text):
            decimals = PRECISE if len(found[2]) >= _FINE_LETTERS else PRECISE - 1
            yield found.start(), self._hashes[found[1].lower()], decimals

    def _fits(self, value: float, decimals: int) -> tuple[Point, ...]:
        near = max(10.0 ** -min(decimals, _MAX_DECIMALS), _FINE)
        return tuple(point for point in self._points if abs(point.degrees - value) < near)

    def _scaled(self, value: int) -> tuple[tuple[Point, ...], int]:
        """Try degrees multiplied by a power of ten, as binary protocols send them."""
        for scale, decimals in _SCALES.items():
            hits = self._fits(value / scale, decimals)
            if hits:
                return hits, decimals
        return (), 0

    def _others(self, text: bytes) -> Iterator[Number]:
        """Yield numbers in other notations."""
        for start, value in notations.metres(text):
            near = tuple(point for metres, point in self._metres if abs(metres - value) < _NEAR)
            if near:
                yield Number(start, near, notations.METRE_DECIMALS)
        for written in notations.read(text):
            hits = tuple(
                point
                for point in self._fits(written.degrees, written.decimals)
                if written.latitude in (None, point.latitude)
            )
            if hits:
                yield Number(written.start, hits, written.decimals)


def precision(decimals: int) -> str:
    """Return the size of the place that so many decimals of a degree name."""
    metres = 111_320 / 10**decimals
    step = f"{10.0**-decimals:.{decimals}f}°"
    return f"{step} (≈ {metres:.0f} m)" if metres >= 1 else step

"""Positions that are not written in plain degrees: minutes, NMEA, metres, geohash."""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

_SEXAGESIMAL = re.compile(
    rb"(?<![\d.])(\d{1,3})(?:/1, ?|[\xc2\xb0d: ]{1,3})(\d{1,2})(?:/1, ?|['m:\xe2\x80\xb2 ]{1,3})"
    rb"(\d{1,7}(?:\.\d{1,8})?)(?:/(\d{1,7}))?(?![\d.])"
)
_NMEA = re.compile(rb"(?<![\d.])(\d{2,3})(\d{2}\.\d{2,8}),([NSEW])")
_METRES = re.compile(rb"(?<![\w.])-?\d{6,8}(?:\.\d{1,8})?(?![\w.])")
_EARTH = 6378137.0
"""Radius of the sphere of web maps (EPSG:3857)."""
_LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz"
_GEOHASH = 7
"""Letters of a geohash that are searched for: 153 metres."""
METRE_DECIMALS = 5
_SECOND_DECIMALS = 5


class Written(NamedTuple):
    """A number in degrees, where it stands, how many decimals it is worth, its axis if told.

    `latitude` None: the notation does not say.
    """

    start: int
    degrees: float
    decimals: int
    latitude: bool | None = None


def read(text: bytes) -> Iterator[Written]:
    """Yield positions in other notations: `31°13'49.5"`, `31/1,13/1,49500/1000`, NMEA, metres."""
    if b"/1" in text or b"\xc2\xb0" in text or b"'" in text:
        yield from _sexagesimal(text)
    if b",N" in text or b",S" in text:
        for found in _NMEA.finditer(text):
            value = int(found[1]) + float(found[2]) / 60
            signed = -value if found[3] in b"SW" else value
            yield Written(found.start(), signed, _SECOND_DECIMALS, found[3] in b"NS")


def _sexagesimal(text: bytes) -> Iterator[Written]:
    for found in _SEXAGESIMAL.finditer(text):
        seconds = float(found[3]) / max(int(found[4] or 1), 1)
        if int(found[2]) < 60 and seconds < 60:  # noqa: PLR2004 - minutes and seconds
            value = int(found[1]) + int(found[2]) / 60 + seconds / 3600
            yield Written(found.start(), value, _SECOND_DECIMALS)


def metres(text: bytes) -> Iterator[tuple[int, float]]:
    """Yield (start, value) of numbers that could be metres of a web map."""
    for found in _METRES.finditer(text):
        yield found.start(), float(found[0])


def in_metres(degrees: float, latitude: bool) -> float:
    """Return the northing or easting of a web map (EPSG:3857) in metres."""
    angle = math.radians(degrees)
    return _EARTH * (math.log(math.tan(math.pi / 4 + angle / 2)) if latitude else angle)


def geohash(latitude: float, longitude: float, size: int = _GEOHASH) -> str:
    """Return the geohash of a position."""
    ranges = [[-180.0, 180.0], [-90.0, 90.0]]
    bits, letters = 0, ""
    for number in range(size * 5):
        axis = number % 2
        middle = sum(ranges[axis]) / 2
        upper = (longitude, latitude)[axis] >= middle
        ranges[axis][0 if upper else 1] = middle
        bits = bits << 1 | upper
        if number % 5 == 4:  # noqa: PLR2004 - five bits a letter
            letters, bits = letters + _LETTERS[bits], 0
    return letters

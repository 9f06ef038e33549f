"""Positions of the second generator: notations, coordinate systems, wrappers."""

import gzip
import json
import math
from collections.abc import Callable
from typing import Any

import msgpack
from traffic_bodies import Body
from traffic_other_wrappers import JSON, OCTETS
from traffic_wire import bson, cbor, proto

from scanner.traffic.position import to_bd, to_gcj

POSITION_FORMS: dict[str, Callable[[float, float], Any]] = {
    "two numbers": lambda a, b: {"lat": a, "lng": b},
    "two texts": lambda a, b: {"lat": f"{a:.6f}", "lng": f"{b:.6f}"},
    "three decimals": lambda a, b: {"lat": round(a, 3), "lng": round(b, 3)},
    "two decimals": lambda a, b: {"lat": round(a, 2), "lng": round(b, 2)},
    "cut to four": lambda a, b: {"lat": int(a * 1e4) / 1e4, "lng": int(b * 1e4) / 1e4},
    "times 1e6": lambda a, b: {"latE6": round(a * 1e6), "lngE6": round(b * 1e6)},
    "times 1e7": lambda a, b: {"a": round(a * 1e7), "b": round(b * 1e7)},
    "times 3.6e6": lambda a, b: {"y": round(a * 3.6e6), "x": round(b * 3.6e6)},
    "array, lng first": lambda a, b: {"p": [b, a]},
    "text pair": lambda a, b: {"loc": f"{b:.5f},{a:.5f}"},
    "text pair, semicolon": lambda a, b: {"loc": f"{a};{b};15.0"},
    "degrees minutes seconds": lambda a, b: {"loc": f"{_dms(a)}N {_dms(b)}E"},
    "NMEA": lambda a, b: {"gga": f"$GPGGA,021501,{_nmea(a, 2)},N,{_nmea(b, 3)},E,1,08,0.9"},
    "Exif rationals": lambda a, b: {"lat": _rational(a), "lng": _rational(b)},
    "geohash": lambda a, b: {"gh": geohash(a, b, 9)},
    "WKT": lambda a, b: {"g": f"POINT({b} {a})"},
    "GeoJSON": lambda a, b: {"g": {"type": "Point", "coordinates": [b, a]}},
    "geo URI": lambda a, b: {"u": f"geo:{a},{b};u=35"},
    "ISO 6709": lambda a, b: {"u": f"{a:+.4f}{b:+.4f}/"},
    "web mercator": lambda a, b: dict(zip(("x", "y"), _mercator(a, b), strict=True)),
    "split under two keys": lambda a, b: {"n": {"v": a}, "e": {"v": b}},
}


def _dms(value: float) -> str:
    degrees, rest = divmod(value * 3600, 3600)
    return f"{int(degrees)}°{int(rest // 60)}'{rest % 60:.2f}\""


def _nmea(value: float, width: int) -> str:
    return f"{int(value):0{width}d}{value % 1 * 60:07.4f}"


def _rational(value: float) -> str:
    degrees, rest = divmod(value * 3600, 3600)
    return f"{int(degrees)}/1,{int(rest // 60)}/1,{round(rest % 60 * 1000)}/1000"


def _mercator(latitude: float, longitude: float) -> tuple[float, float]:
    north = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return round(math.radians(longitude) * 6378137, 2), round(north * 6378137, 2)


def geohash(latitude: float, longitude: float, size: int) -> str:
    """Return the geohash of a position."""
    letters = "0123456789bcdefghjkmnpqrstuvwxyz"
    ranges = [[-180.0, 180.0], [-90.0, 90.0]]
    values, bits, out = (longitude, latitude), 0, ""
    for number in range(size * 5):
        axis = number % 2
        middle = sum(ranges[axis]) / 2
        upper = values[axis] >= middle
        ranges[axis][0 if upper else 1] = middle
        bits = bits << 1 | upper
        if number % 5 == 4:
            out, bits = out + letters[bits], 0
    return out


SYSTEMS: dict[str, Callable[[tuple[float, float]], tuple[float, float]]] = {
    "WGS-84": lambda p: p,
    "GCJ-02": to_gcj,
    "BD-09": lambda p: to_bd(to_gcj(p)),
}
POSITION_WRAPPERS: dict[str, Callable[[Any], Body]] = {
    "JSON": lambda t: Body(json.dumps({"d": t}, ensure_ascii=False).encode(), JSON),
    "msgpack": lambda t: Body(msgpack.packb({"d": t, "v": b"\xff"}), OCTETS),
    "CBOR": lambda t: Body(cbor({"d": t}), OCTETS),
    "BSON": lambda t: Body(bson({"d": t}), OCTETS),
    "protobuf": lambda t: Body(
        proto({"d": t, "v": 3, "k": "some text to be long"}), "application/x-protobuf"
    ),
    "gzip": lambda t: Body(gzip.compress(json.dumps(t).encode()), OCTETS),
}

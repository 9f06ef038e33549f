"""Every usual spelling, encoding and hash of a known value, as bytes to search for."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scanner.traffic.codings import Edge, few_forms, forms
from scanner.traffic.subject import Seed

_MIN_PATTERN = 6
_MIN_SQUEEZED = 8
_MAX_JOINED = 12
"""How many device identifiers are tried in pairs: md5(imei + android_id) is a common device key."""
_RICH_SEEDS = 150
"""How many values are also searched for in forms that few senders use."""
_USUAL_SEEDS = 400
"""How many values are searched for in all usual forms; long lists (contacts, packages) beyond that
only in the commonest, so that 5,000 values cost about 0.6 GB and not four.
"""
_JOINTS = ("", "|", "_", "-", ":", ",", "&", "#", ";")
_JOIN_HASHES = ("md5", "sha1", "sha256")
_SEPARATORS = re.compile(r"[\s:\-._]")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:\-]?){5}[0-9A-Fa-f]{2}")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1\d{10})")
_MASKABLE = re.compile(r"\d{11}|\d{15,19}|\d{17}[\dXx]")
_BOUNDED = 10
"""Plain values shorter than this count only when no letter or digit touches them."""
_FEW_SPELLINGS = 3
_IMEI_BODY = 14
"""Digits of an IMEI without its check digit, which many senders leave out or replace."""


class Pattern(NamedTuple):
    """What a byte pattern stands for: the seeds (by number), and what was done to them.

    `hashed`: the value itself is not in the message. `bounded`: must stand free. `edge`: what must
    stand around it (base64).
    """

    seeds: tuple[int, ...]
    layers: tuple[str, ...] = ()
    hashed: bool = False
    bounded: bool = False
    edge: Edge | None = None


def patterns(seeds: Iterable[Seed], joined: frozenset[str]) -> dict[bytes, Pattern]:
    """Return pattern -> meaning for all seeds; the plainest meaning wins.

    `joined` are the data types that are also searched for in hashed pairs.
    """
    found: dict[bytes, Pattern] = {}
    listed = list(seeds)
    for number, seed in enumerate(listed):
        for spelling in spellings(seed)[: None if number < _USUAL_SEEDS else _FEW_SPELLINGS]:
            few = number >= _USUAL_SEEDS
            for form in few_forms(spelling) if few else forms(spelling, number < _RICH_SEEDS):
                if len(form.data) >= _MIN_PATTERN:
                    part = len(spelling) == _IMEI_BODY and seed.data_type == "imei"
                    small = len(form.data) < _BOUNDED and form.data.isascii()
                    short = not form.hashed and (small or part)
                    pattern = Pattern(
                        (number,), form.layers, form.hashed, form.bounded or short, form.edge
                    )
                    found.setdefault(form.data, pattern)
        for data in masked(seed.text):
            found.setdefault(data, Pattern((number,), ("masked",), bounded=True))
    for data, pattern in _pairs(listed, joined):
        found.setdefault(data, pattern)
    return found


def spellings(seed: Seed) -> list[str]:
    """Return the usual ways to write a value, the given one first."""
    value = seed.text
    found = [value, value.lower(), value.upper()]
    if "@" not in value:
        squeezed = _SEPARATORS.sub("", value)
        if squeezed != value and len(squeezed) >= _MIN_SQUEEZED:
            found += [squeezed, squeezed.lower(), squeezed.upper()]
        if seed.data_type == "imei" and squeezed.isdigit() and len(squeezed) > _IMEI_BODY:
            found.append(squeezed[:_IMEI_BODY])
    if _MAC.fullmatch(value):
        found += _mac_spellings(re.findall("..", re.sub(r"[:\-]", "", value)))
    mobile = _MOBILE.fullmatch(re.sub(r"[ \-]", "", value))
    if mobile is not None:
        number = mobile[1]
        found += [number, *(prefix + number for prefix in ("+86", "86", "0086", "+86 ", "+86-"))]
    return list(dict.fromkeys(found))


def _mac_spellings(pairs: list[str]) -> list[str]:
    found: list[str] = []
    for order in (pairs, pairs[::-1]):
        for joint in (":", "-", ""):
            found += [joint.join(order).lower(), joint.join(order).upper()]
    return found


def masked(value: str) -> list[bytes]:
    """Return a number as services show it with stars: enough digits stay to recognise it."""
    if not _MASKABLE.fullmatch(value):
        return []
    shown = ((3, 4),) if len(value) == 11 else ((6, 4), (4, 4), (3, 4))  # noqa: PLR2004 - mobile numbers
    return [
        (value[:head] + star * (len(value) - head - tail) + value[-tail:]).encode()
        for head, tail in shown
        for star in "*xX"
    ]


def _pairs(seeds: list[Seed], joined: frozenset[str]) -> Iterator[tuple[bytes, Pattern]]:
    """Yield hashes of two identifiers written one after the other."""
    chosen = [(i, seed.text) for i, seed in enumerate(seeds) if seed.data_type in joined]
    for first, one in chosen[:_MAX_JOINED]:
        for second, other in chosen[:_MAX_JOINED]:
            if first == second:
                continue
            for joint in _JOINTS:
                data = f"{one}{joint}{other}".encode()
                for name in _JOIN_HASHES:
                    text = hashlib.new(name, data, usedforsecurity=False).hexdigest()
                    pattern = Pattern((first, second), ("concat", name), True)
                    yield text.encode(), pattern
                    yield text.upper().encode(), pattern

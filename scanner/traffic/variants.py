"""Every usual spelling, encoding and hash of a known value, as bytes to search for."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from scanner.traffic.subject import Seed

_MIN_PATTERN = 6
_MIN_BASE64 = 8
_MIN_SQUEEZED = 8
_MAX_JOINED = 12
"""How many device identifiers are tried in pairs: md5(imei + android_id) is a common device key."""
_JOINTS = ("", "|", "_", "-", ":", ",", "&", "#", ";")
_HASHES = ("md5", "sha1", "sha256", "sha512")
_JOIN_HASHES = ("md5", "sha1", "sha256")
_SEPARATORS = re.compile(r"[\s:\-._]")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:\-]?){5}[0-9A-Fa-f]{2}")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1\d{10})")
_BOUNDED = 10
"""Plain values shorter than this count only when no letter or digit touches them."""


class Pattern(NamedTuple):
    """What a byte pattern stands for: the seeds (by number), and what was done to them.

    `hashed`: the value itself is not in the message. `bounded`: must stand free.
    """

    seeds: tuple[int, ...]
    layers: tuple[str, ...] = ()
    hashed: bool = False
    bounded: bool = False


def patterns(seeds: Iterable[Seed], joined: frozenset[str]) -> dict[bytes, Pattern]:
    """Return pattern -> meaning for all seeds; the plainest meaning wins.

    `joined` are the data types that are also searched for in hashed pairs.
    """
    found: dict[bytes, Pattern] = {}
    listed = list(seeds)
    for number, seed in enumerate(listed):
        for spelling in spellings(seed.text):
            for data, layers, hashed in _forms(spelling):
                if len(data) >= _MIN_PATTERN:
                    bounded = not hashed and len(data) < _BOUNDED and data.isascii()
                    found.setdefault(data, Pattern((number,), layers, hashed, bounded))
    for data, pattern in _pairs(listed, joined):
        found.setdefault(data, pattern)
    return found


def spellings(value: str) -> list[str]:
    """Return the usual ways to write a value, the given one first."""
    found = [value, value.lower(), value.upper()]
    if "@" not in value:
        squeezed = _SEPARATORS.sub("", value)
        if squeezed != value and len(squeezed) >= _MIN_SQUEEZED:
            found += [squeezed, squeezed.lower(), squeezed.upper()]
    if _MAC.fullmatch(value):
        pairs = re.findall("..", re.sub(r"[:\-]", "", value))
        for joint in ":-":
            found += [joint.join(pairs).lower(), joint.join(pairs).upper()]
    mobile = _MOBILE.fullmatch(re.sub(r"[ \-]", "", value))
    if mobile is not None:
        number = mobile[1]
        split = number[:3], number[3:7], number[7:]
        found += [number, *(prefix + number for prefix in ("+86", "86", "0086", "+86 ", "+86-"))]
        found += [" ".join(split), "-".join(split)]
    return list(dict.fromkeys(found))


def _forms(text: str) -> Iterator[tuple[bytes, tuple[str, ...], bool]]:
    """Yield (bytes, layers, hashed) for one spelling."""
    data = text.encode()
    yield data, (), False
    if not text.isascii():
        yield text.encode("gb18030", "replace"), ("gbk",), False
        yield json.dumps(text)[1:-1].encode(), ("escape",), False
    yield text.encode("utf-16-le"), ("utf-16",), False
    yield text.encode("utf-16-be"), ("utf-16",), False
    for form in (quote(text, safe=""), quote(text, safe="").lower()):
        yield form.encode(), ("url",), False
    yield data.hex().encode(), ("hex",), False
    yield data.hex().upper().encode(), ("hex",), False
    for core in base64_cores(data):
        yield core, ("base64",), False
    yield text[::-1].encode(), ("reversed",), False
    yield from _hashes(data)


def _hashes(data: bytes) -> Iterator[tuple[bytes, tuple[str, ...], bool]]:
    for name in _HASHES:
        digest = hashlib.new(name, data, usedforsecurity=False)
        text = digest.hexdigest()
        yield text.encode(), (name,), True
        yield text.upper().encode(), (name,), True
        yield digest.digest(), (name, "raw"), True
        packed = base64.b64encode(digest.digest()).rstrip(b"=")
        yield packed, (name, "base64"), True
        yield packed.replace(b"+", b"-").replace(b"/", b"_"), (name, "base64"), True
        if name == "md5":
            yield text[8:24].encode(), ("md5-16",), True
            yield text[8:24].upper().encode(), ("md5-16",), True


def base64_cores(data: bytes) -> list[bytes]:
    """Return the part of base64 text that is the same wherever `data` begins in the plain text,
    for its three possible alignments and both alphabets.
    """
    cores: list[bytes] = []
    for offset, start in ((0, 0), (1, 2), (2, 3)):
        size = len(data) + offset
        core = base64.b64encode(b"\0" * offset + data)[start : size * 8 // 6]
        if len(core) >= _MIN_BASE64:
            cores += [core, core.replace(b"+", b"-").replace(b"/", b"_")]
    return list(dict.fromkeys(cores))


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

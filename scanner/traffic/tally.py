"""Collect what exchanges show until they become evidence: united, counted, bounded."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from scanner.model.common import Confidence, Phase
from scanner.model.traffic import Exchange, Side, Sighting
from scanner.traffic.hits import Hit
from scanner.traffic.masking import Keyed
from scanner.traffic.phases import iso

MAX_EXCHANGES = 20_000
MAX_SIGHTINGS = 20_000
_SHOWN_EXCHANGES = 5
_VALUES_PER_FIELD = 5
_MAX_IPS = 16


class Where(NamedTuple):
    """The circumstances of a hit."""

    actor: str
    host: str
    phase: Phase
    side: Side
    url_path: str
    cleartext: bool
    exchange: str
    time: float


_Key = tuple[str, str, str, str, str, str, str, str, str]


@dataclass(slots=True)
class _Seen:
    hit: Hit
    where: Where
    token: str
    count: int = 0
    first: float = 0.0
    last: float = 0.0
    exchanges: list[str] = field(default_factory=list)


class Sightings:
    """Hits united over repeats."""

    def __init__(self, keyed: Keyed) -> None:
        """Keep the keyed hash."""
        self._keyed = keyed
        self._seen: dict[_Key, _Seen] = {}
        self._values: Counter[tuple[str, ...]] = Counter()
        self.dropped = 0

    def add(self, hit: Hit, where: Where) -> None:
        """Count a hit; a list of strangers' values under one field is kept as a few examples."""
        token = self._keyed.token(hit.data_type, hit.value)
        place = (
            hit.data_type,
            where.actor,
            where.host,
            where.phase,
            where.side,
            hit.how,
            hit.field,
            "|".join(hit.encodings),
        )
        key = (*place, token)
        seen = self._seen.get(key)
        if seen is None:
            if self._values[place] >= _VALUES_PER_FIELD or len(self._seen) >= MAX_SIGHTINGS:
                self.dropped += 1
                return
            self._values[place] += 1
            seen = self._seen[key] = _Seen(hit, where, token, first=where.time)
        seen.count += 1
        if where.time:
            seen.first = min(seen.first or where.time, where.time)
            seen.last = max(seen.last, where.time)
        if len(seen.exchanges) < _SHOWN_EXCHANGES and where.exchange not in seen.exchanges:
            seen.exchanges.append(where.exchange)

    def evidence(self) -> tuple[Sighting, ...]:
        """Return the sightings in fixed order, with ids made of what they say."""
        used: Counter[str] = Counter()
        out: list[Sighting] = []
        for key, seen in sorted(self._seen.items()):
            name = hashlib.blake2s("\0".join(key[:8]).encode(), digest_size=5).hexdigest()
            used[name] += 1
            suffix = f"-{used[name]}" if used[name] > 1 else ""
            out.append(_sighting(f"s{name}{suffix}", seen))
        return tuple(out)


def _sighting(name: str, seen: _Seen) -> Sighting:
    hit, where = seen.hit, seen.where
    confidence: Confidence = hit.confidence
    return Sighting(
        id=name,
        data_type=hit.data_type,
        actor=where.actor,
        host=where.host,
        phase=where.phase,
        side=where.side,
        how=hit.how,
        field=hit.field,
        value=hit.shown,
        value_key=seen.token,
        exchanges=tuple(seen.exchanges),
        encodings=hit.encodings,
        url_path=where.url_path,
        cleartext=where.cleartext,
        count=seen.count,
        first=iso(seen.first),
        last=iso(seen.last),
        precision=hit.precision,
        confidence=confidence,
    )


@dataclass(slots=True)
class HostTally:
    """What went to one host."""

    ips: dict[str, None] = field(default_factory=dict)
    exchanges: int = 0
    sent: int = 0
    received: int = 0
    cleartext: bool = False
    personal: set[str] = field(default_factory=set)
    phases: set[Phase] = field(default_factory=set)
    actors: Counter[str] = field(default_factory=Counter)
    opaque: int = 0
    opaque_bytes: int = 0
    absent: int = 0

    def saw(self, ip: str) -> None:
        """Keep an address of the host."""
        if ip and len(self.ips) < _MAX_IPS:
            self.ips[ip] = None


class Exchanges:
    """The exchanges kept for the report: all up to a limit, then those with personal data."""

    def __init__(self) -> None:
        """Start empty."""
        self.kept: list[Exchange] = []
        self._telling = 0
        self.dropped = 0

    def add(self, exchange: Exchange, telling: bool) -> None:
        """Keep an exchange when there is room."""
        if len(self.kept) < MAX_EXCHANGES:
            self.kept.append(exchange)
        elif telling and self._telling < MAX_EXCHANGES:
            self._telling += 1
            self.kept.append(exchange)
        else:
            self.dropped += 1

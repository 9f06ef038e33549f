"""Turn records into evidence: decode, find, attribute, place. One `Study` per scan."""

from collections import Counter, defaultdict
from typing import NamedTuple

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.traffic import Destination, Exchange
from scanner.traffic.actors import Actors, ActorTable
from scanner.traffic.checksums import Numbers
from scanner.traffic.countries import Source
from scanner.traffic.detect import Detectors
from scanner.traffic.hits import BODY, Hit, prune
from scanner.traffic.httpdns import learned
from scanner.traffic.ledger import Ledger
from scanner.traffic.masking import Keyed, mask_path
from scanner.traffic.message import Opened, open_request, open_response
from scanner.traffic.phases import Phases, iso
from scanner.traffic.places import Places, PlaceTable
from scanner.traffic.record import Record
from scanner.traffic.seeds import AxisNames, SeedFinder
from scanner.traffic.subject import Subject
from scanner.traffic.tally import Exchanges, HostTally, Sightings, Where
from scanner.traffic.words import TrafficWords, traffic_words

_DAMAGE = ("bad-coding", "damaged-coding", "unknown-coding")
MAX_HOSTS = 20_000


class Tools(NamedTuple):
    """The knowledge compiled for traffic."""

    numbers: Numbers
    detectors: Detectors
    actors: Actors
    places: Places
    httpdns: frozenset[str]
    words: TrafficWords


def compile_tools(know: Knowledge, sources: list[Source]) -> Tools:
    """Compile what all captures of a scan share. Raises `KnowledgeError`."""
    numbers = table(know, "traffic_numbers", Numbers)
    places = table(know, "traffic_places", PlaceTable)
    return Tools(
        numbers=numbers,
        detectors=Detectors(know.detectors, numbers),
        actors=Actors(know, table(know, "traffic_actors", ActorTable)),
        places=Places(places, sources),
        httpdns=frozenset(places.httpdns_hosts),
        words=traffic_words(know),
    )


class Study:
    """Everything that is learned from the records, in bounded memory."""

    def __init__(self, tools: Tools, subject: Subject, keyed: Keyed) -> None:
        """Prepare the search for the subject's values."""
        self._tools = tools
        numbers = tools.numbers
        axes = AxisNames(frozenset(numbers.latitude_names), frozenset(numbers.longitude_names))
        self._seeds = SeedFinder(subject, frozenset(numbers.joined_types), axes)
        self.phases = Phases()
        self.sightings = Sightings(keyed)
        self.exchanges = Exchanges()
        self.words = tools.words
        self.ledger = Ledger(tools.words)
        self.hosts: defaultdict[str, HostTally] = defaultdict(HostTally)
        self.notes: Counter[str] = Counter()
        self.names: dict[str, str] = {}
        self.number = 0
        self.has_ledger = False

    def add(self, record: Record) -> Exchange:
        """Study one exchange and return its fact."""
        self.number += 1
        record.host = self._host(record)
        self.names.update(learned(record, self._tools.httpdns))
        name = f"e{self.number}"
        phase = self.phases.at(record.time, record.phase)
        actor = self._tools.actors.of(record)
        path = mask_path(record.target)
        request, response = open_request(record), open_response(record)
        found: set[str] = set()
        for side in (request, response):
            hits = self._hits(side)
            where = Where(
                actor=actor,
                host=record.host,
                phase=phase,
                side=side.side,
                url_path=path,
                cleartext=record.cleartext,
                exchange=name,
                time=record.time,
            )
            for hit in hits:
                self.sightings.add(hit, where)
                if side.side == "request":
                    found.add(hit.data_type)
            self.notes.update(side.decoded.budget.notes)
        readable = _readable(request, response)
        exchange = Exchange(
            id=name,
            time=iso(record.time),
            method=record.method,
            scheme=record.scheme,
            host=record.host,
            path=path,
            port=record.port,
            ip=record.ip,
            status=record.status,
            request_bytes=record.request_size,
            response_bytes=record.response_size,
            phase=phase,
            actor=actor,
            readable=readable,
            protocol=record.protocol,
        )
        self.exchanges.add(exchange, bool(found))
        self._count(record, exchange, request, found)
        return exchange

    def _host(self, record: Record) -> str:
        """Return the name of the destination; a bare address is named by the DNS in the capture."""
        host = record.host.lower().rstrip(".")
        return self.names.get(host, host)

    def _hits(self, side: Opened) -> list[Hit]:
        """Return the finds of one side: known values first, then what looks like data."""
        seeds = prune([*self._seeds.find(side.joined), *self._seeds.find(side.raw)])
        places = {(hit.data_type, hit.field) for hit in seeds}
        taken = {hit.field for hit in seeds}
        named = (
            hit
            for hit in self._tools.detectors.find(side.joined, side.side == "response")
            if (hit.data_type, hit.field) not in places
            and (hit.field not in taken or hit.field == BODY)
            and not (hit.data_type.startswith("location") and _has_position(seeds))
        )
        return [*seeds, *named]

    def _count(self, record: Record, exchange: Exchange, request: Opened, found: set[str]) -> None:
        if not self.has_ledger:
            self.ledger.exchange(record, exchange.phase, exchange.readable)
        if record.host not in self.hosts and len(self.hosts) >= MAX_HOSTS:
            self.notes["limit-hosts"] += 1
            return
        host = self.hosts[record.host]
        host.saw(record.ip)
        host.exchanges += 1
        host.sent += record.request_size
        host.received += record.response_size
        host.cleartext |= record.cleartext
        host.personal |= found
        host.phases.add(exchange.phase)
        host.actors[exchange.actor] += 1
        if request.readable == "opaque":
            host.opaque += 1
            host.opaque_bytes += record.request_size
        host.absent += request.readable == "absent" and record.request_size > 0

    def destinations(self) -> tuple[Destination, ...]:
        """Return every host with its place, in fixed order."""
        return tuple(self._destination(name, host) for name, host in sorted(self.hosts.items()))

    def _destination(self, name: str, host: HostTally) -> Destination:
        rule = self._tools.actors.rule(name)
        place = self._tools.places.of(name, sorted(host.ips), bool(rule and rule.cdn))
        return Destination(
            host=name,
            ips=tuple(sorted(host.ips)),
            company=rule.company if rule else "",
            operator_country=rule.country if rule else "",
            hosting_country=place.country,
            outside=place.outside,
            decidable=place.decidable,
            reason=place.reason,
            sources=place.sources,
            actor=min(host.actors, key=lambda actor: (-host.actors[actor], actor), default=""),
            exchanges=host.exchanges,
            request_bytes=host.sent,
            response_bytes=host.received,
            cleartext=host.cleartext,
            personal_data=tuple(sorted(host.personal)),
            phases=tuple(sorted(host.phases)),
        )

    def damage(self) -> dict[str, int]:
        """Return how many bodies had a broken encoding, by kind."""
        return {name: count for name, count in self.notes.items() if name in _DAMAGE and count}

    def limits(self) -> dict[str, int]:
        """Return which decoding limits were hit, and how often."""
        return {name: count for name, count in self.notes.items() if name not in _DAMAGE and count}


def _has_position(hits: list[Hit]) -> bool:
    return any(hit.data_type.startswith("location") for hit in hits)


def _readable(request: Opened, response: Opened) -> str:
    """Return the state of the request's contents, of the reply's when nothing was sent."""
    if request.readable == "empty":
        return response.readable if response.readable != "absent" else "empty"
    return request.readable

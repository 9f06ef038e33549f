"""What traffic shows: exchanges, personal data seen in them, and what could not be read."""

from typing import Literal

from scanner.model.base import Doc, Text
from scanner.model.common import Confidence, Phase

Side = Literal["request", "response"]
PlaceFact = Literal["outside-data", "outside-connection", "inside-foreign", "inside", "undecided"]
"""A host abroad that received personal data; one abroad that only got a connection; a host in the
mainland run by a company from elsewhere; a host in the mainland; one that cannot be placed."""
_MAINLAND = "CN"


class Loss(Doc):
    """Entries of a capture that could not be read: why, as a stable code and in words."""

    code: str
    text: Text
    count: int = 1


class Capture(Doc):
    """One imported capture. `lost` counts entries that could not be read, `loss` says why.
    `mode` is the proxy mode when known; `started`/`ended` are ISO 8601 UTC, data of the capture.
    """

    name: str
    format: str
    sha256: str
    exchanges: int = 0
    lost: int = 0
    loss: tuple[Loss, ...] = ()
    started: str = ""
    ended: str = ""
    mode: str = ""
    phases: tuple[Phase, ...] = ()


class Exchange(Doc):
    """One request and its reply, without personal values. `path` has values masked.

    `time` is ISO 8601 UTC; sizes in bytes; `readable`: `decoded`, `opaque` (no known structure),
    `empty`, or `absent` (the capture holds no content).
    """

    id: str
    time: str
    method: str
    scheme: str
    host: str
    path: str = ""
    port: int = 0
    ip: str = ""
    status: int = 0
    request_bytes: int = 0
    response_bytes: int = 0
    phase: Phase = "unknown"
    actor: str = ""
    readable: str = "absent"
    protocol: str = ""


class Sighting(Doc):
    """Personal data seen in traffic, united over repeats.

    `value` is masked, `value_key` a keyed hash that lets equal values be recognised.
    `how` is `seed`, `seed-hash`, `checksum+key`, `checksum`, `key+shape` or `key`.
    `encodings` are the layers undone on the way to the value, outermost first.
    `field` is the path inside the message, `exchanges` the first ids that show it.
    """

    id: str
    data_type: str
    actor: str
    host: str
    phase: Phase
    side: Side
    how: str
    field: str
    value: str
    value_key: str
    exchanges: tuple[str, ...]
    encodings: tuple[str, ...] = ()
    url_path: str = ""
    cleartext: bool = False
    count: int = 1
    first: str = ""
    last: str = ""
    precision: str = ""
    confidence: Confidence = "firm"


class Destination(Doc):
    """A host that was contacted. Countries are ISO 3166-1 alpha-2, upper case.

    `hosting_country` is where the address seems to stand, `operator_country` where the company is
    registered. `decidable` is False for anycast, CDN or disputed addresses (`reason` says which).
    `outside` : True = outside the Chinese mainland (Hong Kong, Macao and Taiwan included),
    False = inside, None = not decidable.
    """

    host: str
    ips: tuple[str, ...] = ()
    company: str = ""
    operator_country: str = ""
    hosting_country: str = ""
    outside: bool | None = None
    decidable: bool = False
    reason: str = ""
    sources: tuple[str, ...] = ()
    actor: str = ""
    exchanges: int = 0
    request_bytes: int = 0
    response_bytes: int = 0
    cleartext: bool = False
    personal_data: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()

    @property
    def fact(self) -> PlaceFact:
        """Return which of the facts about the border this is: they must not be mixed up."""
        if self.outside is None:
            return "undecided"
        if self.outside:
            return "outside-data" if self.personal_data else "outside-connection"
        return "inside" if self.operator_country in ("", _MAINLAND) else "inside-foreign"


class ConnectionFact(Doc):
    """The ledger's answer for one host: how its connections ended.

    `verdict`: decrypted, cleartext, certificate-refused, suspected-pinning, private-protocol,
    upstream-unreachable, no-data, metadata-only. `reason` is a stable code or "", `detail` what
    the tool said, `text` both in words.
    """

    host: str
    verdict: str
    connections: int = 1
    bytes: int = 0
    reason: str = ""
    detail: str = ""
    text: Text | None = None
    phases: tuple[Phase, ...] = ()


class PhaseSpan(Doc):
    """A stretch of time in one phase; ISO 8601 UTC; `by` who marked it."""

    phase: Phase
    start: str
    end: str = ""
    by: str = ""


class TrafficEvidence(Doc):
    """What the captures show."""

    captures: tuple[Capture, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    destinations: tuple[Destination, ...] = ()
    connections: tuple[ConnectionFact, ...] = ()
    phases: tuple[PhaseSpan, ...] = ()
    seeds: tuple[str, ...] = ()
    """Data types of the test device whose values were known and searched for."""
    geoip: str = ""
    """Name, date and attribution of the country data, when a country is stated."""

"""pcap and pcapng: which hosts were contacted, with how many bytes. Cleartext HTTP is read too."""

import ipaddress
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scanner.traffic.decode.attempts import dns_records
from scanner.traffic.read.client_hello import server_name
from scanner.traffic.read.http_text import read_exchanges
from scanner.traffic.read.notes import Notes
from scanner.traffic.read.tshark import read_contents
from scanner.traffic.record import Link, Record

_MAX_PACKETS = 20_000_000
_MAX_TALKS = 200_000
_MAX_STREAM = 4 << 20
"""Bytes of one direction of a cleartext conversation that are kept."""
_MAX_KEPT = 256 << 20
_DNS, _MDNS, _HTTPS = 53, 5353, 443
_HTTP_PORTS = (80, 8080)
_WELL_KNOWN = 1024
_TCP, _UDP = 6, 17
_HELLO = 0x16
_METHODS = (b"GET ", b"POST ", b"PUT ", b"HEAD ", b"DELETE ", b"OPTIONS ", b"PATCH ")

Side = tuple[str, int]
Key = tuple[int, Side, Side]


@dataclass(slots=True)
class Talk:
    """One TCP or UDP conversation, seen from the side that spoke first."""

    client: Side
    server: Side
    proto: int
    time: float
    sent: int = 0
    received: int = 0
    name: str = ""
    kind: str = ""
    first: bytearray = field(default_factory=bytearray)
    up: dict[int, bytes] = field(default_factory=dict)
    down: dict[int, bytes] = field(default_factory=dict)
    kept: int = 0


def read_packets(path: Path, kind: str, notes: Notes) -> Generator[Record]:
    """Yield the cleartext HTTP exchanges of a packet capture and add a link per other host."""
    book = _Book(notes)
    with path.open("rb") as file:
        for time, data, link in _frames(file, kind, notes):
            book.packet(time, data, link)
    contents = read_contents(path, notes)
    yield from (opened.record for opened in contents)
    decrypted = {opened.client for opened in contents}
    for talk in book.talks.values():
        if talk.client in decrypted:
            continue
        records = _http(talk, book) if talk.kind == "http" else []
        yield from records
        if records:
            continue
        if talk.kind != "dns" and not ipaddress.ip_address(talk.server[0]).is_multicast:
            notes.links.append(_link(talk, book.names))
    notes.names.update(book.names)
    notes.metadata_only = True


def _frames(file: Any, kind: str, notes: Notes) -> Iterator[tuple[float, bytes, int]]:
    import dpkt  # noqa: PLC0415 - only for packet captures

    try:
        reader = dpkt.pcapng.Reader(file) if kind == "pcapng" else dpkt.pcap.Reader(file)
        link = reader.datalink()
        for number, (time, data) in enumerate(reader):
            if number >= _MAX_PACKETS:
                notes.lose("packets-beyond-limit", str(_MAX_PACKETS))
                return
            yield float(time), data, link
    except (ValueError, dpkt.Error, OverflowError, IndexError) as error:
        notes.lose("capture-cut", " ".join(str(error).split())[:80])


class _Book:
    """All conversations of a capture."""

    def __init__(self, notes: Notes) -> None:
        self.talks: dict[Key, Talk] = {}
        self.names: dict[str, str] = {}
        self._notes = notes
        self._kept = 0

    def packet(self, time: float, data: bytes, link: int) -> None:
        """Count one packet and look into what begins a conversation."""
        import dpkt  # noqa: PLC0415 - loaded by the caller

        try:
            ip = _network_layer(data, link)
            segment = ip.data if ip is not None else None
            if not isinstance(segment, dpkt.tcp.TCP | dpkt.udp.UDP):
                return
            source, target = str(ipaddress.ip_address(ip.src)), str(ipaddress.ip_address(ip.dst))
            one, other = (source, int(segment.sport)), (target, int(segment.dport))
        except (dpkt.Error, ValueError, IndexError, AttributeError):
            self._notes.lose("bad-packet")
            return
        proto = _TCP if isinstance(segment, dpkt.tcp.TCP) else _UDP
        talk = self._talk(proto, one, other, time)
        if talk is not None:
            outward = one == talk.client
            payload = bytes(segment.data)
            if outward:
                talk.sent += len(data)
            else:
                talk.received += len(data)
            if payload:
                self._payload(talk, payload, outward, int(getattr(segment, "seq", 0)))

    def _talk(self, proto: int, one: Side, other: Side, time: float) -> Talk | None:
        key = (proto, one, other) if one <= other else (proto, other, one)
        talk = self.talks.get(key)
        if talk is None:
            if len(self.talks) >= _MAX_TALKS:
                self._notes.lose("talks-beyond-limit")
                return None
            # who listens on a well-known port is the server, else who was spoken to first
            turned = one[1] < _WELL_KNOWN <= other[1]
            client, server = (other, one) if turned else (one, other)
            talk = self.talks[key] = Talk(client, server, proto, time)
        return talk

    def _payload(self, talk: Talk, payload: bytes, outward: bool, sequence: int) -> None:
        if talk.server[1] in (_DNS, _MDNS) and talk.proto == _UDP:
            talk.kind = "dns"
            records = dns_records(payload)
            for _, address in records:
                if address:  # the name that was asked for, not the alias that holds the address
                    self.names[address] = records[0][0]
            return
        if not talk.kind and outward and talk.proto == _TCP:
            self._recognise(talk, payload)
        if talk.kind == "http" and self._kept < _MAX_KEPT and talk.kept < _MAX_STREAM:
            (talk.up if outward else talk.down).setdefault(sequence, payload)
            talk.kept += len(payload)
            self._kept += len(payload)

    @staticmethod
    def _recognise(talk: Talk, payload: bytes) -> None:
        """Tell TLS, HTTP and the rest apart by the first bytes of the client."""
        if talk.server[1] in _HTTP_PORTS or (payload.startswith(_METHODS) and not talk.first):
            talk.kind = "http"
            return
        talk.first += payload[: 1 << 14]
        if talk.first[0] != _HELLO:
            talk.kind = "other"
            return
        name = server_name(bytes(talk.first))
        if name is not None:
            talk.kind, talk.name = "tls", name


def _network_layer(data: bytes, link: int) -> Any:
    """Return the IP packet of a frame: Ethernet, raw IP, Linux cooked or loopback."""
    import dpkt  # noqa: PLC0415 - loaded by the caller

    if link == dpkt.pcap.DLT_EN10MB:
        inner = dpkt.ethernet.Ethernet(data).data
    elif link == dpkt.pcap.DLT_LINUX_SLL:
        inner = dpkt.sll.SLL(data).data
    elif link in (dpkt.pcap.DLT_NULL, dpkt.pcap.DLT_LOOP):
        inner = dpkt.loopback.Loopback(data).data
    else:
        inner = dpkt.ip6.IP6(data) if data[:1] and data[0] >> 4 == 6 else dpkt.ip.IP(data)  # noqa: PLR2004 - IP version
    return inner if isinstance(inner, dpkt.ip.IP | dpkt.ip6.IP6) else None


def _link(talk: Talk, names: dict[str, str]) -> Link:
    address, port = talk.server
    kind = {"tls": "TLS", "other": "TCP"}.get(talk.kind, "UDP" if talk.proto == _UDP else "TCP")
    if talk.proto == _UDP and port == _HTTPS:
        kind = "QUIC"
    return Link(
        host=talk.name or names.get(address, address),
        verdict="metadata-only",
        time=talk.time,
        sent=talk.sent,
        received=talk.received,
        ip=address,
        reason="seen",
        detail=f"{kind}/{port}",
    )


def _http(talk: Talk, book: _Book) -> list[Record]:
    """Return the exchanges of a cleartext conversation."""
    up = b"".join(talk.up[sequence] for sequence in sorted(talk.up))
    down = b"".join(talk.down[sequence] for sequence in sorted(talk.down))
    address, port = talk.server
    records = read_exchanges(up, down)
    for record in records:
        record.time = talk.time
        record.ip, record.port = address, port
        record.host = record.host or book.names.get(address, address)
    return records

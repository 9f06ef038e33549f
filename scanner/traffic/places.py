"""Where a destination stands: hosting country by address, operator country by company."""

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple

from scanner.model.base import Doc
from scanner.traffic.countries import Address, Source

MAINLAND = "CN"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SharedNetwork(Doc):
    """Addresses that are announced from many places at once."""

    name: str
    networks: tuple[str, ...]


class PlaceTable(Doc):
    """Table `traffic_places`."""

    anycast: tuple[SharedNetwork, ...]
    cdn_suffixes: tuple[str, ...]
    httpdns_hosts: tuple[str, ...]
    source: tuple[str, ...] = ()
    checked: str = ""


class Place(NamedTuple):
    """The answer for one destination; see `Destination` for the meaning of the fields.

    `reason` is one of: `no-address`, `private-address`, `anycast`, `cdn`, `disputed`,
    `unknown-address`, `mixed`, or "".
    """

    country: str = ""
    outside: bool | None = None
    decidable: bool = False
    reason: str = ""
    sources: tuple[str, ...] = ()


class Places:
    """Places addresses with one or two tables of countries."""

    def __init__(self, table: PlaceTable, sources: Iterable[Source]) -> None:
        """Keep the tables and parse the shared networks."""
        self._sources = tuple(sources)
        self._cdn = frozenset(table.cdn_suffixes)
        self._anycast: list[tuple[Network, str]] = [
            (ipaddress.ip_network(network), shared.name)
            for shared in table.anycast
            for network in shared.networks
        ]

    def of(self, host: str, ips: Iterable[str], cdn: bool) -> Place:
        """Return where a host stands, judged by the addresses that the capture saw."""
        answers = [self._address(address) for address in _addresses((*ips, host))]
        if not answers:
            return Place(reason="no-address")
        if cdn or self._is_cdn(host):
            known = {answer.country for answer in answers if answer.country}
            return Place(
                known.pop() if len(known) == 1 else "", None, False, "cdn", answers[0].sources
            )
        decided = [answer for answer in answers if answer.decidable]
        if not decided:
            return answers[0]
        countries = sorted({answer.country for answer in decided})
        if len(countries) == 1:
            return decided[0]
        abroad = [country for country in countries if country != MAINLAND]
        return Place(abroad[0], True, True, "mixed", decided[0].sources)

    def _address(self, address: Address) -> Place:
        if not address.is_global or address.is_multicast:
            return Place(reason="private-address")
        labels = tuple(source.label for source in self._sources)
        countries = [source.country(address) for source in self._sources]
        known = {country for country in countries if country}
        country = known.pop() if len(known) == 1 else ""
        if self._is_anycast(address):
            return Place("", None, False, "anycast", labels)
        if not country:
            return Place("", None, False, "disputed" if known else "unknown-address", labels)
        return Place(country, country != MAINLAND, True, "", labels)

    def _is_anycast(self, address: Address) -> bool:
        return any(
            network.version == address.version and address in network
            for network, _ in self._anycast
        )

    def _is_cdn(self, host: str) -> bool:
        name = host.lower()
        while name:
            if name in self._cdn:
                return True
            name = name.partition(".")[2]
        return False


def _addresses(texts: Iterable[str]) -> list[Address]:
    found: list[Address] = []
    for text in dict.fromkeys(texts):
        try:
            address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
        except ValueError:
            continue
        mapped = getattr(address, "ipv4_mapped", None)
        found.append(mapped or address)
    return found

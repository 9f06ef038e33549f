"""Join traffic with code: who names a host in the package talks to it."""

from collections import defaultdict
from typing import TypeVar

import msgspec

from scanner.model.common import APP
from scanner.model.static import App, StaticEvidence
from scanner.model.traffic import Destination, Exchange, Sighting, TrafficEvidence

_UNKNOWN = "host:"
FactT = TypeVar("FactT", Exchange, Sighting, Destination)


def attribute(traffic: TrafficEvidence, app: App, static: StaticEvidence | None) -> TrafficEvidence:
    """Return the traffic with unknown hosts given to whoever names them in the package.

    A host becomes the app's when the app's own code or resources name it, or when its domain is
    the package name reversed (`com.vendor.app` -> `vendor.com`); it becomes an SDK's when only
    that SDK's code names it. A sub-domain of a named host counts as named unless the name is a
    public suffix of two labels. Hosts that nobody names stay `host:<name>`.
    """
    owners = _owners(static)
    own = _own_domain(app.package)
    actors = {
        destination.host: _actor(destination.host, owners, own)
        for destination in traffic.destinations
    }
    found = {f"{_UNKNOWN}{host}": actor for host, actor in actors.items() if actor}
    return msgspec.structs.replace(
        traffic,
        exchanges=tuple(_given(fact, found) for fact in traffic.exchanges),
        sightings=tuple(_given(fact, found) for fact in traffic.sightings),
        destinations=tuple(_given(fact, found) for fact in traffic.destinations),
    )


def _given(fact: FactT, found: dict[str, str]) -> FactT:
    """Return the fact with its actor replaced when somebody was found."""
    actor = found.get(fact.actor)
    return fact if actor is None else msgspec.structs.replace(fact, actor=actor)


def _owners(static: StaticEvidence | None) -> dict[str, set[str]]:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for endpoint in static.endpoints if static is not None else ():
        owners[endpoint.host.lower()].add(endpoint.actor)
    return owners


def _own_domain(package: str) -> str:
    parts = package.lower().split(".")
    return ".".join(reversed(parts[:2])) if len(parts) > 2 else ""  # noqa: PLR2004 - vendor and app


def _actor(host: str, owners: dict[str, set[str]], own: str) -> str:
    name = host
    while name.count(".") >= 1:
        named = owners.get(name, set())
        if APP in named:
            return APP
        if len(named) == 1:
            return next(iter(named))
        name = name.partition(".")[2]
        if name.count(".") < 2 and name not in owners:  # noqa: PLR2004 - keep to vendor.tld and longer
            break
    return APP if own and (host == own or host.endswith(f".{own}")) else ""

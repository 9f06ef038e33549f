"""Hosts abroad, with and without personal data."""

from collections.abc import Iterator

from checks.api import Hit
from checks.exports import exports
from checks.judging import lower
from checks.matrix import owner
from checks.names import join
from profiles.model import Knowledge
from scanner.model.traffic import TrafficEvidence


def run(traffic: TrafficEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each host abroad that got personal data, and one for all the others."""
    told = set()
    for export in exports(traffic, know):
        told.add(export.place.host)
        yield Hit(
            subject=export.place.host,
            message="personal",
            args=export.args(know),
            evidence=export.refs,
            confidence=export.confidence,
            severity=lower(export.severity),
            data_type=export.data_type,
            actor=owner(export.place.actor, know),
        )
    others = sorted(d.host for d in traffic.destinations if d.outside and d.host not in told)
    if others:
        yield Hit(
            subject="hosts",
            message="plain",
            args={"count": str(len(others)), "hosts": join(others)},
            evidence=tuple(f"traffic/destinations/{host}" for host in others[:5]),
            severity="info",
        )

"""Personal data on connections without encryption."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import grade
from checks.matrix import owner
from checks.names import type_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence
from scanner.model.traffic import TrafficEvidence


def run(static: StaticEvidence | None, traffic: TrafficEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each data type and host in cleartext, then the permission to do so."""
    seen: set[str] = set()
    for sighting in traffic.sightings:
        name = f"{sighting.data_type}/{sighting.host}"
        if not sighting.cleartext or sighting.side != "request" or name in seen:
            continue
        seen.add(name)
        yield Hit(
            subject=name,
            message="observed",
            args={"data": type_name(know, sighting.data_type), "host": sighting.host},
            evidence=(f"traffic/sightings/{sighting.id}",),
            confidence=sighting.confidence,
            severity=grade(know, sighting.data_type, "observed"),
            data_type=sighting.data_type,
            actor=owner(sighting.actor, know),
        )
    if static is None or not (
        static.manifest.cleartext_permitted or static.manifest.uses_cleartext_traffic
    ):
        return
    plain = [n for n, endpoint in enumerate(static.endpoints) if endpoint.cleartext]
    if plain:
        yield Hit(
            subject="permitted",
            message="permitted",
            args={"count": str(len(plain))},
            evidence=(
                "manifest/usesCleartextTraffic",
                *(f"static/endpoints/{n}" for n in plain[:5]),
            ),
            severity="low",
            outcome="review",
        )

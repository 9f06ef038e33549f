"""Permanent and resettable identifiers in one request."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import judging
from checks.matrix import owner
from checks.names import actor_name, type_name
from profiles.model import Knowledge
from scanner.model.traffic import Sighting, TrafficEvidence


def run(traffic: TrafficEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each pair of identifiers that a host gets in one request."""
    limits = judging(know)
    sent = [s for s in traffic.sightings if s.side == "request"]
    fixed = [s for s in sent if s.data_type in limits.permanent_ids]
    changing = [s for s in sent if s.data_type in limits.resettable_ids]
    told: set[str] = set()
    for one in fixed:
        for other in changing:
            subject = f"{one.data_type}+{other.data_type}/{one.host}"
            if subject in told or not _together(one, other):
                continue
            told.add(subject)
            actor = owner(one.actor, know)
            yield Hit(
                subject=subject,
                message="found",
                args={
                    "actor": actor_name(know, actor),
                    "permanent": type_name(know, one.data_type),
                    "resettable": type_name(know, other.data_type),
                    "host": one.host,
                },
                evidence=(f"traffic/sightings/{one.id}", f"traffic/sightings/{other.id}"),
                confidence="tentative"
                if "tentative" in (one.confidence, other.confidence)
                else "firm",
                data_type=one.data_type,
                actor=actor,
            )


def _together(one: Sighting, other: Sighting) -> bool:
    return one.host == other.host and bool(set(one.exchanges) & set(other.exchanges))

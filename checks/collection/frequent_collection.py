"""Personal data that is taken again and again."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import words
from checks.judging import judging, sensitivity
from checks.matrix import owner
from checks.times import minutes_between
from profiles.model import Knowledge
from scanner.model.runtime import RuntimeEvidence
from scanner.model.traffic import Sighting, TrafficEvidence


def run(
    traffic: TrafficEvidence | None, runtime: RuntimeEvidence | None, know: Knowledge
) -> Iterator[Hit]:
    """Yield one hit for each data type and actor above the rate or the number of the table.

    Identifiers are left out in traffic: they stand in every request without being read anew.
    """
    limits = judging(know)
    for sighting in traffic.sightings if traffic is not None else ():
        rate = _rate(sighting, limits.frequent_least)
        if rate <= limits.frequent_per_minute or sighting.side != "request":
            continue
        if sensitivity(know, sighting.data_type) in ("trivial", "identifier"):
            continue
        actor = owner(sighting.actor, know)
        yield Hit(
            subject=f"{sighting.data_type}/{actor}/{sighting.phase}",
            message="rate",
            args={
                **words(know, sighting.data_type, actor),
                "rate": f"{rate:.1f}",
                "count": str(sighting.count),
            },
            evidence=(f"traffic/sightings/{sighting.id}",),
            severity="high" if rate > limits.very_frequent_per_minute else "medium",
            data_type=sighting.data_type,
            actor=actor,
        )
    for number, event in enumerate(runtime.events if runtime is not None else ()):
        if event.count >= limits.many_reads and sensitivity(know, event.data_type) != "trivial":
            actor = owner(event.actor, know)
            yield Hit(
                subject=f"{event.data_type}/{actor}/{event.phase}/reads",
                message="many",
                args={**words(know, event.data_type, actor), "count": str(event.count)},
                evidence=(f"runtime/events/{number}",),
                data_type=event.data_type,
                actor=actor,
            )


def _rate(sighting: Sighting, least: int) -> float:
    """Return repeats per minute; 0 when there are too few or no times."""
    minutes = minutes_between(sighting.first, sighting.last)
    if minutes is None or minutes <= 0 or sighting.count < least:
        return 0.0
    return (sighting.count - 1) / minutes

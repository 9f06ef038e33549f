"""Identifiers that go to third parties under a hash."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import subject, words
from checks.judging import judging, sensitivity
from checks.matrix import recipient
from profiles.model import Knowledge
from scanner.model.common import APP
from scanner.model.matrix import Matrix
from scanner.model.static import StaticEvidence
from scanner.model.traffic import TrafficEvidence

_TOLD = ("clear", "sdk_list", "conditional")


def run(
    static: StaticEvidence | None,
    traffic: TrafficEvidence | None,
    matrix: Matrix,
    know: Knowledge,
) -> Iterator[Hit]:
    """Yield one hit for each identifier and third party, seen in traffic or flowing in code."""
    cells = {subject(cell): cell for cell in matrix.cells}
    seen: set[str] = set()
    for sighting in traffic.sightings if traffic is not None else ():
        actor = recipient(sighting.actor, know)
        name = f"{sighting.data_type}/{actor}"
        if sighting.how != "seed-hash" or actor == APP or name in seen:
            continue
        seen.add(name)
        said = cells[name].declared if name in cells else "not_assessed"
        told, unknown = said in _TOLD, said == "not_assessed"
        yield Hit(
            subject=name,
            message="declared" if told else "unknown" if unknown else "observed",
            args={**words(know, sighting.data_type, actor), "host": sighting.host},
            evidence=(f"traffic/sightings/{sighting.id}",),
            confidence="firm" if actor in know.sdks else "tentative",
            severity="low" if told or unknown else "medium",
            outcome="review" if told or unknown else "fail",
            data_type=sighting.data_type,
            actor=actor,
        )
    limits = judging(know)
    for number, flow in enumerate(static.flows if static is not None else ()):
        actor = recipient(flow.actor, know)
        name = f"{flow.data_type}/{actor}"
        hashed = set(flow.transforms) & set(limits.pseudonyms)
        outward = flow.sink_kind == "sdk" or (actor != APP and flow.sink_kind == "network")
        if not hashed or not outward or name in seen:
            continue
        if sensitivity(know, flow.data_type) in ("identifier", "sensitive"):
            seen.add(name)
            yield Hit(
                subject=name,
                message="code",
                args=words(know, flow.data_type, actor),
                evidence=(f"static/flows/{number}",),
                severity="low",
                outcome="review",
                data_type=flow.data_type,
                actor=actor,
            )

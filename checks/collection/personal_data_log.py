"""Personal data in the system log."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import words
from checks.judging import grade, judging, lower
from checks.matrix import is_any_data, owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each data type and actor that flows to a log, then for other traces."""
    sinks = judging(know).log_sinks
    for number, flow in enumerate(static.flows):
        if flow.sink_kind in sinks:
            actor = owner(flow.actor, know)
            yield Hit(
                subject=f"{flow.data_type}/{actor}",
                message="flow",
                args=words(know, flow.data_type, actor),
                evidence=(f"static/flows/{number}",),
                confidence="tentative" if is_any_data(flow.data_type, know) else flow.confidence,
                severity=lower(grade(know, flow.data_type, "observed")),
                data_type=flow.data_type,
                actor=actor,
            )
    for number, fact in enumerate(static.behaviours):
        if fact.kind == "personal-data-log":
            yield Hit(
                subject=f"{fact.place.cls}.{fact.place.method}",
                message="behaviour",
                args={"actor": actor_name(know, owner(fact.actor, know)), "detail": fact.detail},
                evidence=(f"static/behaviours/{number}",),
                outcome="review",
                actor=owner(fact.actor, know),
            )

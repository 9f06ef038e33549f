"""Personal data that is taken although the user said no."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.cells import phases_marked, seen_in, subject, words
from checks.judging import grade, sensitivity
from checks.reasons import NO_REFUSAL
from profiles.model import Knowledge
from scanner.model.common import Phase
from scanner.model.runtime import RuntimeEvidence
from scanner.model.traffic import TrafficEvidence

_PHASES: tuple[tuple[Phase, str], ...] = (("refused", "refused"), ("after_withdrawal", "withdrawn"))


def run(
    traffic: TrafficEvidence | None, runtime: RuntimeEvidence | None, know: Knowledge
) -> Iterator[Hit]:
    """Yield one hit for each data type and actor seen after refusal or withdrawal."""
    for phase, message in _PHASES:
        for seen in seen_in((phase,), traffic, runtime, know):
            trivial = sensitivity(know, seen.data_type) == "trivial"
            yield Hit(
                subject=f"{subject(seen)}/{phase}",
                message=message,
                args=words(know, seen.data_type, seen.actor),
                evidence=seen.refs,
                confidence=seen.confidence,
                severity=grade(know, seen.data_type, "observed"),
                outcome="review" if trivial else "fail",
                data_type=seen.data_type,
                actor=seen.actor,
            )
    if not phases_marked(traffic, runtime) & {"refused", "after_withdrawal"}:
        raise NotAssessed(NO_REFUSAL)

"""Personal data that is taken while the app is in the background."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.cells import phases_marked, seen_in, subject, words
from checks.judging import grade, lower, sensitivity
from checks.reasons import NO_BACKGROUND
from profiles.model import Knowledge
from scanner.model.matrix import Matrix
from scanner.model.runtime import RuntimeEvidence
from scanner.model.traffic import TrafficEvidence

_UNTOLD = ("omitted", "incorrect")


def run(
    traffic: TrafficEvidence | None,
    runtime: RuntimeEvidence | None,
    matrix: Matrix,
    know: Knowledge,
) -> Iterator[Hit]:
    """Yield one hit for each data type and actor seen in the background."""
    declared = {subject(cell): cell.declared for cell in matrix.cells}
    for seen in seen_in(("background",), traffic, runtime, know):
        if sensitivity(know, seen.data_type) == "trivial":
            continue
        untold = declared.get(subject(seen)) in _UNTOLD
        severity = grade(know, seen.data_type, "observed")
        yield Hit(
            subject=subject(seen),
            message="untold" if untold else "told",
            args={**words(know, seen.data_type, seen.actor), "count": str(seen.times)},
            evidence=seen.refs,
            confidence=seen.confidence,
            severity=severity if untold else lower(severity),
            outcome="fail" if untold else "review",
            data_type=seen.data_type,
            actor=seen.actor,
        )
    if "background" not in phases_marked(traffic, runtime):
        raise NotAssessed(NO_BACKGROUND)

"""Personal data that the policy denies and somebody takes all the same."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import confidence, subject, words
from checks.judging import grade, is_sensitive, lower, strength
from profiles.model import Knowledge
from scanner.model.matrix import Matrix


def run(matrix: Matrix, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each cell with behaviour that the policy denies, wholly or in part."""
    for cell in matrix.cells:
        strong = strength(cell)
        if strong is None or cell.declared not in ("incorrect", "ambiguous"):
            continue
        denied = cell.declared == "incorrect"
        severity = grade(know, cell.data_type, strong)
        if denied and strong == "observed" and is_sensitive(know, cell.data_type):
            severity = "critical"
        yield Hit(
            subject=subject(cell),
            message=strong if denied else "ambiguous",
            args=words(know, cell.data_type, cell.actor),
            evidence=cell.evidence,
            confidence=confidence(cell),
            severity=severity if denied else lower(severity),
            outcome="fail" if denied and strong == "observed" else "review",
            data_type=cell.data_type,
            actor=cell.actor,
        )

"""Personal data that is taken before the user could agree."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.cells import confidence, is_nobody, phases_marked, refs, seen_in, subject, words
from checks.judging import grade, judging, lower, sensitivity
from checks.names import join, permission_name
from checks.reasons import NO_PHASES
from profiles.model import Knowledge
from scanner.model.matrix import Cell, Matrix
from scanner.model.runtime import RuntimeEvidence
from scanner.model.static import StaticEvidence
from scanner.model.traffic import TrafficEvidence


def run(
    static: StaticEvidence | None,
    traffic: TrafficEvidence | None,
    runtime: RuntimeEvidence | None,
    matrix: Matrix,
    know: Knowledge,
) -> Iterator[Hit]:
    """Yield one hit for each cell seen before consent, or sure to be read then by the code."""
    early = {subject(seen): seen for seen in seen_in(("before_consent",), traffic, runtime, know)}
    for cell in matrix.cells:
        seen = early.get(subject(cell))
        if seen is not None:
            yield Hit(
                subject=subject(cell),
                message="observed",
                args=words(know, cell.data_type, cell.actor),
                evidence=(*seen.refs, *refs(cell, "static/")),
                confidence=seen.confidence,
                severity=grade(know, cell.data_type, "observed"),
                data_type=cell.data_type,
                actor=cell.actor,
            )
        elif static is not None and cell.before_consent:
            yield from _by_code(cell, know)
    if "before_consent" not in phases_marked(traffic, runtime):
        raise NotAssessed(NO_PHASES)


def _by_code(cell: Cell, know: Knowledge) -> Iterator[Hit]:
    """Judge by code alone: a guard, a permission not yet granted or an unknown owner leaves it
    to a person.
    """
    if (
        sensitivity(know, cell.data_type) == "trivial"
        or cell.data_type in judging(know).made_by_apps
    ):
        return
    sure = cell.before_consent_confidence != "tentative" and not is_nobody(cell.actor)
    severity = grade(know, cell.data_type, "leaves")
    yield Hit(
        subject=subject(cell),
        message=_message(cell),
        args={
            **words(know, cell.data_type, cell.actor),
            "permissions": join(permission_name(know, name) for name in cell.before_consent_needs),
        },
        evidence=refs(cell, "static/"),
        confidence=confidence(cell) if sure else "tentative",
        severity=severity if sure else lower(severity),
        outcome="fail" if sure else "review",
        data_type=cell.data_type,
        actor=cell.actor,
    )


def _message(cell: Cell) -> str:
    if cell.before_consent_needs:
        return "ungranted"
    return "guarded" if cell.before_consent_confidence == "tentative" else "code"

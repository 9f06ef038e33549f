"""The list of installed apps in somebody's hands."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import confidence, words
from checks.judging import strength
from checks.matrix import owner
from profiles.model import Knowledge
from scanner.model.common import Severity
from scanner.model.matrix import Cell, Matrix
from scanner.model.static import StaticEvidence

_TOLD = ("clear", "sdk_list", "conditional")


def run(static: StaticEvidence, matrix: Matrix, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each actor that can read or was seen sending the list."""
    actors: set[str] = set()
    for cell in matrix.cells:
        if cell.data_type == "installed_apps" and strength(cell) is not None:
            actors.add(cell.actor)
            yield _hit(cell, know)
    for number, fact in enumerate(static.behaviours):
        actor = owner(fact.actor, know)
        if fact.kind == "package-listing" and actor not in actors:
            actors.add(actor)
            yield Hit(
                subject=actor,
                message="untold",
                args=words(know, "installed_apps", actor),
                evidence=(f"static/behaviours/{number}",),
                confidence="tentative",
                data_type="installed_apps",
                actor=actor,
            )


def _hit(cell: Cell, know: Knowledge) -> Hit:
    """Grade by what the policy says; without a policy the list is only worth a note."""
    told = cell.declared in _TOLD
    unknown = cell.declared == "not_assessed"
    message = "told" if told else "unknown" if unknown else "untold"
    quiet: Severity = "info" if told or unknown else "low"
    if strength(cell) != "reachable" and not told and not unknown:
        quiet = "medium"
    return Hit(
        subject=cell.actor,
        message="early" if cell.before_consent else message,
        args=words(know, cell.data_type, cell.actor),
        evidence=cell.evidence,
        confidence=confidence(cell),
        severity="low" if cell.before_consent and quiet == "info" else quiet,
        data_type=cell.data_type,
        actor=cell.actor,
    )

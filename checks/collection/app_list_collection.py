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
    """Grade by what the policy says; without a policy the list is only worth a note, and so are
    questions about single apps.
    """
    single = strength(cell) == "reachable" and cell.reachable_confidence == "tentative"
    early = bool(cell.before_consent) and cell.before_consent_confidence != "tentative"
    return Hit(
        subject=cell.actor,
        message="single" if single else "early" if early else _told(cell),
        args=words(know, cell.data_type, cell.actor),
        evidence=cell.evidence,
        confidence=confidence(cell),
        severity="info" if single else _severity(cell, early=early),
        data_type=cell.data_type,
        actor=cell.actor,
    )


def _told(cell: Cell) -> str:
    if cell.declared in _TOLD:
        return "told"
    return "unknown" if cell.declared == "not_assessed" else "untold"


def _severity(cell: Cell, *, early: bool) -> Severity:
    if _told(cell) != "untold":
        return "low" if early else "info"
    return "low" if strength(cell) == "reachable" else "medium"

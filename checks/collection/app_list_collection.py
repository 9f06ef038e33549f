"""The list of installed apps in somebody's hands."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import confidence, words
from checks.judging import strength
from checks.matrix import owner
from profiles.model import Knowledge
from scanner.model.matrix import Cell, Matrix
from scanner.model.static import StaticEvidence

_TOLD = ("clear", "sdk_list", "conditional", "not_assessed")


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
    told = cell.declared in _TOLD
    strong = strength(cell) != "reachable" and not told
    message = "told" if told else "untold"
    return Hit(
        subject=cell.actor,
        message="early" if cell.before_consent else message,
        args=words(know, cell.data_type, cell.actor),
        evidence=cell.evidence,
        confidence=confidence(cell),
        severity="medium" if strong else "info" if told and not cell.before_consent else "low",
        data_type=cell.data_type,
        actor=cell.actor,
    )

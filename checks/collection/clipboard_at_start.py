"""The clipboard, read without any user action."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import is_nobody, refs
from checks.matrix import owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.matrix import Matrix
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, matrix: Matrix, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each actor whose code reads it at start."""
    found: dict[str, tuple[tuple[str, ...], bool]] = {}
    for cell in matrix.cells:
        if cell.data_type == "clipboard" and cell.before_consent:
            sure = cell.before_consent_confidence != "tentative"
            found[cell.actor] = (refs(cell, "static/"), sure)
    for number, fact in enumerate(static.behaviours):
        if fact.kind == "clipboard-at-start":
            sure = not fact.reach.guarded and fact.confidence != "tentative"
            found.setdefault(owner(fact.actor, know), ((f"static/behaviours/{number}",), sure))
    for actor, (evidence, sure) in sorted(found.items()):
        firm = sure and not is_nobody(actor)
        yield Hit(
            subject=actor,
            message="sure" if firm else "unsure",
            args={"actor": actor_name(know, actor)},
            evidence=evidence,
            confidence="firm" if firm else "tentative",
            severity="medium" if firm else "low",
            data_type="clipboard",
            actor=actor,
        )

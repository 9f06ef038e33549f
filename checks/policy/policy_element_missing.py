"""Content that every policy must have and this one lacks."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import Required, is_sensitive, judging, strength
from checks.policy_text import element
from profiles.model import Knowledge
from scanner.model.matrix import Matrix
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence


def run(
    static: StaticEvidence | None, policy: PolicyEvidence, matrix: Matrix, know: Knowledge
) -> Iterator[Hit]:
    """Yield one hit for each required element that was looked for and not found."""
    for required in judging(know).required_elements:
        if not _is_due(required, static, matrix, know):
            continue
        found = element(policy, required.id)
        if found.found == "not_found":
            yield Hit(
                subject=required.id,
                message="missing",
                args={"element": required.name},
                evidence=(f"policy/elements/{required.id}",),
                confidence=found.confidence,
                severity=required.severity,
                outcome="review" if required.severity == "info" else None,
            )


def _is_due(
    required: Required, static: StaticEvidence | None, matrix: Matrix, know: Knowledge
) -> bool:
    """Tell whether the duty arises for this app."""
    if required.when == "sensitive":
        return any(strength(c) and is_sensitive(know, c.data_type) for c in matrix.cells)
    if required.when == "sdks":
        return static is not None and any(match.reachable for match in static.sdks)
    return True

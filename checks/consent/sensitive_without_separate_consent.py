"""Sensitive data without a word of separate consent."""

from collections.abc import Iterator

from checks.api import Hit, NotApplicable
from checks.cells import confidence, subject, words
from checks.judging import is_sensitive, strength
from checks.policy_text import element
from checks.reasons import NO_SENSITIVE
from profiles.model import DataType, Knowledge
from scanner.model.base import Text, same
from scanner.model.matrix import Matrix
from scanner.model.policy import PolicyEvidence

_REF = "policy/elements/E06"


def run(policy: PolicyEvidence, matrix: Matrix, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each sensitive type that somebody handles."""
    cells = [c for c in matrix.cells if strength(c) and is_sensitive(know, c.data_type)]
    if element(policy, "E06").found != "not_found":
        return
    if not cells:
        raise NotApplicable(NO_SENSITIVE)
    for cell in cells:
        observed = strength(cell) == "observed"
        yield Hit(
            subject=subject(cell),
            message="found",
            args={
                **words(know, cell.data_type, cell.actor),
                "basis": basis(know.data_types[cell.data_type]),
            },
            evidence=(*cell.evidence, _REF),
            confidence=confidence(cell),
            severity="medium" if observed else "low",
            data_type=cell.data_type,
            actor=cell.actor,
        )


def basis(known: DataType) -> Text:
    """Return which of the two official notions calls the type sensitive."""
    by_old, by_new = known.sensitive_35273, known.sensitive_45574 == "yes"
    if by_old and not by_new:
        return Text(
            zh="GB/T 35273 附录 B 列入，GB/T 45574 未列入",
            en="listed in GB/T 35273 annex B, not in GB/T 45574",
        )
    return same("GB/T 35273 / GB/T 45574" if by_old else "GB/T 45574")

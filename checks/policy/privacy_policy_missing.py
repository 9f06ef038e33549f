"""No privacy policy can be found, or it says nothing."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.judging import judging, strength
from checks.policy_text import screens
from checks.reasons import DRAWN_BY_ENGINE, NOT_HANDED_IN
from checks.screens import drawn_by_engine
from profiles.model import Knowledge
from scanner.model.matrix import Matrix
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence


def run(
    static: StaticEvidence | None,
    policy: PolicyEvidence | None,
    matrix: Matrix,
    know: Knowledge,
) -> Iterator[Hit]:
    """Yield one hit when the text holds no rules, or when neither text nor link was found."""
    if policy is not None and policy.documents:
        chars = sum(document.chars for document in policy.documents)
        if not policy.statements:
            yield Hit(
                subject="rules",
                message="no_rules",
                args={"chars": str(chars)},
                evidence=("absence/policy/",),
                # In a long text without a statement our reading may be what fails.
                confidence="firm" if chars < judging(know).least_policy_chars else "tentative",
            )
        return
    if static is None or static.policies or screens(static, "policy-link", "privacy-prompt"):
        raise NotAssessed(NOT_HANDED_IN)
    if drawn_by_engine(static, know):
        raise NotAssessed(DRAWN_BY_ENGINE)
    collects = any(strength(cell) is not None for cell in matrix.cells)
    yield Hit(
        subject="policy",
        message="nowhere",
        evidence=("absence/policy/", "absence/ui/policy-link"),
        confidence="tentative",
        severity="medium" if collects else "low",
    )

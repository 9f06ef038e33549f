"""No rules on the personal data of minors."""

from collections.abc import Iterator

from checks.api import Context, Hit
from checks.judging import judging
from checks.policy_text import element, screens
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence


def run(
    policy: PolicyEvidence, static: StaticEvidence | None, ctx: Context, know: Knowledge
) -> Iterator[Hit]:
    """Yield one hit when the policy has no such rules, or none for children under 14."""
    found, under14 = element(policy, "E17"), element(policy, "E17.under14")
    seen = screens(static, "childrens-mode")
    for_children = bool(seen) or ctx.category in judging(know).childrens_categories
    if found.found == "not_found":
        yield Hit(
            subject="minors",
            message="child_app" if for_children else "missing",
            evidence=("policy/elements/E17", *seen[:2]),
            confidence=found.confidence,
            severity="medium" if for_children else "low",
            outcome="fail" if seen else "review",
        )
    elif under14.found == "not_found":
        yield Hit(
            subject="under14",
            message="no_age",
            evidence=("policy/elements/E17.under14", *seen[:2]),
            confidence=under14.confidence,
            severity="low" if for_children else "info",
        )

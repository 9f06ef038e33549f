"""A policy that the app's own screens do not lead to."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.policy_text import screens
from checks.reasons import DRAWN_BY_ENGINE
from checks.screens import drawn_by_engine
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit when a policy exists and no screen names it."""
    if drawn_by_engine(static, know):
        raise NotAssessed(DRAWN_BY_ENGINE)
    if policy.statements and not screens(static, "policy-link"):
        yield Hit(
            subject="link",
            message="missing",
            evidence=("absence/ui/policy-link",),
            confidence="tentative",
        )

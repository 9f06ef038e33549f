"""Accounts without a way to cancel them."""

from collections.abc import Iterator

from checks.api import Hit, NotApplicable
from checks.judging import judging
from checks.policy_text import missing_right, screens
from checks.reasons import NO_ACCOUNT
from profiles.model import Knowledge
from scanner.model.common import APP
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence

_ID = "E13.cancel"
_SCREEN = "account-cancellation"


def run(policy: PolicyEvidence, static: StaticEvidence | None, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit when an app with accounts offers no cancellation, or only half of it."""
    signs = set(judging(know).account_types)
    has_accounts = any(
        statement.actor == APP
        and statement.polarity == "positive"
        and signs & {*statement.data_types}
        for statement in policy.statements
    )
    told = any(e.id == _ID and e.found != "not_found" for e in policy.elements)
    if not (has_accounts or told or screens(static, _SCREEN)):
        raise NotApplicable(NO_ACCOUNT)
    yield from missing_right(policy, static, _ID, (_SCREEN,), "medium")

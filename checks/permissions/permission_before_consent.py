"""Permissions that open personal data, asked for before the user could agree."""

from collections.abc import Iterator

from checks.api import Hit
from checks.grants import is_asked_early
from checks.judging import judging
from checks.names import permission_name
from checks.permission_facts import is_personal
from profiles.model import Knowledge
from scanner.model.static import App, StaticEvidence


def run(app: App, static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each such permission. A chain with many steps may not run at start."""
    rules = judging(know)
    if (app.target_sdk or 0) < rules.runtime_permissions_sdk:
        return
    for number, fact in enumerate(static.permissions):
        known = know.permissions.get(fact.name)
        if known is None or not is_personal(known) or not is_asked_early(fact):
            continue
        far = len(fact.request_reach.chain) > rules.sure_chain
        yield Hit(
            subject=fact.name,
            message="far" if far else "early",
            args={"permission": permission_name(know, fact.name)},
            evidence=(f"static/permissions/{number}",),
            confidence="tentative" if far else "firm",
            severity="low" if far else "medium",
        )

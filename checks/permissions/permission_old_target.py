"""Target levels that take choices away from the user."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.judging import judging
from checks.reasons import NO_TARGET
from profiles.model import Knowledge
from scanner.model.static import App, StaticEvidence


def run(app: App, static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit when the target level predates run-time permissions, or newer limits."""
    if app.target_sdk is None:
        raise NotAssessed(NO_TARGET)
    limits = judging(know)
    dangerous = [
        number
        for number, fact in enumerate(static.permissions)
        if fact.declared
        and fact.name in know.permissions
        and know.permissions[fact.name].protection == "dangerous"
    ]
    if not dangerous or app.target_sdk >= limits.old_target_sdk:
        return
    all_at_once = app.target_sdk < limits.runtime_permissions_sdk
    yield Hit(
        subject="target" if all_at_once else "limits",
        message="all" if all_at_once else "old",
        args={"target": str(app.target_sdk), "count": str(len(dangerous))},
        evidence=(
            "manifest/targetSdkVersion",
            *(f"static/permissions/{number}" for number in dangerous[:5]),
        ),
        confidence="certain",
        severity="medium" if all_at_once else "low",
        outcome="fail" if all_at_once else "review",
    )

"""Personalisation without a switch."""

from collections.abc import Iterator

from checks.api import Hit, NotApplicable
from checks.judging import judging
from checks.names import join
from checks.policy_text import element, screens
from checks.reasons import NO_PERSONALISATION
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence


def run(policy: PolicyEvidence, static: StaticEvidence | None, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit when there are signs of personalisation and no way to switch it off.

    What the policy itself says is a sure sign; an advertising SDK alone is for review.
    """
    seen = screens(static, "personalisation-switch")
    told = element(policy, "E15").found != "not_found"
    categories = judging(know).personalising_sdk_categories
    matches = [
        (n, match.sdk)
        for n, match in enumerate(static.sdks if static is not None else ())
        if match.sdk in know.sdks and know.sdks[match.sdk].category in categories
    ]
    if not (told or seen or matches):
        raise NotApplicable(NO_PERSONALISATION)
    switch = element(policy, "E15.switch")
    if switch.found != "not_found":
        return
    yield Hit(
        subject="untold" if seen else "switch",
        message="screen_only" if seen else "missing" if told else "sdk",
        args={"sdk": join(know.sdks[name].name for _, name in matches)},
        evidence=(
            "policy/elements/E15.switch",
            *(("policy/elements/E15",) if told else ()),
            *seen[:1],
            *(f"static/sdks/{n}" for n, _ in matches[:3]),
        ),
        confidence=switch.confidence,
        severity="medium" if told and not seen else "low",
        outcome="fail" if told and not seen else "review",
    )

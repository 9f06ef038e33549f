"""A prompt that only accepts yes."""

from collections.abc import Iterator

from checks.api import Hit, NotApplicable
from checks.policy_text import screens
from checks.reasons import NO_PROMPT
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence) -> Iterator[Hit]:
    """Yield one hit when there is a prompt and nothing that refuses."""
    prompts = screens(static, "privacy-prompt")
    if not prompts:
        raise NotApplicable(NO_PROMPT)
    if not screens(static, "refuse-button"):
        agree = screens(static, "agree-button")
        yield Hit(
            subject="refuse",
            message="missing",
            evidence=(prompts[0], *agree[:1], "absence/ui/refuse-button"),
            confidence="firm" if agree else "tentative",
        )

"""No filing number on any screen."""

from collections.abc import Iterator

from checks.api import Hit
from checks.policy_text import screens
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence) -> Iterator[Hit]:
    """Yield one hit when no screen shows a number; a web page may, so it is for review."""
    if not screens(static, "filing-number"):
        yield Hit(
            subject="filing",
            message="missing",
            evidence=("absence/ui/filing-number",),
            confidence="tentative",
        )

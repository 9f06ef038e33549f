"""No prompt to read the rules at first run."""

from collections.abc import Iterator

from checks.api import Hit, NotApplicable, NotAssessed
from checks.judging import strength
from checks.policy_text import screens
from checks.reasons import DRAWN_BY_ENGINE, NO_PERSONAL_DATA
from checks.screens import drawn_by_engine
from profiles.model import Knowledge
from scanner.model.matrix import Matrix
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, matrix: Matrix, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit when no screen holds a prompt although the app handles personal data."""
    if screens(static, "privacy-prompt"):
        return
    if drawn_by_engine(static, know):
        raise NotAssessed(DRAWN_BY_ENGINE)
    if not any(strength(cell) is not None for cell in matrix.cells):
        raise NotApplicable(NO_PERSONAL_DATA)
    yield Hit(
        subject="prompt",
        message="missing",
        evidence=("absence/ui/privacy-prompt",),
        confidence="tentative",
    )

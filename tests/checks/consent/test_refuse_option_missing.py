"""A prompt that only accepts yes."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import NotApplicable

NAME = "refuse-option-missing"


def screens(*kinds: str) -> Any:
    return made.static(ui=tuple(made.ui(kind) for kind in kinds))


@pytest.mark.parametrize(
    ("kinds", "confidence"),
    [(("privacy-prompt", "agree-button"), "firm"), (("privacy-prompt",), "tentative")],
)
def test_no_refuse_button(kinds: tuple[str, ...], confidence: str) -> None:
    assert one(NAME, static=screens(*kinds)).confidence == confidence


def test_a_refuse_button_is_no_hit() -> None:
    assert hits(NAME, static=screens("privacy-prompt", "refuse-button")) == []


def test_without_a_prompt_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        hits(NAME, static=screens("agree-button"))

"""Going on taken for consent."""

import made
import pytest
from judge import hits, one

NAME = "implied-consent"


@pytest.mark.parametrize(
    ("kind", "expected"), [("implied-consent", 1), ("agree-button", 0), ("unticked-consent", 0)]
)
def test_only_such_words(kind: str, expected: int) -> None:
    assert len(hits(NAME, static=made.static(ui=(made.ui(kind),)))) == expected


def test_a_guess_stays_a_guess() -> None:
    fact = made.ui("implied-consent", confidence="tentative")
    assert one(NAME, static=made.static(ui=(fact,))).confidence == "tentative"

"""One tap for everything."""

import made
import pytest
from judge import hits, one

NAME = "consent-not-separable"


@pytest.mark.parametrize(
    ("kind", "expected"), [("bundled-consent", 1), ("agree-button", 0), ("unticked-consent", 0)]
)
def test_only_such_words(kind: str, expected: int) -> None:
    assert len(hits(NAME, static=made.static(ui=(made.ui(kind),)))) == expected


def test_a_guess_stays_a_guess() -> None:
    fact = made.ui("bundled-consent", confidence="tentative")
    assert one(NAME, static=made.static(ui=(fact,))).confidence == "tentative"

"""Consent ticked for the user."""

import made
import pytest
from judge import hits, one

NAME = "default-ticked-consent"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("default-ticked-consent", 1), ("unticked-consent", 0), ("agree-button", 0)],
)
def test_only_a_ticked_box(kind: str, expected: int) -> None:
    assert len(hits(NAME, static=made.static(ui=(made.ui(kind),)))) == expected


def test_a_guess_stays_a_guess() -> None:
    fact = made.ui("default-ticked-consent", confidence="tentative")
    assert one(NAME, static=made.static(ui=(fact,))).confidence == "tentative"

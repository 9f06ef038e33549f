"""No filing number."""

import made
from judge import hits, one

NAME = "filing-number-missing"


def test_none_is_tentative() -> None:
    assert one(NAME, static=made.static()).confidence == "tentative"


def test_a_number_is_no_hit() -> None:
    assert hits(NAME, static=made.static(ui=(made.ui("filing-number"),))) == []


def test_another_screen_is_no_number() -> None:
    assert len(hits(NAME, static=made.static(ui=(made.ui("complaint"),)))) == 1

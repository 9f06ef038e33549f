"""Quitting on a refusal."""

import made
import pytest
from judge import hits, one

NAME = "permission-required-to-proceed"


def test_an_answer_that_ends_the_screen_is_for_review() -> None:
    fact = made.behaviour("exit-on-permission-answer")
    hit = one(NAME, static=made.static(behaviours=(fact,)))
    assert (hit.message, hit.confidence, hit.actor) == ("found", "tentative", "app")


@pytest.mark.parametrize("kind", ["permission-burst", "keep-alive"])
def test_other_behaviours_are_no_hit(kind: str) -> None:
    assert hits(NAME, static=made.static(behaviours=(made.behaviour(kind),))) == []

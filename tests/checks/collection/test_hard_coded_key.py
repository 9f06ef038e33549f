"""Keys that stand in the code."""

import made
import pytest
from judge import hits, one

NAME = "hard-coded-key"


def test_a_key_in_code_that_runs_is_for_review() -> None:
    code = made.static(behaviours=(made.behaviour(NAME, reach=made.reach()),))
    hit = one(NAME, static=code)
    assert (hit.outcome, hit.severity, hit.confidence) == (
        None,
        None,
        "firm",
    )  # the card says review


@pytest.mark.parametrize(("reachable", "count"), [(None, 1), (False, 0)])
def test_dead_code_encrypts_nothing(reachable: bool | None, count: int) -> None:
    code = made.static(behaviours=(made.behaviour(NAME, reach=made.reach(reachable)),))
    found = hits(NAME, static=code)
    assert len(found) == count
    assert all(hit.confidence == "tentative" for hit in found)


def test_other_behaviours_are_no_hit() -> None:
    assert hits(NAME, static=made.static(behaviours=(made.behaviour("overlay"),))) == []

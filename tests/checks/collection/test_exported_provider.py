"""Content providers that are open to other apps."""

import made
from judge import hits, one

NAME = "exported-provider"


def test_an_open_provider_is_for_review() -> None:
    fact = made.behaviour(NAME, detail="a.b.data", confidence="certain")
    hit = one(NAME, static=made.static(behaviours=(fact,)))
    assert (hit.subject, hit.outcome, hit.confidence) == ("a.b.Main", None, "certain")


def test_its_owner_is_told() -> None:
    fact = made.behaviour(NAME, actor="bugly")
    assert one(NAME, static=made.static(behaviours=(fact,))).actor == "bugly"


def test_other_behaviours_are_no_hit() -> None:
    assert hits(NAME, static=made.static(behaviours=(made.behaviour("keep-alive"),))) == []

"""Declared and not seen."""

import made
from judge import hits, one

NAME = "over-declaration"
SAID = made.policy(made.statement("contacts"))


def test_declared_and_unseen_is_a_note() -> None:
    hit = one(NAME, policy=SAID, static=made.static(), traffic=made.traffic())
    assert hit.confidence == "tentative"


def test_declared_and_used_is_no_hit() -> None:
    code = made.static(calls=(made.call("contacts"),))
    assert hits(NAME, policy=SAID, static=code, traffic=made.traffic()) == []


def test_used_by_an_sdk_is_no_hit() -> None:
    code = made.static(calls=(made.call("contacts", actor="amplitude"),))
    assert hits(NAME, policy=SAID, static=code, traffic=made.traffic()) == []


def test_what_users_type_in_cannot_be_judged() -> None:
    typed = made.policy(made.statement("occupation"))
    assert hits(NAME, policy=typed, static=made.static(), traffic=made.traffic()) == []

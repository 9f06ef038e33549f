"""Declared and not explained."""

import made
import pytest
from judge import hits, one

NAME = "permission-unexplained"
CONTACTS = made.static(permissions=(made.permission("READ_CONTACTS"),))


def test_neither_permission_nor_data_told_fails() -> None:
    hit = one(NAME, static=CONTACTS, policy=made.policy())
    assert (hit.message, hit.outcome, hit.severity) == ("untold", "fail", "medium")


def test_data_told_but_not_the_permission_is_for_review() -> None:
    hit = one(NAME, static=CONTACTS, policy=made.policy(made.statement("contacts")))
    assert (hit.message, hit.outcome, hit.severity) == ("data_only", "review", "low")


def test_denied_data_does_not_explain_the_permission() -> None:
    denial = made.policy(made.statement("contacts", polarity="negative"))
    assert one(NAME, static=CONTACTS, policy=denial).message == "untold"


def test_explained_is_no_hit() -> None:
    said = made.policy(permissions=("android.permission.READ_CONTACTS",))
    assert hits(NAME, static=CONTACTS, policy=said) == []


def test_a_sibling_explained_is_enough() -> None:
    said = made.policy(permissions=("android.permission.WRITE_CONTACTS",))
    assert hits(NAME, static=CONTACTS, policy=said) == []


@pytest.mark.parametrize("name", ["INTERNET", "POST_NOTIFICATIONS"])
def test_permissions_that_open_little_are_no_hit(name: str) -> None:
    code = made.static(permissions=(made.permission(name),))
    assert hits(NAME, static=code, policy=made.policy()) == []

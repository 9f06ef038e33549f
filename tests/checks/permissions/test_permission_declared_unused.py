"""Declared and never used."""

from typing import Any

import made
import pytest
from judge import hits, one

NAME = "permission-declared-unused"


def facts(*permissions: Any) -> Any:
    return made.static(permissions=permissions)


def test_declared_and_unused_fails() -> None:
    hit = one(NAME, static=facts(made.permission("READ_CONTACTS")))
    assert (hit.message, hit.severity, hit.confidence) == ("unused", "medium", "firm")


def test_used_is_no_hit() -> None:
    assert hits(NAME, static=facts(made.permission("READ_CONTACTS", used_by=("app",)))) == []


def test_asked_for_and_unused_says_so() -> None:
    fact = made.permission("READ_CONTACTS", requested_at=(made.place(),))
    assert one(NAME, static=facts(fact)).message == "requested"


def test_a_sibling_in_use_leaves_it_to_a_person() -> None:
    used = made.permission("READ_CONTACTS", used_by=("app",))
    hit = one(NAME, static=facts(made.permission("WRITE_CONTACTS"), used))
    assert (hit.confidence, hit.severity) == ("tentative", "low")


@pytest.mark.parametrize("name", ["INTERNET", "READ_EXTERNAL_STORAGE", "x.y.CUSTOM"])
def test_what_cannot_be_judged_is_no_hit(name: str) -> None:
    assert hits(NAME, static=facts(made.permission(name))) == []

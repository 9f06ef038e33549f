"""Permissions that such apps do not usually need."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import Context, NotAssessed

NAME = "permission-beyond-category"
TOLD = Context(category="utility", category_confidence="certain")


def facts(name: str) -> Any:
    return made.static(permissions=(made.permission(name),))


def test_an_unusual_permission_is_for_review() -> None:
    hit = one(NAME, TOLD, static=facts("READ_CALL_LOG"))
    assert (hit.confidence, hit.severity) == ("firm", "medium")


def test_a_guessed_category_is_a_hint_at_most() -> None:
    hit = one(NAME, Context(category="utility"), static=facts("READ_CALL_LOG"))
    assert (hit.confidence, hit.severity) == ("tentative", "low")


@pytest.mark.parametrize("name", ["CAMERA", "INTERNET", "POST_NOTIFICATIONS", "x.y.CUSTOM"])
def test_usual_or_ungrouped_is_no_hit(name: str) -> None:
    assert hits(NAME, TOLD, static=facts(name)) == []


def test_an_unknown_category_is_not_assessed() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, static=facts("READ_CALL_LOG"))

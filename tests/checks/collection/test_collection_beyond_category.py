"""Data that such apps do not usually need."""

import made
import pytest
from judge import hits, one

from checks.api import Context, NotAssessed

NAME = "collection-beyond-category"
TOLD = Context(category="utility", category_confidence="certain")


def test_unusual_data_is_for_review() -> None:
    seen = made.traffic(made.sighting("sms_content"))
    hit = one(NAME, TOLD, traffic=seen)
    assert (hit.confidence, hit.severity) == ("firm", "medium")


def test_a_guessed_category_is_a_hint_at_most() -> None:
    guess = Context(category="utility", category_confidence="firm")
    hit = one(NAME, guess, traffic=made.traffic(made.sighting("sms_content")))
    assert (hit.confidence, hit.severity) == ("tentative", "low")


def test_usual_data_is_no_hit() -> None:
    assert hits(NAME, TOLD, traffic=made.traffic(made.sighting("location_coarse"))) == []


def test_data_behind_no_permission_group_is_no_hit() -> None:
    assert hits(NAME, TOLD, traffic=made.traffic(made.sighting("oaid"))) == []


def test_a_phone_number_typed_in_by_the_user_is_no_hit() -> None:
    assert hits(NAME, TOLD, traffic=made.traffic(made.sighting("phone_number"))) == []


def test_an_unknown_category_is_not_assessed() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, traffic=made.traffic())

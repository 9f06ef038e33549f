"""A policy without a way to it."""

import made
import pytest
from judge import hits, one

from checks.api import NotAssessed

NAME = "policy-hard-to-reach"
POLICY = made.policy(made.statement("imei"))


def test_a_policy_that_no_screen_names_is_for_a_person_to_look_for() -> None:
    hit = one(NAME, static=made.static(), policy=POLICY)
    assert (hit.message, hit.confidence) == ("missing", "tentative")


def test_a_link_is_enough() -> None:
    code = made.static(ui=(made.ui("policy-link"),))
    assert hits(NAME, static=code, policy=POLICY) == []


def test_without_rules_there_is_nothing_to_reach() -> None:
    assert hits(NAME, static=made.static(), policy=made.policy()) == []


def test_screens_that_an_engine_draws_show_nothing() -> None:
    drawn = made.static(sdks=(made.sdk("flutter"),))
    with pytest.raises(NotAssessed):
        hits(NAME, static=drawn, policy=POLICY)

"""Personalisation without a switch."""

from typing import Any

import made
import pytest
from judge import KNOW, hits, one

from checks.api import NotApplicable

NAME = "personalisation-switch-missing"
ADS = next(s.id for s in KNOW.sdks.values() if s.category == "ads")


def said(about: str, switch: str) -> Any:
    return made.policy(elements=(made.element("E15", about), made.element("E15.switch", switch)))


def test_told_without_a_switch_fails() -> None:
    hit = one(NAME, policy=said("present", "not_found"))
    assert (hit.message, hit.outcome, hit.severity) == ("missing", "fail", "medium")


def test_an_advertising_sdk_alone_is_for_review() -> None:
    code = made.static(sdks=(made.sdk(ADS),))
    hit = one(NAME, policy=said("not_found", "not_found"), static=code)
    assert (hit.message, hit.outcome) == ("sdk", "review")


def test_a_switch_on_screen_is_half() -> None:
    code = made.static(ui=(made.ui("personalisation-switch"),))
    hit = one(NAME, policy=said("present", "not_found"), static=code)
    assert (hit.message, hit.outcome) == ("screen_only", "review")


def test_a_switch_in_the_policy_is_no_hit() -> None:
    assert hits(NAME, policy=said("present", "present")) == []


def test_no_sign_no_question() -> None:
    code = made.static(sdks=(made.sdk("amplitude"),))
    with pytest.raises(NotApplicable):
        hits(NAME, policy=said("not_found", "not_found"), static=code)

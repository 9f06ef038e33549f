"""No way to withdraw consent."""

from typing import Any

import made
from judge import hits, one

NAME = "consent-withdrawal-missing"


def said(found: str, value: str = "", **changes: Any) -> Any:
    return made.policy(elements=(made.element("E13.withdraw", found, value=value, **changes),))


def test_nowhere_fails() -> None:
    hit = one(NAME, policy=said("not_found"), static=made.static())
    assert (hit.message, hit.outcome, hit.severity) == ("missing", None, "medium")


def test_a_screen_is_half() -> None:
    code = made.static(ui=(made.ui("withdraw-consent"),))
    hit = one(NAME, policy=said("not_found"), static=code)
    assert (hit.message, hit.outcome, hit.severity) == ("screen_only", "review", "low")


def test_told_with_a_way_is_no_hit() -> None:
    assert hits(NAME, policy=said("present", "设置-隐私")) == []


def test_told_without_a_way_is_half() -> None:
    assert one(NAME, policy=said("present")).message == "no_way"


def test_a_hint_is_no_hit() -> None:
    assert hits(NAME, policy=said("probable")) == []


def test_a_thin_text_stays_tentative() -> None:
    assert one(NAME, policy=said("not_found", confidence="tentative")).confidence == "tentative"

"""Accounts without an end."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import NotApplicable

NAME = "account-cancellation-missing"
ACCOUNT = made.statement("account_id")


def said(found: str, *statements: Any, value: str = "设置") -> Any:
    value = "" if found == "not_found" else value
    return made.policy(*statements, elements=(made.element("E13.cancel", found, value=value),))


def test_accounts_without_cancellation_fail() -> None:
    hit = one(NAME, policy=said("not_found", ACCOUNT), static=made.static())
    assert (hit.message, hit.outcome) == ("missing", None)


def test_a_screen_is_half() -> None:
    code = made.static(ui=(made.ui("account-cancellation"),))
    assert one(NAME, policy=said("not_found"), static=code).message == "screen_only"


def test_told_with_a_way_is_no_hit_and_without_half() -> None:
    assert hits(NAME, policy=said("present", ACCOUNT)) == []
    assert one(NAME, policy=said("present", ACCOUNT, value="")).message == "no_way"


def test_without_accounts_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        hits(NAME, policy=said("not_found", made.statement("imei")))

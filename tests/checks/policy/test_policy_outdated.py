"""A policy older than the rules."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import Context, NotAssessed

NAME = "policy-outdated"


def dated(text: str) -> Any:
    found = "present" if text else "not_found"
    return made.policy(elements=(made.element("E19", found, value=text),))


def test_older_than_a_rule_in_force() -> None:
    hit = one(NAME, policy=dated("更新日期：2019年1月5日"))
    assert (hit.message, hit.args["date"]) == ("older", "2019-01-05")


def test_as_of_a_day_before_the_rule_it_is_not() -> None:
    old = Context(as_of="2019-02-01")
    assert hits(NAME, old, policy=dated("更新日期：2019年1月5日")) == []


@pytest.mark.parametrize(("as_of", "expected"), [("2028-06-30", 0), ("2028-07-01", 1)])
def test_old_on_the_day_of_judging(as_of: str, expected: int) -> None:
    found = hits(NAME, Context(as_of=as_of), policy=dated("更新日期：2026-07-01"))
    assert [hit.message for hit in found] == ["old"] * expected


def test_recent_is_no_hit() -> None:
    assert hits(NAME, policy=dated("生效日期：2026/10/01")) == []


@pytest.mark.parametrize("text", ["", "版本 3"])
def test_without_a_date_it_is_not_assessed(text: str) -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, policy=dated(text))

"""Sensitive data without a word of separate consent."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import NotApplicable

NAME = "sensitive-without-separate-consent"


def said(found: str) -> Any:
    return made.policy(elements=(made.element("E06", found),))


def test_seen_weighs_more_than_possible() -> None:
    seen = made.traffic(made.sighting("location_precise"))
    assert one(NAME, traffic=seen, policy=said("not_found")).severity == "medium"
    code = made.static(calls=(made.call("location_precise"),))
    assert one(NAME, static=code, policy=said("not_found")).severity == "low"


def test_the_notion_of_sensitive_is_named() -> None:
    seen = made.traffic(made.sighting("id_number"))
    hit = one(NAME, traffic=seen, policy=said("not_found"))
    assert "未列入" in hit.args["basis"].zh
    photo = made.traffic(made.sighting("id_photo"))
    assert "未列入" not in one(NAME, traffic=photo, policy=said("not_found")).args["basis"].zh


def test_told_is_no_hit() -> None:
    seen = made.traffic(made.sighting("location_precise"))
    assert hits(NAME, traffic=seen, policy=said("present")) == []


def test_without_sensitive_data_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        hits(NAME, traffic=made.traffic(made.sighting("imei")), policy=said("not_found"))

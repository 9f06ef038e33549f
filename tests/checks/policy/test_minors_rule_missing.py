"""No rules on minors."""

from typing import Any

import made
from judge import hits, one

from checks.api import Context

NAME = "minors-rule-missing"


def said(rules: str, under14: str = "not_found") -> Any:
    return made.policy(elements=(made.element("E17", rules), made.element("E17.under14", under14)))


def test_missing_is_low() -> None:
    hit = one(NAME, policy=said("not_found"))
    assert (hit.message, hit.severity, hit.outcome) == ("missing", "low", "review")


def test_an_app_with_a_youth_mode_fails() -> None:
    code = made.static(ui=(made.ui("childrens-mode"),))
    hit = one(NAME, policy=said("not_found"), static=code)
    assert (hit.message, hit.severity, hit.outcome) == ("child_app", "medium", "fail")


def test_an_education_app_weighs_more() -> None:
    hit = one(NAME, Context(category="education"), policy=said("not_found"))
    assert (hit.severity, hit.outcome) == ("medium", "review")


def test_rules_without_the_age_are_a_note() -> None:
    assert one(NAME, policy=said("present")).severity == "info"


def test_full_rules_are_no_hit() -> None:
    assert hits(NAME, policy=said("present", "present")) == []

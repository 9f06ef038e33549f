"""Content that must be there."""

from typing import Any

import made
import msgspec
import pytest
from judge import hits, one

from checks.api import NotAssessed

NAME = "policy-element-missing"
DUE = (
    "E01",
    "E02",
    "E04",
    "E07",
    "E16",
    "E18",
    "E19",
    "E10",
    "E08",
    "E05",
    "E11",
    "E23.collected",
    "E23.shared",
)


def said(**found: str) -> Any:
    return made.policy(elements=tuple(made.element(e, found.get(e, "present")) for e in DUE))


def test_a_missing_element_is_named() -> None:
    hit = one(NAME, policy=said(E07="not_found"))
    assert (hit.subject, hit.severity) == ("E07", "medium")


def test_all_there_is_no_hit() -> None:
    assert hits(NAME, policy=said()) == []


def test_a_hint_of_an_element_is_no_hit() -> None:
    assert hits(NAME, policy=said(E07="probable")) == []


def test_need_and_effect_are_due_only_for_sensitive_data() -> None:
    assert hits(NAME, policy=said(E05="not_found")) == []
    seen = made.traffic(made.sighting("location_precise"))
    assert one(NAME, policy=said(E05="not_found"), traffic=seen).subject == "E05"


@pytest.mark.parametrize(("reachable", "expected"), [(True, 1), (None, 0)])
def test_an_sdk_list_is_due_only_with_sdks(reachable: bool | None, expected: int) -> None:
    code = made.static(sdks=(made.sdk(reachable=reachable),))
    assert len(hits(NAME, policy=said(E11="not_found"), static=code)) == expected


def test_a_foreign_text_is_not_assessed() -> None:
    document = msgspec.structs.replace(said().documents[0], language="en")
    with pytest.raises(NotAssessed):
        hits(NAME, policy=msgspec.structs.replace(said(), documents=(document,)))


def test_the_two_lists_are_good_practice() -> None:
    elements = tuple(made.element(e, "not_found" if e == "E23.shared" else "present") for e in DUE)
    hit = one(NAME, policy=made.policy(elements=elements))
    assert (hit.severity, hit.outcome) == ("info", "review")


def test_a_list_page_is_no_policy() -> None:
    document = msgspec.structs.replace(said().documents[0], kind="sdk-list")
    with pytest.raises(NotAssessed):
        hits(NAME, policy=msgspec.structs.replace(said(), documents=(document,)))

"""Means by which an app stays alive."""

import made
import pytest
from judge import hits, one

from scanner.model.static import Location

NAME = "keep-alive"


def test_a_component_made_to_stay_is_for_review() -> None:
    hit = one(NAME, static=made.static(behaviours=(made.behaviour(NAME),)))
    assert (hit.subject, hit.severity, hit.confidence) == ("a.b.Main", "low", "firm")


def test_what_ordinary_apps_have_too_is_a_note() -> None:
    fact = made.behaviour(NAME, confidence="tentative")
    assert one(NAME, static=made.static(behaviours=(fact,))).severity == "info"


@pytest.mark.parametrize(("reachable", "count"), [(None, 1), (True, 1), (False, 0)])
def test_dead_code_keeps_nothing_alive(reachable: bool | None, count: int) -> None:
    fact = made.behaviour(NAME, reach=made.reach(reachable))
    assert len(hits(NAME, static=made.static(behaviours=(fact,)))) == count


def test_one_class_is_one_finding() -> None:
    facts = (made.behaviour(NAME, detail="a"), made.behaviour(NAME, detail="b"))
    assert len(hits(NAME, static=made.static(behaviours=facts))) == 1


def test_auto_start_is_another_matter() -> None:
    assert hits(NAME, static=made.static(behaviours=(made.behaviour("auto-start"),))) == []


@pytest.mark.parametrize(("method", "message"), [("onDestroy", "restarts"), ("", "found")])
def test_a_service_that_comes_back_is_named_as_such(method: str, message: str) -> None:
    place = Location(cls="a.b.Push", method=method)
    fact = made.behaviour(NAME, place=place)
    assert one(NAME, static=made.static(behaviours=(fact,))).message == message

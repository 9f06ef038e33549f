"""Means by which an app stays alive."""

import made
import pytest
from judge import hits, one

from checks.collection.keep_alive import _TRICKS
from profiles.model import Knowledge
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


@pytest.mark.parametrize(
    ("detail", "message", "said"),
    [
        ("restart", "restart", "a.b.Push.onDestroy"),
        ("timed-restart", "timed-restart", "a.b.Push.onDestroy"),
        ("mutual-guard: a.b.Guard", "mutual-guard", "a.b.Push.onDestroy a.b.Guard"),
        ("android.content.SyncAdapter", "found", "a.b.Push android.content.SyncAdapter"),
    ],
)
def test_a_trick_is_named_as_such(detail: str, message: str, said: str) -> None:
    place = Location(cls="a.b.Push", method="onDestroy")
    hit = one(
        NAME, static=made.static(behaviours=(made.behaviour(NAME, place=place, detail=detail),))
    )
    assert (hit.message, hit.args["detail"]) == (message, said)


def test_each_trick_has_its_message_and_its_words(know: Knowledge) -> None:
    for trick in sorted(_TRICKS):
        fact = made.behaviour(NAME, detail=trick)
        assert one(NAME, static=made.static(behaviours=(fact,))).message == trick
        assert f"trick.{trick}" in know.words


def test_two_tricks_of_one_class_are_two_findings() -> None:
    facts = (made.behaviour(NAME, detail="empty-sync"), made.behaviour(NAME, detail="silent-audio"))
    assert len(hits(NAME, static=made.static(behaviours=facts))) == 2

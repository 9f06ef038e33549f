"""Requests that come back."""

import made
import pytest
from judge import hits, one

from scanner.model.static import Reach, StaticEvidence

NAME = "permission-asked-again"


def asked(*chain: str, method: str = "ask") -> StaticEvidence:
    fact = made.permission(
        "READ_CONTACTS",
        requested_at=(made.place("a.b.Main", method),),
        request_reach=Reach(reachable=True, chain=chain),
    )
    return made.static(permissions=(fact,))


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("onResume", "on_return"),
        ("onStart", "on_return"),
        ("onRequestPermissionsResult", "after_refusal"),
    ],
)
def test_on_the_way_or_at_the_place_itself(step: str, message: str) -> None:
    assert one(NAME, static=asked(f"a.b.Main.{step}", "a.b.Main.ask")).message == message
    assert one(NAME, static=asked(method=step)).message == message


@pytest.mark.parametrize("step", ["onCreate", "onClick", "onResumeLater"])
def test_once_or_on_the_users_act_is_no_hit(step: str) -> None:
    assert hits(NAME, static=asked(f"a.b.Main.{step}", "a.b.Main.ask")) == []


def test_the_answer_weighs_more_than_the_return() -> None:
    hit = one(NAME, static=asked("a.b.Main.onResume", method="onRequestPermissionsResult"))
    assert (hit.message, hit.confidence) == ("after_refusal", "tentative")

"""The clipboard without a user action."""

import made
from judge import hits, one

NAME = "clipboard-at-start"


def test_unguarded_code_is_firm() -> None:
    code = made.static(calls=(made.call("clipboard", reach=made.reach(before=True)),))
    hit = one(NAME, static=code)
    assert (hit.message, hit.severity) == ("sure", "medium")


def test_guarded_code_is_tentative() -> None:
    guarded = made.reach(before=True, guarded=True)
    hit = one(NAME, static=made.static(calls=(made.call("clipboard", reach=guarded),)))
    assert (hit.message, hit.confidence) == ("unsure", "tentative")


def test_a_reading_after_a_tap_is_no_hit() -> None:
    assert hits(NAME, static=made.static(calls=(made.call("clipboard"),))) == []


def test_the_behaviour_alone_counts() -> None:
    code = made.static(behaviours=(made.behaviour("clipboard-at-start"),))
    assert one(NAME, static=code).actor == "app"

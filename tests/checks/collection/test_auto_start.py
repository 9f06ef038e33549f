"""Entries that start the app."""

import made
from judge import hits, one

NAME = "auto-start"


def test_a_boot_receiver_is_for_review() -> None:
    code = made.static(behaviours=(made.behaviour("auto-start", detail="BOOT_COMPLETED"),))
    assert one(NAME, static=code).subject == "a.b.Main/BOOT_COMPLETED"


def test_keep_alive_is_another_matter() -> None:
    assert hits(NAME, static=made.static(behaviours=(made.behaviour("keep-alive"),))) == []


def test_two_receivers_are_two_findings() -> None:
    facts = tuple(made.behaviour("auto-start", detail=d) for d in ("BOOT", "PRESENT"))
    assert len({h.subject for h in hits(NAME, static=made.static(behaviours=facts))}) == 2

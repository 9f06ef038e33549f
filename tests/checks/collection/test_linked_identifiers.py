"""Identifiers that defeat each other."""

from typing import Any

import made
from judge import hits, one

NAME = "linked-identifiers"


def sent(*others: Any) -> Any:
    return made.traffic(made.sighting("android_id"), *others)


def test_both_in_one_request() -> None:
    hit = one(NAME, traffic=sent(made.sighting("oaid")))
    assert hit.subject == "android_id+oaid/api.example.com"


def test_in_two_requests_is_no_hit() -> None:
    assert hits(NAME, traffic=sent(made.sighting("oaid", exchanges=("e2",)))) == []


def test_to_two_hosts_is_no_hit() -> None:
    assert hits(NAME, traffic=sent(made.sighting("oaid", host="b.example"))) == []


def test_two_of_a_kind_are_no_hit() -> None:
    assert hits(NAME, traffic=sent(made.sighting("mac_address"))) == []


def test_a_guess_stays_a_guess() -> None:
    hit = one(NAME, traffic=sent(made.sighting("oaid", confidence="tentative")))
    assert hit.confidence == "tentative"

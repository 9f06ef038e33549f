"""No policy, or one without rules."""

import made
import msgspec
import pytest
from judge import hits, one

from checks.api import NotAssessed
from scanner.model import static as static_types

NAME = "privacy-policy-missing"
LONG = made.policy(made.statement("imei"))


def test_a_text_with_rules_is_no_hit() -> None:
    assert hits(NAME, policy=LONG) == []


def test_a_text_without_statements_fails() -> None:
    assert one(NAME, policy=made.policy()).message == "no_rules"


def test_a_short_text_with_rules_is_no_hit() -> None:
    document = msgspec.structs.replace(LONG.documents[0], chars=10)
    assert hits(NAME, policy=msgspec.structs.replace(LONG, documents=(document,))) == []


@pytest.mark.parametrize(("chars", "confidence"), [(499, "firm"), (500, "tentative")])
def test_in_a_long_text_our_reading_may_have_failed(chars: int, confidence: str) -> None:
    empty = made.policy()
    document = msgspec.structs.replace(LONG.documents[0], chars=chars)
    read = msgspec.structs.replace(empty, documents=(document,))
    assert one(NAME, policy=read).confidence == confidence


def test_neither_text_nor_link_is_tentative() -> None:
    hit = one(NAME, static=made.static(calls=(made.call(),)))
    assert (hit.message, hit.confidence, hit.severity) == ("nowhere", "tentative", "medium")


def test_a_link_without_a_text_is_not_assessed() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, static=made.static(ui=(made.ui("policy-link"),)))


def test_screens_that_cannot_be_read_are_not_assessed() -> None:
    flutter = static_types.LibraryMatch(library="flutter")
    with pytest.raises(NotAssessed):
        hits(NAME, static=made.static(libraries=(flutter,)))

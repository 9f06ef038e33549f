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


@pytest.mark.parametrize(("chars", "expected"), [(499, 1), (500, 0)])
def test_a_very_short_text(chars: int, expected: int) -> None:
    document = msgspec.structs.replace(LONG.documents[0], chars=chars)
    short = msgspec.structs.replace(LONG, documents=(document,))
    assert len(hits(NAME, policy=short)) == expected


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

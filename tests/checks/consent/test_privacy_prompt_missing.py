"""No prompt at first run."""

import made
import pytest
from judge import hits, one

from checks.api import NotApplicable, NotAssessed
from scanner.model import static as static_types

NAME = "privacy-prompt-missing"
CALLS = (made.call(),)


def test_no_prompt_is_tentative() -> None:
    hit = one(NAME, static=made.static(calls=CALLS))
    assert hit.confidence == "tentative"


def test_a_prompt_is_no_hit() -> None:
    assert hits(NAME, static=made.static(calls=CALLS, ui=(made.ui("privacy-prompt"),))) == []


def test_an_app_that_takes_nothing_needs_none() -> None:
    with pytest.raises(NotApplicable):
        hits(NAME, static=made.static())


def test_screens_that_cannot_be_read_are_not_assessed() -> None:
    flutter = static_types.LibraryMatch(library="flutter")
    with pytest.raises(NotAssessed):
        hits(NAME, static=made.static(calls=CALLS, libraries=(flutter,)))

"""Promises that take too long."""

from typing import Any

import made
import pytest
from judge import hits, one

NAME = "response-time-too-long"


def promised(text: str) -> Any:
    return made.policy(
        elements=(made.element("E14", "present" if text else "not_found", value=text),)
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("我们将在30个工作日内答复", "working"),
        ("十六个工作日内回复", "working"),
        ("30天内答复", "natural"),
        ("三十日内处理", "natural"),
        ("22天内答复", "natural"),
    ],
)
def test_too_long(text: str, message: str) -> None:
    hit = one(NAME, policy=promised(text))
    assert (hit.message, hit.outcome) == (message, None)


@pytest.mark.parametrize("text", ["15个工作日内答复", "十五个工作日内", "7天内回复", "21天内答复"])
def test_within_the_limit(text: str) -> None:
    assert hits(NAME, policy=promised(text)) == []


def test_no_promise_is_for_review() -> None:
    assert one(NAME, policy=promised("")).outcome == "review"

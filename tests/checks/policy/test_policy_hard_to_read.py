"""A policy that is hard to read."""

from typing import Any

import made
import pytest
from judge import hits

from scanner.model import policy as policy_types

NAME = "policy-hard-to-read"


def measured(**changes: Any) -> Any:
    fields = {"chars": 5000, "simplified_share": 0.9, "mean_sentence": 40.0, **changes}
    return made.policy(readability=policy_types.Readability(**fields))


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({}, []),
        ({"chars": 30000}, []),
        ({"chars": 30001}, ["long"]),
        ({"simplified_share": 0.5}, []),
        ({"simplified_share": 0.49}, ["language"]),
        ({"mean_sentence": 90.0}, []),
        ({"mean_sentence": 90.5}, ["sentences"]),
        ({"chars": 0, "simplified_share": 0.0}, []),
    ],
)
def test_each_measure(changes: dict[str, Any], messages: list[str]) -> None:
    assert [hit.message for hit in hits(NAME, policy=measured(**changes))] == messages

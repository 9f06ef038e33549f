"""Statements against each other."""

from typing import Any

import made
import msgspec
import pytest
from judge import hits, one

NAME = "policy-contradiction"
YES = made.statement("imei")
NO = made.statement("imei", polarity="negative", start=50, end=60)


def test_said_and_denied_is_for_review() -> None:
    assert one(NAME, policy=made.policy(YES, NO)).subject == "imei/app/collect"


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "third_party"},
        {"action": "share"},
        {"data_types": ("oaid",)},
        {"polarity": "negative_with_exception"},
        {"confidence": "tentative"},
        {"start": 5, "end": 20},
    ],
)
def test_another_actor_action_type_or_sentence_is_none(changes: dict[str, Any]) -> None:
    assert hits(NAME, policy=made.policy(YES, msgspec.structs.replace(NO, **changes))) == []

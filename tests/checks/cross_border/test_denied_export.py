"""Abroad, and the policy denies it."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import NotAssessed

NAME = "denied-export"


def sent(data_type: str = "imei", outside: bool | None = True) -> Any:
    return made.traffic(
        made.sighting(data_type, host="x.example"),
        destinations=(made.host("x.example", outside=outside),),
    )


def test_denied_and_seen_fails_and_sensitive_data_is_critical() -> None:
    said = made.policy(cross_border=made.export("denied"))
    assert one(NAME, traffic=sent(), policy=said).severity == "high"
    assert one(NAME, traffic=sent("location_precise"), policy=said).severity == "critical"


def test_a_loose_denial_is_for_review() -> None:
    said = made.policy(cross_border=made.export("denied", confidence="tentative"))
    assert one(NAME, traffic=sent(), policy=said).confidence == "tentative"


@pytest.mark.parametrize("stance", ["none", "declared", "conditional"])
def test_no_denial_is_no_hit(stance: str) -> None:
    said = made.policy(cross_border=made.export(stance))
    assert hits(NAME, traffic=sent(), policy=said) == []


def test_denied_and_kept_inside_is_no_hit() -> None:
    said = made.policy(cross_border=made.export("denied"))
    assert hits(NAME, traffic=sent(outside=False), policy=said) == []
    with pytest.raises(NotAssessed):
        hits(NAME, traffic=sent(outside=None), policy=said)

"""Taken again and again."""

from typing import Any

import made
import pytest
from judge import hits, one

from scanner.model.runtime import RuntimeEvidence

NAME = "frequent-collection"


def often(
    count: int, last: str = "2026-11-01T00:01:00Z", data_type: str = "location_precise"
) -> Any:
    return made.traffic(
        made.sighting(data_type, count=count, first="2026-11-01T00:00:00Z", last=last)
    )


def test_above_the_rate_is_for_review() -> None:
    hit = one(NAME, traffic=often(10))
    assert (hit.args["rate"], hit.severity) == ("9.0", "medium")


def test_far_above_the_rate_is_high() -> None:
    assert one(NAME, traffic=often(40)).severity == "high"


def test_just_at_the_rate_is_no_hit() -> None:
    assert hits(NAME, traffic=often(5, last="2026-11-01T00:02:00Z")) == []
    assert hits(NAME, traffic=often(6, last="2026-11-01T00:02:00Z")) != []


def test_few_readings_are_no_rate() -> None:
    assert hits(NAME, traffic=often(4, last="2026-11-01T00:00:01Z")) == []


def test_an_identifier_in_each_request_is_not_read_anew() -> None:
    assert hits(NAME, traffic=often(40, data_type="imei")) == []


@pytest.mark.parametrize(("count", "expected"), [(59, 0), (60, 1)])
def test_many_readings_in_a_log(count: int, expected: int) -> None:
    runtime = RuntimeEvidence(events=(made.event(count=count),))
    assert len(hits(NAME, runtime=runtime)) == expected

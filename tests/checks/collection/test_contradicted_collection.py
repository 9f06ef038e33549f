"""What the policy denies and somebody does."""

from typing import Any

import made
from judge import hits, one

NAME = "contradicted-collection"


def deny(data_type: str) -> Any:
    return made.policy(made.statement(data_type, polarity="negative"))


def test_denied_and_seen_fails() -> None:
    hit = one(NAME, traffic=made.traffic(made.sighting()), policy=deny("imei"))
    assert (hit.outcome, hit.severity) == ("fail", "high")


def test_sensitive_data_denied_and_seen_is_critical() -> None:
    seen = made.traffic(made.sighting("location_precise"))
    assert one(NAME, traffic=seen, policy=deny("location_precise")).severity == "critical"


def test_code_alone_is_for_review() -> None:
    code = made.static(calls=(made.call(),), flows=(made.flow(),))
    assert one(NAME, static=code, policy=deny("imei")).outcome == "review"


def test_said_and_denied_is_for_review() -> None:
    both = made.policy(
        made.statement("imei"), made.statement("imei", polarity="negative", start=50, end=60)
    )
    hit = one(NAME, traffic=made.traffic(made.sighting()), policy=both)
    assert (hit.outcome, hit.message) == ("review", "ambiguous")


def test_denied_and_not_done_is_no_hit() -> None:
    assert hits(NAME, traffic=made.traffic(), policy=deny("imei")) == []

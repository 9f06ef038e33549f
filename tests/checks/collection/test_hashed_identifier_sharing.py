"""Hashing is not anonymisation."""

from typing import Any

import made
from judge import hits, one

NAME = "hashed-identifier-sharing"


def hashed(actor: str = "umeng-common") -> Any:
    return made.traffic(made.sighting("imei", actor=actor, how="seed-hash"))


def test_a_hash_of_an_identifier_is_still_the_identifier() -> None:
    hit = one(NAME, traffic=hashed(), policy=made.policy())
    assert (hit.outcome, hit.severity) == ("fail", "medium")


def test_told_is_for_review() -> None:
    said = made.policy(sdks=(made.row(data_types=("imei",)),))
    assert one(NAME, traffic=hashed(), policy=said).outcome == "review"


def test_the_app_hashing_for_itself_is_no_hit() -> None:
    assert hits(NAME, traffic=hashed("app")) == []


def test_a_plain_value_belongs_to_other_checks() -> None:
    seen = made.traffic(made.sighting("imei", actor="umeng-common"))
    assert hits(NAME, traffic=seen, policy=made.policy()) == []


def test_a_host_of_nobody_is_tentative() -> None:
    hit = one(NAME, traffic=hashed("host:x.example"), policy=made.policy())
    assert hit.confidence == "tentative"


def test_a_hash_that_flows_out_in_code_is_for_review() -> None:
    flow = made.flow("imei", actor="umeng-common", transforms=("hash", "base64"))
    assert one(NAME, static=made.static(flows=(flow,))).message == "code"
    plain = made.flow("imei", actor="umeng-common", transforms=("base64",))
    assert hits(NAME, static=made.static(flows=(plain,))) == []


def test_without_a_policy_it_is_for_review() -> None:
    hit = one(NAME, traffic=hashed())
    assert (hit.message, hit.outcome) == ("unknown", "review")

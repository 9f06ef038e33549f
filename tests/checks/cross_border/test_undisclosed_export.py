"""Abroad, and the policy is silent."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import NotAssessed

NAME = "undisclosed-export"


def sent(outside: bool | None, *data_types: str, **changes: Any) -> Any:
    seen = [made.sighting(d, host="x.example", **changes) for d in data_types or ("imei",)]
    return made.traffic(*seen, destinations=(made.host("x.example", outside=outside),))


@pytest.mark.parametrize(
    ("data_type", "severity"),
    [("location_precise", "high"), ("imei", "high"), ("app_generated_id", "medium")],
)
def test_abroad_and_untold_fails_by_sensitivity(data_type: str, severity: str) -> None:
    hit = one(NAME, traffic=sent(True, data_type), policy=made.policy())
    assert (hit.severity, hit.data_type) == (severity, data_type)


def test_one_finding_per_host_named_after_what_weighs_most() -> None:
    hit = one(NAME, traffic=sent(True, "device_model_os", "imei"), policy=made.policy())
    assert (hit.data_type, hit.subject) == ("imei", "x.example")


def test_inside_is_no_hit() -> None:
    assert hits(NAME, traffic=sent(False), policy=made.policy()) == []


def test_an_undecidable_place_is_not_assessed_and_no_accusation() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, traffic=sent(None), policy=made.policy())


@pytest.mark.parametrize("stance", ["declared", "denied", "conditional"])
def test_a_policy_that_speaks_of_export_belongs_to_other_checks(stance: str) -> None:
    said = made.policy(cross_border=made.export(stance))
    assert hits(NAME, traffic=sent(True), policy=said) == []


def test_a_reply_from_abroad_is_no_export() -> None:
    assert hits(NAME, traffic=sent(True, "imei", side="response"), policy=made.policy()) == []


def test_without_personal_data_is_no_export() -> None:
    seen = made.traffic(destinations=(made.host("x.example", outside=True),))
    assert hits(NAME, traffic=seen, policy=made.policy()) == []

"""Personal data without encryption."""

import made
import pytest
from judge import hits, one

from scanner.model import static as static_types

NAME = "cleartext-personal-data"


@pytest.mark.parametrize(("data_type", "severity"), [("imei", "high"), ("device_model_os", "low")])
def test_cleartext_fails_by_sensitivity(data_type: str, severity: str) -> None:
    hit = one(NAME, traffic=made.traffic(made.sighting(data_type, cleartext=True)))
    assert hit.severity == severity


def test_encrypted_is_no_hit() -> None:
    assert hits(NAME, traffic=made.traffic(made.sighting())) == []


def test_a_reply_in_cleartext_is_no_hit() -> None:
    assert hits(NAME, traffic=made.traffic(made.sighting(cleartext=True, side="response"))) == []


@pytest.mark.parametrize(("permitted", "expected"), [(True, 1), (False, 0)])
def test_the_permission_needs_an_address_too(permitted: bool, expected: int) -> None:
    code = made.static(
        manifest=static_types.ManifestFlags(cleartext_permitted=permitted),
        endpoints=(static_types.Endpoint(host="x.example", cleartext=True),),
    )
    assert len(hits(NAME, traffic=made.traffic(), static=code)) == expected


def test_permission_without_an_address_is_no_hit() -> None:
    code = made.static(manifest=static_types.ManifestFlags(uses_cleartext_traffic=True))
    assert hits(NAME, traffic=made.traffic(), static=code) == []

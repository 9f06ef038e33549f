"""Third parties that get data too early."""

import made
import pytest
from judge import hits, one, partial

from checks.api import NotAssessed

NAME = "third-party-sharing-before-consent"


def test_an_sdk_before_consent_fails() -> None:
    hit = one(NAME, traffic=made.traffic(made.sighting(actor="amplitude", phase="before_consent")))
    assert (hit.message, hit.severity, hit.confidence) == ("observed", "high", "firm")


def test_the_app_itself_is_no_third_party() -> None:
    assert hits(NAME, traffic=made.traffic(made.sighting(phase="before_consent"))) == []


def test_after_consent_is_no_hit() -> None:
    assert hits(NAME, traffic=made.traffic(made.sighting(actor="amplitude"))) == []


def test_an_unknown_host_may_be_the_apps_own() -> None:
    seen = made.sighting(actor="host:api.example.com", phase="before_consent")
    hit = one(NAME, traffic=made.traffic(seen))
    assert (hit.confidence, hit.severity) == ("tentative", "medium")


def test_an_sdk_initialised_early_is_for_review() -> None:
    early = made.sdk("amplitude", initialised_before_consent=True)
    reads = made.call("android_id", actor="amplitude", reach=made.reach(before=True))
    assert one(NAME, static=made.static(sdks=(early,), calls=(reads,))).outcome == "review"


@pytest.mark.parametrize("guarded", [True, None])
def test_an_sdk_behind_a_guard_or_without_data_is_no_hit(guarded: bool | None) -> None:
    early = made.sdk("amplitude", initialised_before_consent=True)
    reads = made.call(actor="amplitude", reach=made.reach(before=True, guarded=True))
    code = made.static(sdks=(early,), calls=(reads,) if guarded else ())
    assert partial(NAME, static=code) == []


def test_without_phases_silence_is_not_assessed() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, traffic=made.traffic(phases=()))

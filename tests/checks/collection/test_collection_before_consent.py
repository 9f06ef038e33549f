"""Taken before the user could agree."""

import made
import pytest
from judge import hits, one, partial

from checks.api import NotAssessed
from scanner.model.runtime import RuntimeEvidence

NAME = "collection-before-consent"
EARLY = made.reach(before=True)


def test_seen_before_consent_fails() -> None:
    seen = made.traffic(made.sighting(phase="before_consent"))
    hit = one(NAME, traffic=seen)
    assert (hit.message, hit.outcome, hit.severity) == ("observed", None, "high")


def test_seen_after_consent_is_no_hit() -> None:
    assert hits(NAME, traffic=made.traffic(made.sighting())) == []


def test_the_guard_band_between_phases_is_no_hit() -> None:
    assert hits(NAME, traffic=made.traffic(made.sighting(phase="boundary"))) == []


def test_a_log_of_the_device_counts_like_traffic() -> None:
    runtime = RuntimeEvidence(events=(made.event(phase="before_consent"),))
    assert one(NAME, runtime=runtime, static=made.static()).message == "observed"


def test_code_without_a_guard_fails_at_medium() -> None:
    hit = one(NAME, static=made.static(calls=(made.call("android_id", reach=EARLY),)))
    assert (hit.message, hit.outcome, hit.severity) == ("code", "fail", "medium")


def test_a_permission_that_was_not_asked_for_leaves_it_to_a_person() -> None:
    code = made.static(calls=(made.call(reach=EARLY),))
    hit = one(NAME, static=code)
    assert (hit.message, hit.outcome, hit.severity) == ("ungranted", "review", "low")
    asks = made.permission("READ_PHONE_STATE", request_reach=EARLY)
    hit = one(NAME, static=made.static(calls=code.calls, permissions=(asks,)))
    assert (hit.message, hit.outcome) == ("code", "fail")


def test_a_guard_on_the_path_leaves_it_to_a_person() -> None:
    guarded = made.call(reach=made.reach(before=True, guarded=True))
    hit = one(NAME, static=made.static(calls=(guarded,)))
    assert (hit.outcome, hit.confidence, hit.severity) == ("review", "tentative", "low")


def test_technical_data_in_code_is_no_hit() -> None:
    code = made.static(calls=(made.call("device_model_os", reach=EARLY),))
    assert partial(NAME, static=code) == []


def test_without_phases_silence_is_not_assessed() -> None:
    seen = made.traffic(made.sighting(phase="unknown"), phases=())
    with pytest.raises(NotAssessed):
        hits(NAME, traffic=seen)


def test_a_value_that_the_app_makes_itself_is_taken_from_nobody() -> None:
    code = made.static(calls=(made.call("app_generated_id", reach=EARLY),))
    assert partial(NAME, static=code) == []

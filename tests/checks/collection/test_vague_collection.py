"""Wide words where specific ones are due."""

import made
from judge import hits, one

NAME = "vague-collection"
WIDE = made.statement("device_info")


def test_a_wide_word_for_the_app_is_a_note() -> None:
    seen = made.traffic(made.sighting("imei"))
    hit = one(NAME, traffic=seen, policy=made.policy(WIDE))
    assert (hit.outcome, hit.severity, hit.message) == ("review", "low", "app")


def test_a_wide_word_for_an_sdk_is_a_finding() -> None:
    seen = made.traffic(made.sighting("imei", actor="umeng-common"))
    said = made.policy(sdks=(made.row(data_types=("device_info",)),))
    hit = one(NAME, traffic=seen, policy=said)
    assert (hit.outcome, hit.severity, hit.message) == ("fail", "medium", "sdk")


def test_a_specific_word_is_no_hit() -> None:
    seen = made.traffic(made.sighting("imei"))
    assert hits(NAME, traffic=seen, policy=made.policy(made.statement("imei"))) == []


def test_technical_data_of_the_app_is_not_worth_a_note() -> None:
    seen = made.traffic(made.sighting("device_model_os"))
    assert hits(NAME, traffic=seen, policy=made.policy(WIDE)) == []


def test_an_sdk_that_only_could_read_is_for_review() -> None:
    code = made.static(calls=(made.call(actor="umeng-common"),))
    said = made.policy(sdks=(made.row(data_types=("device_info",)),))
    assert one(NAME, static=code, policy=said).outcome == "review"


def test_what_an_unnamed_sdk_could_read_is_told_by_another_check() -> None:
    everyone = made.policy(made.statement("device_info", actor="third_party"))
    code = made.static(calls=(made.call(actor="umeng-common"),))
    assert hits(NAME, static=code, policy=everyone) == []
    seen = made.traffic(made.sighting("imei", actor="umeng-common"))
    assert one(NAME, traffic=seen, policy=everyone).message == "sdk"

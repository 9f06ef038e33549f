"""What somebody takes and the policy does not mention."""

import made
import pytest
from judge import hits, one

NAME = "undisclosed-collection"


@pytest.mark.parametrize(
    ("data_type", "severity"),
    [
        ("location_precise", "high"),
        ("imei", "high"),
        ("calendar_event", "medium"),
        ("app_generated_id", "medium"),
        ("device_model_os", "low"),
    ],
)
def test_seen_and_not_told_fails_by_sensitivity(data_type: str, severity: str) -> None:
    seen = made.traffic(made.sighting(data_type))
    hit = one(NAME, traffic=seen, policy=made.policy(made.statement("email")))
    assert (hit.outcome, hit.severity, hit.confidence) == ("fail", severity, "firm")
    assert f"absence/declared/{data_type}" in hit.evidence


def test_told_clearly_is_no_hit() -> None:
    seen = made.traffic(made.sighting())
    assert hits(NAME, traffic=seen, policy=made.policy(made.statement("imei"))) == []


def test_reachable_code_alone_is_for_review() -> None:
    hit = one(NAME, static=made.static(calls=(made.call(),)), policy=made.policy())
    assert (hit.outcome, hit.severity) == ("review", "low")


def test_unreachable_code_is_no_hit() -> None:
    dead = made.call(reach=made.reach(False))
    assert hits(NAME, static=made.static(calls=(dead,)), policy=made.policy()) == []


def test_a_flow_out_of_the_app_weighs_more_than_reach() -> None:
    code = made.static(calls=(made.call(),), flows=(made.flow(),))
    hit = one(NAME, static=code, policy=made.policy())
    assert (hit.outcome, hit.severity) == ("fail", "medium")


def test_a_flow_to_a_file_does_not_leave() -> None:
    code = made.static(calls=(made.call(),), flows=(made.flow(sink_kind="file"),))
    assert one(NAME, static=code, policy=made.policy()).outcome == "review"


def test_code_of_nobody_is_tentative() -> None:
    code = made.static(calls=(made.call(actor="pkg:x.y"),))
    assert one(NAME, static=code, policy=made.policy()).confidence == "tentative"


def test_a_host_of_nobody_is_judged_by_what_the_app_says() -> None:
    seen = made.traffic(made.sighting(actor="host:api.example.com"))
    assert hits(NAME, traffic=seen, policy=made.policy(made.statement("imei"))) == []
    assert one(NAME, traffic=seen, policy=made.policy()).outcome == "fail"


def test_a_named_sdk_belongs_to_another_check() -> None:
    seen = made.traffic(made.sighting(actor="umeng-common"))
    assert hits(NAME, traffic=seen, policy=made.policy(sdks=(made.row(),))) == []


def test_what_an_unnamed_sdk_could_read_is_told_elsewhere() -> None:
    code = made.static(calls=(made.call(actor="umeng-common"),))
    assert hits(NAME, static=code, policy=made.policy()) == []


def test_a_guess_in_traffic_stays_a_guess() -> None:
    seen = made.traffic(made.sighting(confidence="tentative", how="key"))
    assert one(NAME, traffic=seen, policy=made.policy()).confidence == "tentative"

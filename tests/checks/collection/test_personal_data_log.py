"""Personal data in the log."""

import made
from judge import hits, one

NAME = "personal-data-log"


def test_a_flow_to_the_log_is_a_hit() -> None:
    hit = one(NAME, static=made.static(flows=(made.flow(sink_kind="log"),)))
    assert (hit.message, hit.severity) == ("flow", "medium")


def test_a_flow_to_the_network_is_not() -> None:
    assert hits(NAME, static=made.static(flows=(made.flow(),))) == []


def test_a_bare_behaviour_is_for_review() -> None:
    code = made.static(behaviours=(made.behaviour("personal-data-log"),))
    assert one(NAME, static=code).outcome == "review"


def test_what_another_app_handed_over_may_be_anything() -> None:
    code = made.static(flows=(made.flow("personal_info", sink_kind="log"),))
    assert one(NAME, static=code).confidence == "tentative"

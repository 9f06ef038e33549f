"""Apps that start each other."""

import made
import pytest
from judge import hits, one

NAME = "associated-start"


@pytest.mark.parametrize(("reachable", "severity"), [(True, "medium"), (None, "low")])
def test_code_that_starts_others_weighs_by_reach(reachable: bool | None, severity: str) -> None:
    fact = made.behaviour("starts-other-app", detail="other.app", reach=made.reach(reachable))
    found = one(NAME, static=made.static(behaviours=(fact, fact)))
    assert (found.severity, found.message) == (severity, "starts")


def test_code_that_never_runs_starts_nobody() -> None:
    fact = made.behaviour("starts-other-app", detail="other.app", reach=made.reach(False))
    assert hits(NAME, static=made.static(behaviours=(fact,))) == []


def test_an_entry_by_which_others_wake_this_app() -> None:
    fact = made.behaviour("associated-start", detail="x.y.WAKE")
    found = one(NAME, static=made.static(behaviours=(fact,)))
    assert (found.severity, found.message, found.args["detail"]) == ("low", "woken", "x.y.WAKE")


def test_auto_start_is_another_matter() -> None:
    assert hits(NAME, static=made.static(behaviours=(made.behaviour("auto-start"),))) == []


def test_apps_found_at_run_time_are_told_by_the_action() -> None:
    fact = made.behaviour("starts-found-app", detail="cn.push.DAEMON", reach=made.reach(True))
    found = one(NAME, static=made.static(behaviours=(fact,)))
    assert (found.message, found.args["detail"]) == ("finds", "cn.push.DAEMON")

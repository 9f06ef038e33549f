"""Special access."""

import made
import pytest
from judge import hits, one

from scanner.model import static as static_types

NAME = "special-access"
USAGE = "android.permission.PACKAGE_USAGE_STATS"


def test_high_risk_unexplained_is_medium_and_explained_low() -> None:
    code = made.static(permissions=(made.permission(USAGE),))
    assert one(NAME, static=code).severity == "medium"
    assert one(NAME, static=code, policy=made.policy(permissions=(USAGE,))).severity == "low"


def test_a_service_that_sees_others_content() -> None:
    service = static_types.Component(
        kind="service",
        name="a.b.Listen",
        exported=True,
        permission="android.permission.BIND_ACCESSIBILITY_SERVICE",
    )
    assert one(NAME, static=made.static(components=(service,))).message == "service"


@pytest.mark.parametrize("name", ["SCHEDULE_EXACT_ALARM", "CAMERA"])
def test_low_risk_or_ordinary_is_no_hit(name: str) -> None:
    assert hits(NAME, static=made.static(permissions=(made.permission(name),))) == []


def test_an_ordinary_service_is_no_hit() -> None:
    service = static_types.Component(
        kind="service",
        name="a.b.Job",
        exported=True,
        permission="android.permission.BIND_JOB_SERVICE",
    )
    assert hits(NAME, static=made.static(components=(service,))) == []


def test_windows_above_other_apps_are_evidence_of_the_overlay_permission() -> None:
    code = made.static(
        permissions=(made.permission("android.permission.SYSTEM_ALERT_WINDOW"),),
        behaviours=(made.behaviour("auto-start"), made.behaviour("overlay")),
    )
    assert one(NAME, static=code).evidence == ("static/permissions/0", "static/behaviours/1")


@pytest.mark.parametrize(("reachable", "count"), [(True, 1), (None, 1), (False, 0)])
def test_code_that_takes_pictures_of_the_screen(reachable: bool | None, count: int) -> None:
    reach = made.reach(reachable)
    twice = (made.behaviour("screenshot", reach=reach), made.behaviour("screenshot", reach=reach))
    found = hits(NAME, static=made.static(behaviours=twice))
    assert [hit.message for hit in found] == ["screen"] * count


@pytest.mark.parametrize(("reachable", "count"), [(True, 1), (None, 1), (False, 0)])
def test_code_that_watches_for_screenshots_is_told_beside(
    reachable: bool | None, count: int
) -> None:
    watch = made.behaviour("screenshot-watch", reach=made.reach(reachable))
    found = hits(NAME, static=made.static(behaviours=(watch, made.behaviour("screenshot"))))
    assert sorted(hit.message for hit in found) == ["screen", *["watch"] * count]

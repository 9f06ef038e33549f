"""Permissions asked for at start."""

import made
import msgspec
import pytest
from judge import hits, one

NAME = "permission-before-consent"
EARLY = made.reach(before=True)


def code(name: str = "READ_CONTACTS", **changes: object) -> object:
    return made.static(permissions=(made.permission(name, **{"request_reach": EARLY, **changes}),))


def test_asked_for_at_start_is_for_a_person_to_confirm() -> None:
    hit = one(NAME, static=code())
    assert (hit.subject, hit.message) == ("android.permission.READ_CONTACTS", "early")
    assert (hit.confidence, hit.severity) == ("firm", "medium")


@pytest.mark.parametrize("reach", [made.reach(), made.reach(before=True, guarded=True)])
def test_after_an_action_or_behind_a_guard_is_no_hit(reach: object) -> None:
    assert hits(NAME, static=code(request_reach=reach)) == []


@pytest.mark.parametrize("name", ["POST_NOTIFICATIONS", "INTERNET", "com.example.OWN"])
def test_permissions_that_open_no_personal_data_are_no_hit(name: str) -> None:
    assert hits(NAME, static=code(name)) == []


@pytest.mark.parametrize(("steps", "message"), [(10, "early"), (11, "far")])
def test_a_long_chain_is_tentative(steps: int, message: str) -> None:
    chain = tuple(f"a.b.C{number}.run" for number in range(steps))
    reach = msgspec.structs.replace(EARLY, chain=chain)
    assert one(NAME, static=code(request_reach=reach)).message == message


def test_below_level_23_nobody_is_asked() -> None:
    old = msgspec.structs.replace(made.APP, target_sdk=22)
    assert hits(NAME, app=old, static=code()) == []

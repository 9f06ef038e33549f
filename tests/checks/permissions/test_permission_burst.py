"""Several permissions at one place."""

from typing import Any

import made
import msgspec
import pytest
from judge import hits, one

NAME = "permission-burst"


def asked(*names: str) -> Any:
    return made.static(
        permissions=tuple(made.permission(n, requested_at=(made.place(),)) for n in names)
    )


def test_three_groups_at_one_place() -> None:
    hit = one(NAME, static=asked("CAMERA", "READ_CONTACTS", "RECORD_AUDIO"))
    assert hit.args["count"] == "3"


def test_two_groups_are_no_burst() -> None:
    assert hits(NAME, static=asked("CAMERA", "RECORD_AUDIO")) == []


def test_members_of_one_group_are_no_burst() -> None:
    names = ("READ_CONTACTS", "WRITE_CONTACTS", "GET_ACCOUNTS")
    assert hits(NAME, static=asked(*names)) == []


@pytest.mark.parametrize(("before", "severity"), [(True, "medium"), (False, "low")])
def test_a_burst_at_start_weighs_more(before: bool, severity: str) -> None:
    fact = made.behaviour("permission-burst", reach=made.reach(before=before))
    assert one(NAME, static=made.static(behaviours=(fact,))).severity == severity


def test_the_same_place_is_told_once() -> None:
    code = msgspec.structs.replace(
        asked("CAMERA", "READ_CONTACTS", "RECORD_AUDIO"),
        behaviours=(made.behaviour("permission-burst"),),
    )
    assert len(hits(NAME, static=code)) == 1

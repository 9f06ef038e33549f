"""Target levels that take choices away."""

import made
import msgspec
import pytest
from judge import hits, one

from checks.api import NotAssessed

NAME = "permission-old-target"
CODE = made.static(permissions=(made.permission("CAMERA"),))


@pytest.mark.parametrize(
    ("target", "message", "outcome"),
    [(22, "all", "fail"), (23, "old", "review"), (29, "old", "review")],
)
def test_old_targets(target: int, message: str, outcome: str) -> None:
    hit = one(NAME, static=CODE, app=msgspec.structs.replace(made.APP, target_sdk=target))
    assert (hit.message, hit.outcome) == (message, outcome)


def test_a_recent_target_is_no_hit() -> None:
    app = msgspec.structs.replace(made.APP, target_sdk=30)
    assert hits(NAME, static=CODE, app=app) == []


def test_without_dangerous_permissions_it_does_not_matter() -> None:
    app = msgspec.structs.replace(made.APP, target_sdk=22)
    assert hits(NAME, static=made.static(), app=app) == []


def test_a_code_named_target_is_not_assessed() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, static=CODE, app=msgspec.structs.replace(made.APP, target_sdk=None))

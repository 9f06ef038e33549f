"""Used and not declared."""

from typing import Any

import made
import pytest
from judge import hits, one

NAME = "permission-used-undeclared"


def fact(**changes: Any) -> Any:
    fields = {"declared": False, "used_by": ("app",), **changes}
    return made.static(permissions=(made.permission("READ_CONTACTS", **fields),))


def test_a_sure_use_is_for_review() -> None:
    assert one(NAME, static=fact()).message == "found"


@pytest.mark.parametrize(
    "changes",
    [{"declared": True}, {"use_confidence": "tentative"}, {"used_by": ()}, {"element": "implied"}],
)
def test_near_misses(changes: dict[str, Any]) -> None:
    assert hits(NAME, static=fact(**changes)) == []


def test_a_permission_granted_without_asking_is_no_hit() -> None:
    code = made.static(permissions=(made.permission("INTERNET", declared=False, used_by=("app",)),))
    assert hits(NAME, static=code) == []

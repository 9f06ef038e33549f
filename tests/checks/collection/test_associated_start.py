"""Code that wakes other apps."""

import made
import pytest
from judge import hits, one

NAME = "associated-start"


@pytest.mark.parametrize(("reachable", "severity"), [(True, "medium"), (None, "low")])
def test_weighs_by_reach(reachable: bool | None, severity: str) -> None:
    fact = made.behaviour("associated-start", detail="x.y.Wake", reach=made.reach(reachable))
    assert one(NAME, static=made.static(behaviours=(fact,))).severity == severity


def test_auto_start_is_another_matter() -> None:
    assert hits(NAME, static=made.static(behaviours=(made.behaviour("auto-start"),))) == []

"""Location after the user has left."""

import made
import pytest
from judge import hits, one

from scanner.model import static as static_types

NAME = "background-location"
PERMISSION = "android.permission.ACCESS_BACKGROUND_LOCATION"


def test_untold_is_medium_and_told_low() -> None:
    code = made.static(permissions=(made.permission(PERMISSION),))
    assert one(NAME, static=code).severity == "medium"
    assert one(NAME, static=code, policy=made.policy(permissions=(PERMISSION,))).severity == "low"


def test_location_in_use_is_no_hit() -> None:
    code = made.static(permissions=(made.permission("ACCESS_FINE_LOCATION"),))
    assert hits(NAME, static=code) == []


@pytest.mark.parametrize(("types", "expected"), [(("location",), 1), (("dataSync",), 0)])
def test_a_foreground_service_of_type_location(types: tuple[str, ...], expected: int) -> None:
    service = static_types.Component(
        kind="service", name="a.b.Track", exported=False, foreground_types=types
    )
    assert len(hits(NAME, static=made.static(components=(service,)))) == expected

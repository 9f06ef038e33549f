"""Permissions for third parties only."""

import made
import pytest
from judge import hits

NAME = "permission-sdk-only"


@pytest.mark.parametrize(
    ("users", "expected"),
    [(("amplitude",), 1), (("amplitude", "app"), 0), ((), 0), (("pkg:x",), 0)],
)
def test_only_sdks_use_it(users: tuple[str, ...], expected: int) -> None:
    code = made.static(permissions=(made.permission("READ_CONTACTS", used_by=users),))
    assert len(hits(NAME, static=code)) == expected


def test_a_normal_permission_is_no_hit() -> None:
    code = made.static(permissions=(made.permission("INTERNET", used_by=("amplitude",)),))
    assert hits(NAME, static=code) == []

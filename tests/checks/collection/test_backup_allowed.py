"""App data that may be backed up."""

import made
import pytest
from judge import hits, one

from scanner.model import static as static_types

NAME = "backup-allowed"


@pytest.mark.parametrize(
    ("flag", "message", "severity"), [(True, "stated", "low"), (None, "default", "info")]
)
def test_allowed_or_not_stated(flag: bool | None, message: str, severity: str) -> None:
    flags = static_types.ManifestFlags(allow_backup=flag)
    hit = one(NAME, static=made.static(manifest=flags))
    assert (hit.message, hit.severity) == (message, severity)


def test_forbidden_is_no_hit() -> None:
    flags = static_types.ManifestFlags(allow_backup=False)
    assert hits(NAME, static=made.static(manifest=flags)) == []


@pytest.mark.parametrize("flag", [True, None])
def test_rules_are_for_a_person_to_read(flag: bool | None) -> None:
    rules = ("full-backup-content: exclude database .",)
    flags = static_types.ManifestFlags(allow_backup=flag, backup_rules=rules)
    hit = one(NAME, static=made.static(manifest=flags))
    assert (hit.message, hit.severity) == ("rules", "info")
    assert "exclude database" in str(hit.args["rules"])

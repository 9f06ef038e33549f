"""A waiver hides what it names, as long as it holds, and says so when it ended."""

from pathlib import Path

import pytest
import sample

from scanner.model.errors import MingchaError
from scanner.waivers import Waiver, apply_waivers, read_waivers

TODAY = "2026-06-01"


def waiver(**changes: str) -> Waiver:
    fields = {"check": "collection-before-consent", "reason": "r", "owner": "o"}
    return Waiver(**{**fields, "expires": "2026-12-31", **changes})


def test_a_waiver_marks_its_finding() -> None:
    result = apply_waivers(sample.result(), (waiver(),), TODAY)
    assert result.findings[0].waived == "r (o, 2026-12-31)"
    assert result.expired_waivers == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"check": "undisclosed-sdk"},
        {"package": "com.other"},
        {"subject": "other"},
        {"check": "", "finding": "ffff"},
    ],
)
def test_a_waiver_about_something_else_does_nothing(changes: dict[str, str]) -> None:
    result = apply_waivers(sample.result(), (waiver(**changes),), TODAY)
    assert result == sample.result()


def test_a_waiver_holds_on_its_last_day_and_not_after() -> None:
    last = waiver(expires=TODAY)
    assert apply_waivers(sample.result(), (last,), TODAY).findings[0].waived
    ended = apply_waivers(sample.result(), (last,), "2026-06-02")
    assert not ended.findings[0].waived
    assert "2026-06-01" in ended.expired_waivers[0].en


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- {check: a, reason: r, owner: o, expires: soon}", "expires"),
        ("- {check: a, finding: b, reason: r, owner: o, expires: '2026-01-01'}", "exactly one"),
        ("- {check: a, reason: ' ', owner: o, expires: '2026-01-01'}", "reason"),
        ("- {chek: a, reason: r, owner: o, expires: '2026-01-01'}", "chek"),
        ("[", "waivers"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(text)
    with pytest.raises(MingchaError, match=complaint):
        read_waivers(path)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text("- {check: a, reason: r, owner: o, expires: '2026-01-01'}")
    assert read_waivers(path) == (Waiver(check="a", reason="r", owner="o", expires="2026-01-01"),)

"""A waiver hides what it names, as long as it holds, and says so when it ended."""

from pathlib import Path

import msgspec
import pytest
import sample

import reports
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
    assert [note.state for note in result.waivers] == ["unused"]
    assert msgspec.structs.replace(result, waivers=()) == sample.result()


def test_all_waivers_are_told_with_what_became_of_them() -> None:
    said = (
        waiver(subject="imei/app/0"),
        waiver(),
        waiver(expires="2020-01-01", package="com.example.demo"),
        waiver(check="other"),
    )
    notes = apply_waivers(sample.result(), said, TODAY).waivers
    assert [(note.state, len(note.findings)) for note in notes] == [
        ("applied", 1), ("unused", 0), ("expired", 1), ("unused", 0),
    ]  # fmt: skip
    assert notes[2].scope == "com.example.demo"


@pytest.mark.parametrize("lang", reports.LANGUAGES)
def test_a_report_prints_every_waiver(lang: str) -> None:
    said = (waiver(reason="<b>why</b>"), waiver(expires="2020-01-01", owner="chen@example.com"))
    page = reports.render(apply_waivers(sample.result(), said, TODAY), "html", lang).decode()
    assert "&lt;b&gt;why&lt;/b&gt;" in page
    assert "chen@example.com" in page
    assert "2020-01-01" in page


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

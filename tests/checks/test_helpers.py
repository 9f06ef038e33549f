"""Dates without a clock, numbers in two scripts, facts about export, thresholds."""

import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.export_rules import problems
from checks.judging import grade, judging, lower, sensitivity
from checks.names import actor_name, join
from checks.policy_text import number, numbers
from checks.times import days, minutes_between
from profiles.model import Knowledge
from scanner.model.errors import KnowledgeError


@given(st.dates(), st.dates())
def test_days_agree_with_the_calendar(one: datetime.date, other: datetime.date) -> None:
    first, second = days(one.isoformat()), days(other.isoformat())
    assert first is not None
    assert second is not None
    assert second - first == (other - one).days


@given(st.text(max_size=30))
def test_whatever_is_no_date_is_none(text: str) -> None:
    assert days(text) is None or len(text) >= 10
    assert minutes_between(text, text) in (None, 0.0)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-01T00:00:00Z", "2026-11-01T00:01:30Z", 1.5),
        ("2026-11-01T23:59:00Z", "2026-11-02T00:00:00.500Z", 1 + 0.5 / 60),
        ("2026-11-01", "2026-11-02", None),
        ("", "2026-11-02T00:00:00Z", None),
        ("2026-13-01T00:00:00Z", "2026-11-02T00:00:00Z", None),
    ],
)
def test_minutes(start: str, end: str, minutes: float | None) -> None:
    assert minutes_between(start, end) == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("text", "value"),
    [("15", 15), ("十五", 15), ("三十", 30), ("二十一", 21), ("十", 10), ("七", 7), ("两", 2)],
)
def test_numerals(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "百", "十百", "x", "五六", "１５"])
def test_what_is_no_numeral(text: str) -> None:
    assert number(text) in (None, 15)


def test_numbers_before_a_unit() -> None:
    assert numbers("在十五个工作日内，最迟30 个工作日", "工作日") == [15, 30]
    assert numbers("没有期限", "工作日") == []


def test_facts_about_export_are_checked(know: Knowledge) -> None:
    assert problems({"ciio": "no", "pi_persons": "1,000", "exempt": "contract"}, know) == ()
    wrong = problems({"ciio": "perhaps", "pi_persons": "-1", "surprise": "1"}, know)
    assert len(wrong) == 3


def test_sensitivity(know: Knowledge) -> None:
    kinds = {
        "location_precise": "sensitive",
        "imei": "identifier",
        "app_generated_id": "ordinary",
        "calendar_event": "ordinary",
        "device_model_os": "trivial",
        "no_such_type": "ordinary",
    }
    assert {name: sensitivity(know, name) for name in kinds} == kinds
    assert grade(know, "imei", "observed") == "high"
    assert lower("info") == "info"


def test_the_thresholds_are_needed(know: Knowledge) -> None:
    assert judging(know).burst == 3
    with pytest.raises(KnowledgeError):
        judging(msgspec.structs.replace(know, tables={}))
    broken = msgspec.structs.replace(know, tables={"judging": msgspec.Raw(b"\x80")})
    with pytest.raises(KnowledgeError):
        judging(broken)


def test_names(know: Knowledge) -> None:
    assert actor_name(know, "app").zh == "应用自身"
    assert "x.y" in actor_name(know, "pkg:x.y").en
    assert actor_name(know, "nobody").en == "nobody"
    assert join(["a", "b", "c"], limit=2).zh == "a、b 等 3 项"

"""The graded risk prints its arithmetic and is no verdict."""

import msgspec
import pytest
import sample

from profiles.model import Knowledge
from scanner.model.result import Finding, Outcome, Risk
from scanner.risk import graded


def risk(know: Knowledge, *findings: Finding) -> Risk:
    found = graded(sample.result(findings), know).risk
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({"severity": "high"}, 20),
        ({"severity": "high", "outcome": Outcome.REVIEW}, 6),
        ({"severity": "high", "outcome": Outcome.REVIEW, "confidence": "tentative"}, 3),
        ({"severity": "info"}, 0),
        ({"severity": "critical", "waived": "accepted"}, 0),
    ],
)
def test_points(know: Knowledge, changes: dict[str, object], score: float) -> None:
    assert risk(know, sample.finding(0, **changes)).score == score


def test_many_findings_of_one_check_are_capped(know: Knowledge) -> None:
    many = tuple(sample.finding(n) for n in range(10))
    found = risk(know, *many)
    assert found.score == 60
    assert "200" in found.steps[0].zh


def test_the_steps_add_up(know: Knowledge) -> None:
    other = sample.finding(1, check="weak-tls", severity="medium")
    found = risk(know, sample.finding(0), other)
    assert found.score == 28
    assert len(found.steps) == 3
    assert "28" in found.steps[-1].en


@pytest.mark.parametrize(("count", "grade"), [(0, "minimal"), (1, "moderate"), (4, "high")])
def test_grades(know: Knowledge, count: int, grade: str) -> None:
    found = risk(know, *(sample.finding(n, check=f"c{n}") for n in range(count)))
    assert found.grade == grade


def test_it_says_that_it_is_no_verdict(know: Knowledge) -> None:
    found = risk(know)
    assert "不是法律结论" in found.note.zh
    assert msgspec.json.decode(msgspec.json.encode(found), type=Risk) == found

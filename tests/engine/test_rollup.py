"""Clause outcomes: the worst answer counts, unknown outweighs pass, the rest is by hand."""

import pytest

from profiles.model import Clause
from scanner.model.base import same
from scanner.model.result import CheckResult, Outcome
from scanner.rollup import judge


def clause(coverage: str = "automatic") -> Clause:
    words = same("words")
    return Clause(id="1.1", group="G1", title=words, coverage=coverage, tester=words)  # type: ignore[arg-type]


def results(*outcomes: str) -> list[CheckResult]:
    return [
        CheckResult(id=f"c{n}", title=same("c"), group="policy", outcome=Outcome(o), severity="low")
        for n, o in enumerate(outcomes)
    ]


@pytest.mark.parametrize(
    ("outcomes", "expected", "examined"),
    [
        (["pass", "fail"], "fail", True),
        (["not_assessed", "review"], "review", True),
        (["error", "not_assessed"], "error", False),
        (["pass", "not_assessed"], "not_assessed", False),
        (["pass", "not_applicable"], "pass", True),
        (["not_applicable"], "not_applicable", True),
        ([], "not_assessed", False),
    ],
)
def test_the_worst_answer_counts(outcomes: list[str], expected: str, examined: bool) -> None:
    assert judge(clause(), results(*outcomes))[:2] == (Outcome(expected), examined)


def test_a_partial_clause_with_nothing_found_is_never_passed() -> None:
    outcome, examined, reason = judge(clause("partial"), results("pass"))
    assert (outcome, examined) == (Outcome.NOT_ASSESSED, True)
    assert reason is not None
    assert "检测人员" in reason.zh


def test_a_manual_clause_is_the_testers() -> None:
    assert judge(clause("manual"), [])[:2] == (Outcome.NOT_ASSESSED, False)

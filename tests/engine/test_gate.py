"""The gate: severity and confidence against a threshold, coverage, errors."""

from typing import Any

import msgspec
import pytest
import sample

from scanner.gate import apply_gate, coverage_percent
from scanner.model.result import Outcome, Result


def result(**changes: Any) -> Result:
    found = sample.finding(0, **changes)
    quiet = tuple(c for c in sample.result().checks if c.outcome is not Outcome.ERROR)
    return msgspec.structs.replace(sample.result((found,)), checks=quiet)


@pytest.mark.parametrize(
    ("changes", "fail_on", "code"),
    [
        ({"severity": "high"}, "high", 1),
        ({"severity": "critical"}, "high", 1),
        ({"severity": "medium"}, "high", 0),
        ({"severity": "medium"}, "medium", 1),
        ({"severity": "critical"}, "never", 0),
        ({"severity": "critical", "outcome": Outcome.REVIEW}, "info", 0),
        ({"severity": "critical", "confidence": "tentative"}, "info", 0),
        ({"severity": "critical", "waived": "accepted"}, "info", 0),
    ],
)
def test_severity_and_confidence(changes: dict[str, Any], fail_on: str, code: int) -> None:
    gate = apply_gate(result(**changes), fail_on=fail_on).gate
    assert gate is not None
    assert (gate.code, gate.passed) == (code, code == 0)


def test_too_little_examined_is_code_3_and_findings_come_first() -> None:
    assert coverage_percent(result()) == 100
    poor = msgspec.structs.replace(
        result(severity="low"),
        clauses=tuple(msgspec.structs.replace(c, examined=False) for c in result().clauses),
    )
    assert apply_gate(poor, min_coverage=1).gate.code == 3  # type: ignore[union-attr]
    assert apply_gate(poor, min_coverage=1, fail_on="low").gate.code == 1  # type: ignore[union-attr]


def test_a_crashed_check_is_code_3() -> None:
    crashed = sample.result((sample.finding(0, severity="low"),))
    assert apply_gate(crashed).gate.code == 3  # type: ignore[union-attr]

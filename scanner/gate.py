"""The gate: does a build pass? Findings against a threshold, and how much was examined."""

import msgspec

from scanner.drift import Drift
from scanner.model.base import Text
from scanner.model.common import CONFIDENCES, SEVERITIES, Confidence
from scanner.model.result import Finding, GateResult, Outcome, Result

PASSED, FAILED, NOT_EXAMINED = 0, 1, 3
NEVER = "never"
MAX_NAMED = 5
"""Changes that a reason of the gate names; `mingcha diff` lists all."""
SEVERITY_ZH = {"critical": "严重", "high": "高", "medium": "中", "low": "低", "info": "提示"}


def apply_gate(
    result: Result,
    *,
    fail_on: str = "high",
    min_coverage: int = 0,
    min_confidence: Confidence = "firm",
    known: frozenset[str] = frozenset(),
    drift: Drift | None = None,
) -> Result:
    """Return `result` with the gate's decision.

    Code 1: a finding of outcome FAIL, not waived, not among the `known` ids of a baseline, at
    least as severe as `fail_on` ("never" turns this off) and at least as sure as
    `min_confidence`; or a waiver that ended; or `drift`, when it is given: the app does something
    new that its policy does not declare. Code 3: drift that could not be judged; fewer than
    `min_coverage` percent of the clauses that a machine can examine were examined; or a check
    ended in an error. A finding for review never fails a build.
    """
    failing = [
        f for f in result.findings if f.id not in known and _fails(f, fail_on, min_confidence)
    ]
    reasons: list[Text] = list(result.expired_waivers)
    if failing:
        reasons.append(
            Text(
                zh=f"{len(failing)} 项不符合达到门槛“{SEVERITY_ZH[fail_on]}”",
                en=f"{len(failing)} failed findings at or above {fail_on}",
            )
        )
    unexamined = _unexamined(result, min_coverage)
    if drift is not None:
        reasons += _drifted(drift)
        unexamined += [drift.unjudged] if drift.unjudged is not None else []
    code = FAILED if reasons else NOT_EXAMINED if unexamined else PASSED
    return msgspec.structs.replace(
        result,
        gate=GateResult(
            passed=code == PASSED,
            code=code,
            reasons=(*reasons, *unexamined),
            fail_on=fail_on,
            min_coverage=min_coverage,
        ),
    )


def coverage_percent(result: Result) -> int:
    """Return the share of examined clauses among those a machine can examine, rounded down."""
    able = [clause for clause in result.clauses if clause.coverage != "manual"]
    return 100 * sum(clause.examined for clause in able) // len(able) if able else 100


def _drifted(drift: Drift) -> list[Text]:
    """Return one reason with the first new things, or none."""
    if not drift.undeclared:
        return []
    count, first = len(drift.undeclared), drift.undeclared[:MAX_NAMED]
    more = " …" if count > MAX_NAMED else ""
    return [
        Text(
            zh=f"{count} 项行为变化政策没有告知：{'；'.join(t.zh for t in first)}{more}",
            en=f"{count} changes of behaviour are not in the policy:"
            f" {'; '.join(t.en for t in first)}{more}",
        )
    ]


def _fails(finding: Finding, fail_on: str, least: Confidence) -> bool:
    return (
        fail_on != NEVER
        and finding.outcome is Outcome.FAIL
        and not finding.waived
        and SEVERITIES.index(finding.severity) <= SEVERITIES.index(fail_on)
        and CONFIDENCES.index(finding.confidence) <= CONFIDENCES.index(least)
    )


def _unexamined(result: Result, min_coverage: int) -> list[Text]:
    reasons: list[Text] = []
    share = coverage_percent(result)
    if share < min_coverage:
        reasons.append(
            Text(
                zh=f"可由机器检查的条款只检查了 {share}%，低于要求的 {min_coverage}%",
                en=f"only {share}% of the clauses a machine can examine were examined,"
                f" {min_coverage}% are required",
            )
        )
    errors = [check.id for check in result.checks if check.outcome is Outcome.ERROR]
    if errors:
        names = ", ".join(errors)
        reasons.append(Text(zh=f"检查运行出错：{names}", en=f"checks failed to run: {names}"))
    return reasons

"""Code that could not be examined: silence counts within limits, and accuses nobody for sure."""

import made
import msgspec
import pytest

from checks.api import Context
from checks.registry import load_checks
from profiles.model import Knowledge
from scanner.engine import evaluate
from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.evidence import Evidence
from scanner.model.result import Finding, Outcome, Result

LIMIT = Gap(
    part="static",
    code="code-loaded-at-run-time",
    detail=Text(zh="运行时加载的代码未检查", en="Code loaded at run time was not examined"),
    limits=("static.calls",),
    weakens=("static.calls",),
)
TOLD = msgspec.structs.replace(LIMIT, weakens=())
CALENDAR = made.evidence(
    static=made.static(permissions=(made.permission("READ_CALENDAR"),)), policy=made.policy()
)


def judged(evidence: Evidence, know: Knowledge, *gaps: Gap) -> Result:
    whole = msgspec.structs.replace(evidence, gaps=gaps)
    return evaluate(whole, load_checks(), know.profiles["cn"], know, Context())


def unused(result: Result) -> Finding:
    (found,) = (f for f in result.findings if f.check == "permission-declared-unused")
    return found


def test_what_was_not_found_in_all_code_accuses(know: Knowledge) -> None:
    found = unused(judged(CALENDAR, know))
    assert (found.outcome, found.confidence) == (Outcome.FAIL, "firm")


def test_what_may_be_in_code_that_was_not_read_is_for_review(know: Knowledge) -> None:
    found = unused(judged(CALENDAR, know, LIMIT))
    assert (found.outcome, found.confidence) == (Outcome.REVIEW, "tentative")
    assert found.limits.zh.endswith("运行时加载的代码未检查。")
    assert found.limits.en.endswith("Code loaded at run time was not examined.")


def test_code_of_somebody_else_is_a_limit_and_no_excuse(know: Knowledge) -> None:
    found = unused(judged(CALENDAR, know, TOLD))
    assert (found.outcome, found.confidence) == (Outcome.FAIL, "firm")
    assert found.limits.zh.endswith("运行时加载的代码未检查。")


@pytest.mark.parametrize("gaps", [(), (LIMIT,)], ids=["all-read", "limited"])
def test_a_pass_says_within_what(gaps: tuple[Gap, ...], know: Knowledge) -> None:
    quiet = made.evidence(static=made.static(), policy=made.policy(), traffic=made.traffic())
    result = judged(quiet, know, *gaps)
    (check,) = (c for c in result.checks if c.id == "collection-before-consent")
    reason = check.reason.zh if check.reason is not None else ""
    assert ("运行时加载的代码未检查" in reason) is bool(gaps)


def test_a_clause_says_so_too(know: Knowledge) -> None:
    quiet = made.evidence(static=made.static(), policy=made.policy(), traffic=made.traffic())
    told = [
        clause
        for clause in judged(quiet, know, LIMIT).clauses
        if clause.reason is not None and "运行时加载的代码未检查" in clause.reason.zh
    ]
    assert told
    assert all(c.outcome in (Outcome.PASS, Outcome.NOT_ASSESSED) for c in told)

"""Check outcomes -> clause outcomes. The law knows the checks; the checks do not know the law."""

from collections.abc import Iterable

import msgspec

from profiles.model import Clause, Knowledge, Regulation
from scanner.citations import citation
from scanner.model.base import Doc, Text
from scanner.model.matrix import Cell, Matrix
from scanner.model.result import CheckResult, ClauseResult, Finding, Outcome, RegulationInfo
from scanner.scenario import fits

ORDER = (
    Outcome.FAIL,
    Outcome.REVIEW,
    Outcome.ERROR,
    Outcome.NOT_ASSESSED,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)
"""The worst answer of a clause's checks is the clause's answer; unknown outweighs pass."""

BY_HAND = Text(
    zh="此项由检测人员判断，机器不作结论",
    en="this item is judged by the tester, not by the machine",
)
REST_BY_HAND = Text(
    zh="自动检查部分未发现问题，其余由检测人员判断",
    en="the automatic part found nothing; the rest is for the tester",
)
UNPLACED = Text(
    zh="有相关发现，但不能确定是否属于本项的情形，其余部分未能完整检查",
    en="there are findings, but whether they belong here cannot be told, and the rest could not be"
    " examined in full",
)
NO_CHECK = Text(zh="本版本没有可用的检查", en="this version has no check for it")


class Answers(Doc):
    """What the checks said: their results, findings in full, and the cells of each actor.

    `complete` are the checks whose silence would count: they saw everything they ask for.
    """

    results: dict[str, CheckResult]
    findings: dict[str, Finding]
    cells: dict[str, list[Cell]]
    complete: frozenset[str]


def roll_up(
    regulations: Iterable[Regulation], answers: Answers, know: Knowledge, as_of: str = ""
) -> tuple[ClauseResult, ...]:
    """Return the answer of every clause, in the order of the regulations."""
    return tuple(
        _clause(rule, clause, answers, know, as_of)
        for rule in regulations
        for clause in rule.clauses
    )


def _clause(
    rule: Regulation, clause: Clause, answers: Answers, know: Knowledge, as_of: str
) -> ClauseResult:
    asked = [answers.results[name] for name in clause.checks if name in answers.results]
    asked = [narrow(result, clause, answers) for result in asked]
    outcome, examined, reason = judge(clause, asked)
    cited = [citation(know.laws[name], as_of) for name in clause.law if name in know.laws]
    return ClauseResult(
        regulation=rule.id,
        clause=clause.id,
        group=f"{rule.id}:{clause.group}",
        title=clause.title,
        coverage=clause.coverage,
        outcome=outcome,
        examined=examined,
        checks=tuple(result.id for result in asked),
        findings=tuple(name for result in asked for name in result.findings),
        reason=reason,
        tester=clause.tester,
        citations=tuple(text for text in cited if text is not None),
        certainty=clause.trust,
    )


def narrow(result: CheckResult, clause: Clause, answers: Answers) -> CheckResult:
    """Return a check's result with only the findings that the clause speaks of.

    Findings that do not fit are silence about the clause, which counts only where the check saw
    everything; findings of which nobody can tell make it not assessed.
    """
    if not result.findings:
        return result
    verdicts = {
        name: _concerns(clause, result.id, answers.findings[name], answers)
        for name in result.findings
    }
    kept = tuple(name for name, verdict in verdicts.items() if verdict)
    if len(kept) == len(verdicts):
        return result
    reason: Text | None = None
    if kept:
        outcome = min((answers.findings[n].outcome for n in kept), key=ORDER.index)
    elif None in verdicts.values() or result.id not in answers.complete:
        outcome, reason = Outcome.NOT_ASSESSED, UNPLACED
    else:
        outcome = Outcome.PASS
    return msgspec.structs.replace(result, findings=kept, outcome=outcome, reason=reason)


def _concerns(clause: Clause, check: str, finding: Finding, answers: Answers) -> bool | None:
    subjects = clause.subjects.get(check)
    if subjects is not None and finding.subject not in subjects:
        return False
    if clause.scenario is None:
        return True
    return fits(clause.scenario, finding, answers.cells.get(finding.actor, ()))


def by_actor(matrix: Matrix) -> dict[str, list[Cell]]:
    """Return the cells of each actor, in order."""
    sorted_: dict[str, list[Cell]] = {}
    for cell in matrix.cells:
        sorted_.setdefault(cell.actor, []).append(cell)
    return sorted_


def judge(clause: Clause, asked: list[CheckResult]) -> tuple[Outcome, bool, Text | None]:
    """Return a clause's outcome, whether its automatic part is answered, and the reason.

    A clause counts as examined when each of its checks ran to the end, or when one found
    something. A partial clause with nothing found is never passed: the rest is by hand.
    """
    if clause.coverage == "manual":
        return Outcome.NOT_ASSESSED, False, BY_HAND
    if not asked:
        return Outcome.NOT_ASSESSED, False, NO_CHECK
    worst = min((result.outcome for result in asked), key=ORDER.index)
    reasons = (result.reason for result in asked if result.outcome is worst)
    reason = next((reason for reason in reasons if reason is not None), None)
    if worst in (Outcome.ERROR, Outcome.NOT_ASSESSED):
        return worst, False, reason
    if worst is Outcome.PASS and clause.coverage == "partial":
        return Outcome.NOT_ASSESSED, True, _rest(reason)
    return worst, True, reason


def _rest(limit: Text | None) -> Text:
    """Say that the rest is by hand, after what limits the part that the machine did."""
    if limit is None:
        return REST_BY_HAND
    return Text(zh=f"{limit.zh}；{REST_BY_HAND.zh}", en=f"{limit.en}; {REST_BY_HAND.en}")


def regulation_rows(regulations: Iterable[Regulation]) -> tuple[RegulationInfo, ...]:
    """Return the regulations as the report lists them."""
    return tuple(
        RegulationInfo(
            id=rule.id,
            title=rule.title,
            number=rule.number,
            in_force=rule.in_force,
            source="; ".join(rule.source),
        )
        for rule in regulations
    )

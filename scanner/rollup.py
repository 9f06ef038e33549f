"""Check outcomes -> clause outcomes. The law knows the checks; the checks do not know the law."""

from collections.abc import Iterable

from profiles.model import Clause, Knowledge, Regulation
from scanner.citations import citation
from scanner.model.base import Text
from scanner.model.result import CheckResult, ClauseResult, Outcome, RegulationInfo

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
NO_CHECK = Text(zh="本版本没有可用的检查", en="this version has no check for it")


def roll_up(
    regulations: Iterable[Regulation],
    results: Iterable[CheckResult],
    know: Knowledge,
    as_of: str = "",
) -> tuple[ClauseResult, ...]:
    """Return the answer of every clause, in the order of the regulations."""
    by_id = {result.id: result for result in results}
    return tuple(
        _clause(rule, clause, by_id, know, as_of) for rule in regulations for clause in rule.clauses
    )


def _clause(
    rule: Regulation,
    clause: Clause,
    results: dict[str, CheckResult],
    know: Knowledge,
    as_of: str,
) -> ClauseResult:
    asked = [results[name] for name in clause.checks if name in results]
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
    reason = next((result.reason for result in asked if result.outcome is worst), None)
    if worst in (Outcome.ERROR, Outcome.NOT_ASSESSED):
        return worst, False, reason
    if worst is Outcome.PASS and clause.coverage == "partial":
        return Outcome.NOT_ASSESSED, True, REST_BY_HAND
    return worst, True, reason


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

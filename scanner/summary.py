"""What a reader sees first: counts, the three core answers, and what was examined."""

from collections import Counter
from collections.abc import Iterable

from checks.library_work import library_work
from checks.names import join, type_name
from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.common import SEVERITIES
from scanner.model.evidence import Evidence
from scanner.model.policy import PolicyEvidence
from scanner.model.result import (
    CheckResult,
    ClauseResult,
    CoreAnswer,
    CoverageRow,
    Finding,
    Outcome,
    Summary,
)
from scanner.model.static import StaticEvidence
from scanner.model.traffic import TrafficEvidence
from scanner.rollup import ORDER

CORE = ("permissions", "collection", "cross_border")
_NOT_GIVEN = Text(zh="未提供", en="not given")
_NOTHING = Text(zh="在已检查的范围内未发现问题", en="nothing was found within what was examined")


def summarise(
    findings: tuple[Finding, ...],
    checks: tuple[CheckResult, ...],
    clauses: tuple[ClauseResult, ...],
    know: Knowledge,
    core: frozenset[str],
) -> Summary:
    """Return the counts and the core answers. `core` are the checks that answer them."""
    asked = tuple(check for check in checks if check.id in core)
    severities = Counter(finding.severity for finding in findings)
    return Summary(
        findings={name: severities[name] for name in SEVERITIES if severities[name]},
        clauses=clause_counts(clauses),
        checks=_counted(check.outcome for check in checks),
        examined=examined(clauses),
        core=tuple(_core(question, findings, asked, know) for question in CORE),
    )


def clause_counts(clauses: Iterable[ClauseResult]) -> dict[str, dict[str, int]]:
    """Return the number of clauses by regulation and outcome."""
    outcomes: dict[str, list[Outcome]] = {}
    for clause in clauses:
        outcomes.setdefault(clause.regulation, []).append(clause.outcome)
    return {rule: _counted(found) for rule, found in outcomes.items()}


def examined(clauses: Iterable[ClauseResult]) -> dict[str, tuple[int, int]]:
    """Return (examined, all) clauses by regulation."""
    counts: dict[str, tuple[int, int]] = {}
    for clause in clauses:
        done, total = counts.get(clause.regulation, (0, 0))
        counts[clause.regulation] = (done + clause.examined, total + 1)
    return counts


def _counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    counts = Counter(outcomes)
    return {outcome.value: counts[outcome] for outcome in ORDER if counts[outcome]}


def _core(
    question: str,
    findings: tuple[Finding, ...],
    checks: tuple[CheckResult, ...],
    know: Knowledge,
) -> CoreAnswer:
    asked = [check for check in checks if check.group == question]
    names = {check.id for check in asked}
    about = [finding for finding in findings if finding.check in names]
    outcome = min((c.outcome for c in asked), key=ORDER.index, default=Outcome.NOT_ASSESSED)
    summary = _NOTHING
    if about:
        summary = _topics(about, know)
    elif outcome in (Outcome.NOT_ASSESSED, Outcome.ERROR):
        reason = next((c.reason for c in asked if c.outcome is outcome), None)
        summary = reason or _NOT_GIVEN
    return CoreAnswer(
        question=question,  # type: ignore[arg-type]  # one of CORE
        outcome=outcome,
        fail=sum(finding.outcome is Outcome.FAIL for finding in about),
        review=sum(finding.outcome is Outcome.REVIEW for finding in about),
        summary=summary,
    )


def _topics(about: list[Finding], know: Knowledge) -> Text:
    """Return what the findings are about: the kinds of data, or the titles of the checks."""
    types = dict.fromkeys(f.data_type for f in about if f.data_type)
    if types:
        return join([type_name(know, name) for name in types], limit=4)
    return join({f.title.zh: f.title for f in about}.values(), limit=3)


def coverage_rows(evidence: Evidence, know: Knowledge) -> tuple[CoverageRow, ...]:
    """Return the ledger: each part, whether it was examined, and how much."""
    static, traffic, policy = evidence.static, evidence.traffic, evidence.policy
    runtime = evidence.runtime
    events = len(runtime.events) if runtime is not None else 0
    return (
        CoverageRow(
            part="static",
            examined=static is not None,
            summary=_NOT_GIVEN if static is None else _static(static, know),
        ),
        CoverageRow(
            part="traffic",
            examined=traffic is not None,
            summary=_NOT_GIVEN if traffic is None else _traffic(traffic),
        ),
        CoverageRow(
            part="runtime",
            examined=runtime is not None,
            summary=_NOT_GIVEN
            if runtime is None
            else Text(zh=f"{events} 条访问记录", en=f"{events} recorded accesses"),
        ),
        CoverageRow(
            part="policy",
            examined=policy is not None,
            summary=_NOT_GIVEN if policy is None else _policy(policy),
        ),
    )


def _static(static: StaticEvidence, know: Knowledge) -> Text:
    works = library_work(know)
    own = sum(works.what(call) is not None for call in static.calls)
    code, reached = static.code, sum(bool(call.reach.reachable) for call in static.calls)
    second = f"; {static.second_reader}" if static.second_reader else ""
    return Text(
        zh=f"{code.dex_files} 个 dex 文件、{code.classes} 个类、{code.methods} 个方法；"
        f"个人信息读取点 {len(static.calls)} 处（可达 {reached} 处"
        f"{f'，其中开源库自身工作 {own} 处，不计' if own else ''}），"
        f"SDK {len(static.sdks)} 个{second}",
        en=f"{code.dex_files} dex files, {code.classes} classes, {code.methods} methods; "
        f"{len(static.calls)} places read personal data ({reached} reachable"
        f"{f'; {own} are libraries at their own work and do not count' if own else ''}), "
        f"{len(static.sdks)} SDKs{second}",
    )


def _traffic(traffic: TrafficEvidence) -> Text:
    total = len(traffic.exchanges)
    read = sum(exchange.readable in ("decoded", "empty") for exchange in traffic.exchanges)
    lost = sum(capture.lost for capture in traffic.captures)
    marked = {span.phase for span in traffic.phases}
    marked |= {phase for capture in traffic.captures for phase in capture.phases}
    phases = marked - {"unknown"}
    return Text(
        zh=f"{len(traffic.captures)} 份抓包、{total} 次请求（可读 {read} 次，丢失 {lost} 条）、"
        f"{len(traffic.destinations)} 个主机；" + ("已标注阶段" if phases else "未标注阶段"),
        en=f"{len(traffic.captures)} captures, {total} exchanges ({read} readable, {lost} lost), "
        f"{len(traffic.destinations)} hosts; "
        + ("phases marked" if phases else "phases not marked"),
    )


def _policy(policy: PolicyEvidence) -> Text:
    chars = sum(document.chars for document in policy.documents)
    return Text(
        zh=f"{len(policy.documents)} 份文本、{chars} 字、{len(policy.statements)} 条声明、"
        f"{len(policy.sdks)} 个第三方条目",
        en=f"texts: {len(policy.documents)}, characters: {chars}, "
        f"statements: {len(policy.statements)}, third parties named: {len(policy.sdks)}",
    )

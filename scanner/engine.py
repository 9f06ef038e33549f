"""Run the checks on the evidence and build the result document."""

import hashlib
import logging
from collections.abc import Iterable

import msgspec

from checks.api import (
    Card,
    Check,
    Context,
    Hit,
    NotApplicable,
    NotAssessed,
    parts_of,
)
from checks.matrix import build_matrix
from profiles.model import Knowledge, Profile
from scanner.category import settle_category
from scanner.citations import cited_checks, in_force, left_out
from scanner.describe import describe
from scanner.inventory import destination_rows, permission_rows, sdk_rows
from scanner.labels import labels_for
from scanner.model.base import Doc, Text
from scanner.model.common import CONFIDENCES, SEVERITIES
from scanner.model.evidence import Evidence
from scanner.model.matrix import Matrix
from scanner.model.result import CheckResult, ClauseResult, Finding, Outcome, Result
from scanner.policy_reading import policy_reading
from scanner.risk import graded
from scanner.rollup import Answers, by_actor, regulation_rows, roll_up
from scanner.silence import blocking, limited, limiting, weakened
from scanner.summary import coverage_rows, summarise
from scanner.timeline import timeline
from scanner.wording import spaced

log = logging.getLogger(__name__)

MISSING = Text(zh="没有提供：{parts}", en="not given: {parts}")
BLOCKED = Text(
    zh="未发现问题，但有内容未能检查：{detail}",
    en="nothing was found, but something could not be examined: {detail}",
)
LIMITED = Text(
    zh="在能检查的范围内未发现问题：{detail}",
    en="nothing was found within what could be examined: {detail}",
)
UNREAD = Text(
    zh="有内容未能检查，不能以“没有找到”为依据：{detail}",
    en="something could not be examined, so its absence proves nothing: {detail}",
)
CRASHED = Text(zh="检查运行出错：{error}", en="the check failed to run: {error}")
PARTS = {
    "app": Text(zh="应用标识", en="identity"),
    "static": Text(zh="安装包与代码", en="package and code"),
    "traffic": Text(zh="流量", en="traffic"),
    "runtime": Text(zh="运行记录", en="run-time log"),
    "policy": Text(zh="隐私政策", en="privacy policy"),
}


class Case(Doc):
    """Everything one check may be handed."""

    evidence: Evidence
    matrix: Matrix
    know: Knowledge
    ctx: Context
    profile: Profile


class Answer(Doc):
    """What one check said, with the findings in full, and whether its silence would count."""

    result: CheckResult
    findings: tuple[Finding, ...] = ()
    complete: bool = False


def evaluate(
    evidence: Evidence,
    checks: Iterable[Check],
    profile: Profile,
    know: Knowledge,
    ctx: Context,
) -> Result:
    """Return the result document. The same inputs always give the same document.

    Only the checks that the profile's regulations cite are run; a profile without regulations
    runs all. Regulations that are not in force on `ctx.as_of` do not judge.
    """
    category, ctx = settle_category(evidence.app, know, ctx)
    regulations = in_force(profile, know, ctx.as_of, ctx.packs)
    case = Case(
        evidence=evidence,
        matrix=build_matrix(evidence, know),
        know=know,
        ctx=ctx,
        profile=profile,
    )
    wanted = cited_checks(regulations)
    asked = [
        check
        for check in sorted(checks, key=lambda check: check.card.id)
        if not profile.regulations or check.card.id in wanted
    ]
    core = frozenset(check.card.id for check in asked if check.card.core)
    answers = [answer(check, case) for check in asked]
    results = tuple(one.result for one in answers)
    found = tuple(f for one in answers for f in one.findings)
    said = Answers(
        results={result.id: result for result in results},
        findings={finding.id: finding for finding in found},
        cells=by_actor(case.matrix),
        complete=frozenset(one.result.id for one in answers if one.complete),
    )
    clauses = roll_up(regulations, said, know, ctx.as_of)
    findings = tuple(sorted(cite(found, clauses), key=rank))
    sdks = sdk_rows(evidence, know)
    permissions = permission_rows(evidence, know, ctx.category)
    destinations = destination_rows(evidence, know)
    result = Result(
        tool=evidence.tool,
        evidence_digest=hashlib.sha256(
            msgspec.json.encode(evidence, order="deterministic")
        ).hexdigest(),
        inputs=evidence.inputs,
        app=evidence.app,
        profile=profile.id,
        regulations=regulation_rows(regulations),
        category=category,
        coverage=coverage_rows(evidence, know),
        gaps=evidence.gaps,
        summary=summarise(findings, results, clauses, know, core),
        findings=findings,
        checks=results,
        clauses=clauses,
        matrix=case.matrix,
        sdks=sdks,
        permissions=permissions,
        destinations=destinations,
        labels=labels_for(
            case.matrix,
            findings,
            clauses,
            regulations,
            know,
            coded=(
                *(f"sdk_category.{sdk.category}" for sdk in sdks),
                *(f"protection.{permission.protection}" for permission in permissions),
            ),
        ),
        attributions=attributions(evidence),
        timeline=timeline(evidence),
        policy=policy_reading(evidence),
        not_in_force=regulation_rows(left_out(profile, know, ctx.as_of, ctx.packs)),
    )
    return graded(result, know)


def cite(findings: tuple[Finding, ...], clauses: Iterable[ClauseResult]) -> tuple[Finding, ...]:
    """Return the findings with the clauses that they answer: `regulation:clause`."""
    answered: dict[str, list[str]] = {}
    for clause in clauses:
        for name in clause.findings:
            answered.setdefault(name, []).append(f"{clause.regulation}:{clause.clause}")
    return tuple(
        msgspec.structs.replace(finding, clauses=tuple(answered.get(finding.id, ())))
        for finding in findings
    )


def attributions(evidence: Evidence) -> tuple[str, ...]:
    """Return the sources that ask to be named."""
    geoip = evidence.traffic.geoip if evidence.traffic is not None else ""
    return (geoip,) if geoip else ()


def rank(finding: Finding) -> tuple[int, int, int, int, str, str]:
    """Order findings: what weighs most, is surest and answers most clauses first."""
    return (
        SEVERITIES.index(finding.severity),
        finding.outcome is not Outcome.FAIL,
        CONFIDENCES.index(finding.confidence),
        -len(finding.clauses),
        finding.check,
        finding.subject,
    )


def answer(check: Check, case: Case) -> Answer:
    """Run one check on exactly what it asks for. A crash is an answer: ERROR."""
    missing = _missing(check.card, case.evidence)
    if missing:
        return _unanswered(check.card, Outcome.NOT_ASSESSED, MISSING.fill({"parts": missing}))
    unread = blocking(case.evidence, check.card.silence)
    if unread:
        reason = UNREAD.fill({"detail": case.evidence.gaps[unread[0]].detail})
        return _unanswered(check.card, Outcome.NOT_ASSESSED, reason, unread)
    try:
        hits, stopped = _run(check, case)
        findings = tuple(_word(hit, check.card, case) for hit in hits)
    except Exception as error:
        log.exception("check %s failed", check.card.id)
        reason = CRASHED.fill({"error": f"{type(error).__name__}: {error}"})
        return _unanswered(check.card, Outcome.ERROR, reason)
    unique = tuple({finding.id: finding for finding in reversed(findings)}.values())[::-1]
    return _conclude(check.card, unique, stopped, case)


def _run(check: Check, case: Case) -> tuple[list[Hit], NotAssessed | None]:
    """Return the hits up to the end, or up to the point where the check gave up, and why."""
    given = {
        "app": case.evidence.app,
        "static": case.evidence.static,
        "traffic": case.evidence.traffic,
        "runtime": case.evidence.runtime,
        "policy": case.evidence.policy,
        "matrix": case.matrix,
        "ctx": case.ctx,
        "know": case.know,
    }
    hits: list[Hit] = []
    try:
        for hit in check.run(**{name: given[name] for name in check.takes}):
            hits.append(hit)  # noqa: PERF402 - what was found before giving up must be kept
    except NotAssessed as stopped:
        return hits, stopped
    return hits, None


def _missing(card: Card, evidence: Evidence) -> Text | None:
    """Return the names of the parts without which the check cannot run, None when it can."""
    absent = _absent(card.reads, evidence)
    if card.either and len(_absent(card.either, evidence)) == len(card.either):
        absent += card.either
    return _names(absent) if absent else None


def _absent(entries: Iterable[str], evidence: Evidence) -> tuple[str, ...]:
    """Return the entries none of whose alternatives is there."""
    return tuple(
        entry
        for entry in entries
        if all(getattr(evidence, part) is None for part in parts_of((entry,)))
    )


def _names(entries: Iterable[str]) -> Text:
    words = [PARTS[part] for part in parts_of(tuple(entries))]
    return Text(zh="、".join(w.zh for w in words), en=", ".join(w.en for w in words))


def _word(hit: Hit, card: Card, case: Case) -> Finding:
    """Turn a hit into a finding: worded in both languages, evidence resolved.

    A hit that rests on a silence which may have another reason is tentative.
    """
    confidence = "tentative" if weakened(card, case.evidence) else hit.confidence
    outcome = Outcome(hit.outcome or card.on_hit)
    if confidence == "tentative":
        outcome = Outcome.REVIEW
    override = case.profile.severity_overrides.get(card.id)
    return Finding(
        id=hashlib.sha256(f"{card.id}\n{hit.subject}".encode()).hexdigest()[:16],
        check=card.id,
        subject=hit.subject,
        outcome=outcome,
        title=card.title,
        message=spaced(card.messages[hit.message].fill(hit.args)),
        severity=override or hit.severity or card.severity,
        confidence=confidence,
        evidence=tuple(
            describe(ref, case.evidence, case.know) for ref in dict.fromkeys(hit.evidence)
        ),
        limits=limited(card, case.evidence),
        remediation=card.remediation,
        confirm=card.confirm,
        data_type=hit.data_type,
        actor=hit.actor,
    )


def _conclude(
    card: Card, findings: tuple[Finding, ...], stopped: NotAssessed | None, case: Case
) -> Answer:
    """Decide the outcome: hits stand; silence counts only where somebody looked."""
    gaps = blocking(case.evidence, (*card.reads, *card.either))
    silence, why = _silence(card, gaps, case.evidence)
    reason: Text | None = None
    if any(finding.outcome is Outcome.FAIL for finding in findings):
        outcome = Outcome.FAIL
    elif findings:
        outcome = Outcome.REVIEW
    elif stopped is not None:
        applies = not isinstance(stopped, NotApplicable)
        outcome = Outcome.NOT_ASSESSED if applies or gaps else Outcome.NOT_APPLICABLE
        reason = stopped.reason
    else:
        outcome, reason = silence, why
    result = CheckResult(
        id=card.id,
        title=card.title,
        group=card.group,
        outcome=outcome,
        severity=case.profile.severity_overrides.get(card.id, card.severity),
        rationale=card.rationale,
        limits=card.limits,
        findings=tuple(finding.id for finding in findings),
        reason=reason,
        gaps=gaps,
    )
    complete = silence is Outcome.PASS and stopped is None
    return Answer(result=result, findings=findings, complete=complete)


def _silence(card: Card, gaps: tuple[int, ...], evidence: Evidence) -> tuple[Outcome, Text | None]:
    absent = _absent(card.either, evidence)
    if absent:
        return Outcome.NOT_ASSESSED, MISSING.fill({"parts": _names(absent)})
    if gaps:
        return Outcome.NOT_ASSESSED, BLOCKED.fill({"detail": evidence.gaps[gaps[0]].detail})
    limits = limiting(evidence, (*card.reads, *card.either))
    if limits:
        return Outcome.PASS, LIMITED.fill({"detail": evidence.gaps[limits[0]].detail})
    return Outcome.PASS, None


def _unanswered(card: Card, outcome: Outcome, reason: Text, gaps: tuple[int, ...] = ()) -> Answer:
    return Answer(
        result=CheckResult(
            id=card.id,
            title=card.title,
            group=card.group,
            outcome=outcome,
            severity=card.severity,
            rationale=card.rationale,
            limits=card.limits,
            reason=reason,
            gaps=gaps,
        )
    )

"""Findings in the order of a reader: question, then kind of problem, then each instance."""

import itertools
from collections.abc import Iterable, Iterator

import msgspec

from reports.words import Words
from scanner.model.common import SEVERITIES
from scanner.model.result import CheckResult, ClauseResult, EvidenceItem, Finding, Outcome, Result

CODE = ("code", "flow", "manifest", "ui")
SEEN = ("traffic", "runtime")
ABSENT_IN_CODE = ("absence/use/", "absence/ui/", "absence/behaviour/")
"""What was looked for in the package and not found; other absences are the policy's."""
GROUPS = ("permissions", "collection", "cross_border", "consent", "policy")


class Column(msgspec.Struct, frozen=True):
    """The evidence of one side. `heading` is a key of the report's words."""

    heading: str
    items: tuple[EvidenceItem, ...]


class Card(msgspec.Struct, frozen=True):
    """A finding with its evidence sorted into columns; sides without evidence have none.

    `number` counts the findings in the order of the report, from 1.
    """

    number: int
    finding: Finding
    columns: tuple[Column, ...]


class ClauseLink(msgspec.Struct, frozen=True):
    """A clause in words, and the place in the report where it is answered."""

    number: str
    title: str
    anchor: str


class RuleLinks(msgspec.Struct, frozen=True):
    """The clauses of one regulation that a check speaks to."""

    title: str
    clauses: tuple[ClauseLink, ...]


class Problem(msgspec.Struct, frozen=True):
    """One kind of problem: what all its findings share is said once."""

    check: str
    title: str
    first: Finding
    cards: tuple[Card, ...]
    main: tuple[RuleLinks, ...]
    rest: tuple[RuleLinks, ...]


class Group(msgspec.Struct, frozen=True):
    """The problems that answer one question."""

    name: str
    fail: int
    review: int
    problems: tuple[Problem, ...]


def grouped(result: Result, words: Words) -> tuple[Group, ...]:
    """Return the findings by question and check, what weighs most first."""
    checks = {check.id: check for check in result.checks}
    clauses = {f"{c.regulation}:{c.clause}": c for c in result.clauses}
    by_check: dict[str, list[Finding]] = {}
    for finding in result.findings:
        by_check.setdefault(finding.check, []).append(finding)
    by_group: dict[str, list[Problem]] = {}
    for name, findings in by_check.items():
        group = checks[name].group if name in checks else ""
        problem = _problem(checks.get(name), findings, clauses, result, words)
        by_group.setdefault(group, []).append(problem)
    order = [name for name in GROUPS if name in by_group]
    order += sorted(by_group.keys() - set(GROUPS))
    count = itertools.count(1)
    return tuple(_numbered(_group(name, by_group[name]), count) for name in order)


def _numbered(group: Group, count: Iterator[int]) -> Group:
    """Return the group with its findings numbered on."""
    replace = msgspec.structs.replace
    problems = tuple(
        replace(problem, cards=tuple(replace(card, number=next(count)) for card in problem.cards))
        for problem in group.problems
    )
    return replace(group, problems=problems)


def anchor(regulation: str, clause: str) -> str:
    """Return the id under which a clause stands in the report."""
    return f"c-{regulation}-{clause}".replace(" ", "_")


def _group(name: str, problems: list[Problem]) -> Group:
    findings = [card.finding for problem in problems for card in problem.cards]
    fail = sum(f.outcome is Outcome.FAIL for f in findings)
    return Group(
        name=name,
        fail=fail,
        review=len(findings) - fail,
        problems=tuple(sorted(problems, key=lambda p: _weight(p.first))),
    )


def _weight(finding: Finding) -> tuple[bool, int, str]:
    return (
        finding.outcome is not Outcome.FAIL,
        SEVERITIES.index(finding.severity),
        finding.check,
    )


def _problem(
    check: CheckResult | None,
    findings: list[Finding],
    clauses: dict[str, ClauseResult],
    result: Result,
    words: Words,
) -> Problem:
    first = min(findings, key=_weight)
    rules = _rules(first.clauses, clauses, result, words)
    return Problem(
        check=first.check,
        title=words.say(check.title if check is not None else first.title),
        first=first,
        cards=tuple(Card(number=0, finding=f, columns=_columns(f.evidence)) for f in findings),
        main=rules[:1],
        rest=rules[1:],
    )


def _rules(
    ids: Iterable[str], clauses: dict[str, ClauseResult], result: Result, words: Words
) -> tuple[RuleLinks, ...]:
    """Return the clauses under their regulations, in the order of the profile."""
    found: dict[str, list[ClauseLink]] = {}
    for name in ids:
        rule, _, number = name.partition(":")
        clause = clauses.get(name)
        title = words.say(clause.title) if clause is not None else ""
        found.setdefault(rule, []).append(
            ClauseLink(number, title, anchor(rule, number) if clause is not None else "")
        )
    order = {rule.id: place for place, rule in enumerate(result.regulations)}
    titles = {rule.id: words.say(rule.title) for rule in result.regulations}
    return tuple(
        RuleLinks(titles.get(rule, rule), tuple(found[rule]))
        for rule in sorted(found, key=lambda rule: (order.get(rule, len(order)), rule))
    )


def _columns(items: tuple[EvidenceItem, ...]) -> tuple[Column, ...]:
    found: dict[str, list[EvidenceItem]] = {"code": [], "seen": [], "said": []}
    for item in items:
        found[_side(item)].append(item)
    return tuple(Column(f"evidence.{side}", tuple(own)) for side, own in found.items() if own)


def _side(item: EvidenceItem) -> str:
    """Return the column of a piece of evidence."""
    if item.kind in CODE or item.ref.startswith(ABSENT_IN_CODE):
        return "code"
    return "seen" if item.kind in SEEN else "said"

"""The graded risk: points for findings, with the arithmetic printed."""

from collections import defaultdict

import msgspec

from profiles.load import table
from profiles.model import Knowledge
from scanner.gate import coverage_percent
from scanner.model.base import Doc, Text
from scanner.model.result import Finding, Result, Risk

NOTE = Text(
    zh="分级仅供监管排序参考，由公开的算法得出，不是法律结论；未检查的部分不计分，也不代表没有问题。",
    en="The grade sorts apps for supervision by an arithmetic that is shown;"
    " it is no legal verdict. What was not examined adds no points and is not clean for it.",
)


class Grade(Doc):
    """A grade and the score from which it holds."""

    id: str
    start: float = msgspec.field(name="from")
    name: Text


class RiskTable(Doc):
    """The points. The meaning of each entry stands beside it in the YAML file."""

    severity: dict[str, float]
    outcome: dict[str, float]
    confidence: dict[str, float]
    per_check: float
    grades: tuple[Grade, ...]
    checked: str
    source: tuple[str, ...]


def graded(result: Result, know: Knowledge) -> Result:
    """Return the result with its risk. Waived findings add no points."""
    points = table(know, "risk", RiskTable)
    by_check: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        if not finding.waived:
            by_check[finding.check].append(finding)
    parts = [(found, *_check(found, points)) for _, found in sorted(by_check.items())]
    parts.sort(key=lambda part: (-part[1], part[0][0].check))
    score = round(sum(part[1] for part in parts), 1)
    grade = max((g for g in points.grades if g.start <= score), key=lambda g: g.start)
    risk = Risk(
        score=score,
        grade=grade.id,
        name=grade.name,
        steps=(
            *(_step(found, value, raw, points) for found, value, raw in parts if value),
            _total(score, grade, result),
        ),
        note=NOTE,
    )
    return msgspec.structs.replace(result, risk=risk)


def worth(finding: Finding, points: RiskTable) -> float:
    """Return the points of one finding."""
    return (
        points.severity[finding.severity]
        * points.outcome[finding.outcome.value]
        * points.confidence[finding.confidence]
    )


def _check(found: list[Finding], points: RiskTable) -> tuple[float, float]:
    """Return the points of a check's findings after and before the cap."""
    values = [worth(finding, points) for finding in found]
    raw = round(sum(values), 1)
    return min(raw, round(max(values) * points.per_check, 1)), raw


def _step(found: list[Finding], value: float, raw: float, points: RiskTable) -> Text:
    terms = " + ".join(
        f"{points.severity[f.severity]:g}×{points.outcome[f.outcome.value]:g}"
        f"×{points.confidence[f.confidence]:g}"
        for f in found
    )
    title = found[0].title
    capped_zh = f" = {raw:g}，单项上限后 {value:g}" if raw > value else f" = {value:g}"
    capped_en = f" = {raw:g}, capped at {value:g}" if raw > value else f" = {value:g}"
    return Text(zh=f"{title.zh}：{terms}{capped_zh}", en=f"{title.en}: {terms}{capped_en}")


def _total(score: float, grade: Grade, result: Result) -> Text:
    share = coverage_percent(result)
    return Text(
        zh=f"合计 {score:g} 分，{grade.start:g} 分起为“{grade.name.zh}”；"
        f"可由机器检查的条款已检查 {share}%",
        en=f"total {score:g}; {grade.name.en} from {grade.start:g}; {share}% of the clauses a"
        " machine can examine were examined",
    )

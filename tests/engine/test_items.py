"""Each item of the identification method is hit when it must be, and not when it must not."""

from collections import defaultdict
from pathlib import Path

import items
import pytest
from items import GOOD, Case
from items_more import MORE

from checks.api import Context
from checks.registry import load_checks
from profiles.model import Knowledge
from scanner.engine import evaluate
from scanner.model.common import SEVERITIES
from scanner.model.evidence import Evidence
from scanner.model.result import Outcome, Result

CASES = (*items.CASES, *MORE)
HITS = (Outcome.FAIL, Outcome.REVIEW)
CTX = Context(category="utility", category_confidence="certain")


def judge(evidence: Evidence, know: Knowledge, ctx: Context = CTX) -> Result:
    return evaluate(evidence, load_checks(), know.profiles["cn"], know, ctx)


def outcomes(evidence: Evidence, know: Knowledge) -> dict[str, Outcome]:
    result = judge(evidence, know)
    return {c.clause: c.outcome for c in result.clauses if c.regulation == "cn-191"}


def test_the_good_app_has_no_finding_of_weight(know: Knowledge) -> None:
    result = judge(GOOD, know)
    heavy = SEVERITIES[: SEVERITIES.index("low")]
    assert [f for f in result.findings if f.severity in heavy] == []
    assert [c.id for c in result.checks if c.outcome is Outcome.ERROR] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.item} {case.what}")
def test_an_item_is_hit_when_it_must_be(case: Case, know: Knowledge) -> None:
    assert (outcomes(case.evidence, know)[case.item] in HITS) == case.hit


def test_every_item_that_a_machine_examines_has_both_kinds_of_case(know: Knowledge) -> None:
    kinds: defaultdict[str, set[bool]] = defaultdict(set)
    for case in CASES:
        kinds[case.item].add(case.hit)
    examined = {
        c.id for c in know.regulations["cn-191"].clauses if c.coverage in ("automatic", "partial")
    }
    assert examined == {item for item, both in kinds.items() if both == {True, False}}


def test_a_finding_names_only_the_clauses_it_answers(know: Knowledge) -> None:
    missing = items.app(policy=items.without("E07"))
    found = next(f for f in judge(missing, know).findings if f.subject == "E07")
    assert "pipl:19" in found.clauses
    assert "cn-191:1.1" not in found.clauses


def table(know: Knowledge) -> str:
    """Return the measured table of docs/measured-items.md."""
    titles = {c.id: c.title for c in know.regulations["cn-191"].clauses}
    coverage = {c.id: c.coverage for c in know.regulations["cn-191"].clauses}
    runs = [(case, outcomes(case.evidence, know)) for case in (*CASES, *_clean())]
    lines = [
        "# Measured: the 31 items on our own cases",
        "",
        "Made by `python -m pytest tests/engine/test_items.py --update-goldens`. Each case",
        "changes one thing in an app that does everything right (`tests/support/items.py`).",
        "Hit rate: cases that must trigger the item and do. False alarms: cases that must not",
        "and do, the unchanged app among them. The cases are literal evidence documents; how",
        "well evidence is gathered is measured elsewhere.",
        "",
        "| item | coverage | hit rate | false alarms | title |",
        "|---|---|---|---|---|",
    ]
    for item, words in titles.items():
        must = [found[item] in HITS for case, found in runs if case.item == item and case.hit]
        must_not = [
            found[item] in HITS for case, found in runs if case.item == item and not case.hit
        ]
        rates = (
            (f"{sum(must)} of {len(must)}", f"{sum(must_not)} of {len(must_not)}")
            if must
            else ("by hand", "by hand")
        )
        title = f"{words.zh} / {words.en}".replace("|", "/")
        lines.append(f"| {item} | {coverage[item]} | {rates[0]} | {rates[1]} | {title} |")
    return "\n".join(lines) + "\n"


def _clean() -> list[Case]:
    """The good app is a case that must not hit, for every item."""
    return [
        Case(item, "unchanged", GOOD, hit=False) for item in dict.fromkeys(c.item for c in CASES)
    ]


def test_the_table_in_the_documentation_is_current(
    know: Knowledge, root: Path, request: pytest.FixtureRequest
) -> None:
    path = root / "docs" / "measured-items.md"
    if request.config.getoption("--update-goldens"):
        path.write_text(table(know), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == table(know)

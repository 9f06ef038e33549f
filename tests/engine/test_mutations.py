"""Take an input away: no clause may turn to pass. Unknown is never clean."""

import zipfile
from pathlib import Path
from typing import Any

import items
import made
import msgspec
import pytest

from checks.api import Context
from checks.registry import load_checks
from profiles.model import Knowledge
from scanner.engine import evaluate
from scanner.model.evidence import Evidence
from scanner.model.result import Outcome
from scanner.pipeline import Judgement, Request, gather, judge

PARTS = ("static", "traffic", "policy")
CTX = Context(category="utility", category_confidence="certain")


def passed(evidence: Evidence, know: Knowledge) -> set[str]:
    result = evaluate(evidence, load_checks(), know.profiles["cn"], know, CTX)
    return {f"{c.regulation}:{c.clause}" for c in result.clauses if c.outcome is Outcome.PASS}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("case", items.CASES, ids=lambda case: f"{case.item} {case.what}")
def test_without_an_input_no_clause_turns_to_pass(
    case: items.Case, part: str, know: Knowledge
) -> None:
    less = msgspec.structs.replace(case.evidence, **{part: None})
    assert passed(less, know) <= passed(case.evidence, know)


@pytest.mark.parametrize(
    ("blocked", "emptied"),
    [
        (("static.calls", "static.flows", "static.sdks", "static.behaviours"), "static"),
        (("traffic.sightings", "traffic.destinations"), "traffic"),
        (("policy.statements", "policy.sdks", "policy.elements", "policy.cross_border"), "policy"),
    ],
)
@pytest.mark.parametrize("case", items.CASES[::4], ids=lambda case: f"{case.item} {case.what}")
def test_what_could_not_be_read_never_passes(
    case: items.Case, blocked: tuple[str, ...], emptied: str, know: Knowledge
) -> None:
    part = getattr(case.evidence, emptied)
    nothing: dict[str, Any] = {name.partition(".")[2]: () for name in blocked}
    nothing.pop("cross_border", None)
    less = msgspec.structs.replace(
        case.evidence,
        gaps=(made.gap("unreadable", *blocked),),
        **{emptied: msgspec.structs.replace(part, **nothing)},
    )
    assert passed(less, know) <= passed(case.evidence, know)


def test_the_good_app_passes_some(know: Knowledge) -> None:
    assert len(passed(items.GOOD, know)) > 5


def test_nothing_at_all_passes_nothing(know: Knowledge) -> None:
    assert passed(made.evidence(), know) == set()


def test_unmarked_phases_pass_nothing_new(know: Knowledge) -> None:
    assert items.GOOD.traffic is not None
    seen = msgspec.structs.replace(
        items.GOOD.traffic,
        phases=(),
        sightings=tuple(
            msgspec.structs.replace(s, phase="unknown") for s in items.GOOD.traffic.sightings
        ),
    )
    less = msgspec.structs.replace(items.GOOD, traffic=seen)
    assert passed(less, know) <= passed(items.GOOD, know)


def test_without_its_code_an_app_is_not_clean(know: Knowledge, root: Path, tmp_path: Path) -> None:
    fixtures = root / "tests" / "fixtures"
    bare = tmp_path / "bare.apk"
    whole = zipfile.ZipFile(fixtures / "apps" / "dirty.apk")
    with whole, zipfile.ZipFile(bare, "w") as less:
        for entry in whole.infolist():
            if not entry.filename.endswith(".dex"):
                less.writestr(entry, whole.read(entry))

    def clean(path: Path) -> set[str]:
        request = Request(app=path, policies=(fixtures / "policies" / "dirty.html",))
        result = judge(gather(request, know), know, Judgement())
        return {f"{c.regulation}:{c.clause}" for c in result.clauses if c.outcome is Outcome.PASS}

    assert clean(bare) <= clean(fixtures / "apps" / "dirty.apk")

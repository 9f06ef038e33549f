"""Take an input away: no clause may turn to pass. Unknown is never clean."""

import zipfile
from itertools import combinations
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
        (
            ("static.calls", "static.flows", "static.sdks", "static.behaviours", "static.bridges"),
            "static",
        ),
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


# The whole way: each input of the demo apps taken away, alone and with others.

FIXTURES = Path(__file__).parents[1] / "fixtures"
INPUTS = ("traffic", "policies", "subject")


def request(name: str, without: frozenset[str] = frozenset(), app: Path | None = None) -> Request:
    given: dict[str, Any] = {
        "traffic": (FIXTURES / "traffic" / f"{name}.mitm",),
        "policies": (FIXTURES / "policies" / f"{name}.html",),
        "subject": FIXTURES / "traffic" / "subject.yaml",
    }
    kept = {key: value for key, value in given.items() if key not in without}
    path = app or FIXTURES / "apps" / f"{name}.apk"
    embedded = "policies" not in without
    return Request(app=path, flow_budget=0, embedded_policy=embedded, **kept)


def clean(asked: Request, know: Knowledge) -> set[str]:
    result = judge(gather(asked, know), know, Judgement(category="38"))
    return {f"{c.regulation}:{c.clause}" for c in result.clauses if c.outcome is Outcome.PASS}


@pytest.fixture(scope="module")
def whole(know: Knowledge) -> dict[str, set[str]]:
    return {name: clean(request(name), know) for name in ("dirty", "clean")}


@pytest.mark.parametrize("name", ["dirty", "clean"])
@pytest.mark.parametrize(
    "without",
    [frozenset(some) for size in (1, 2, 3) for some in combinations(INPUTS, size)],
    ids=lambda some: "+".join(sorted(some)),
)
def test_whatever_input_is_missing_nothing_turns_to_pass(
    name: str, without: frozenset[str], know: Knowledge, whole: dict[str, set[str]]
) -> None:
    assert clean(request(name, without), know) <= whole[name]


def dex_files(name: str) -> list[str]:
    with zipfile.ZipFile(FIXTURES / "apps" / f"{name}.apk") as package:
        return [entry for entry in package.namelist() if entry.endswith(".dex")]


@pytest.mark.parametrize(
    ("name", "dex"), [(name, dex) for name in ("dirty", "clean") for dex in dex_files(name)]
)
def test_without_a_dex_file_an_app_is_not_clean(
    name: str, dex: str, know: Knowledge, whole: dict[str, set[str]], tmp_path: Path
) -> None:
    bare = tmp_path / "bare.apk"
    with (
        zipfile.ZipFile(FIXTURES / "apps" / f"{name}.apk") as package,
        zipfile.ZipFile(bare, "w") as less,
    ):
        for entry in package.infolist():
            if entry.filename != dex:
                less.writestr(entry, package.read(entry))
    assert clean(request(name, app=bare), know) <= whole[name]


@pytest.mark.parametrize("name", ["dirty", "clean"])
def test_a_broken_dex_file_makes_no_app_clean(
    name: str, know: Knowledge, whole: dict[str, set[str]], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.apk"
    with (
        zipfile.ZipFile(FIXTURES / "apps" / f"{name}.apk") as package,
        zipfile.ZipFile(broken, "w") as less,
    ):
        for entry in package.infolist():
            data = package.read(entry)
            cut = entry.filename.endswith(".dex")
            less.writestr(entry, data[: len(data) // 2] if cut else data)
    assert clean(request(name, app=broken), know) <= whole[name]

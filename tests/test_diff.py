"""A comparison tells fixed from not assessed, and behaviour from declaration."""

import msgspec
import pytest
import sample

from scanner.diff import compare
from scanner.diff_text import sections, to_lines, to_page
from scanner.model.base import same
from scanner.model.matrix import Cell, Matrix
from scanner.model.result import (
    DestinationInfo,
    Outcome,
    PermissionInfo,
    PolicyElement,
    PolicyQuote,
    PolicyReading,
    PolicyText,
    Result,
    SdkInfo,
)


def replace(result: Result, **changes: object) -> Result:
    return msgspec.structs.replace(result, **changes)


def test_nothing_changed() -> None:
    difference = compare(sample.result(), sample.result())
    assert [line.id for line in difference.open] == ["0" * 16]
    assert not difference.fresh
    assert not difference.fixed
    assert not difference.permissions
    assert not difference.drift


def answered(result: Result, outcome: Outcome) -> Result:
    check = msgspec.structs.replace(result.checks[0], outcome=outcome, findings=())
    return replace(result, checks=(check, *result.checks[1:]), findings=())


def test_a_finding_that_is_gone_is_fixed_only_when_the_check_ran() -> None:
    old = sample.result()
    assert compare(old, answered(old, Outcome.PASS)).fixed
    lost = compare(old, answered(old, Outcome.NOT_ASSESSED))
    assert not lost.fixed
    assert [line.id for line in lost.unknown] == ["0" * 16]


def test_a_new_finding_is_new() -> None:
    difference = compare(sample.result(()), sample.result())
    assert [line.check for line in difference.fresh] == ["collection-before-consent"]


READ = PolicyReading(
    documents=(PolicyText(name="p", kind="main", language="zh", chars=9, sha256="11" * 32),),
    statements=(),
    elements=(PolicyElement(id="E07", found="not_found"),),
    parties=(),
)
CAMERA = PermissionInfo(
    name="android.permission.CAMERA",
    label=same("camera"),
    protection="dangerous",
    declared=True,
    explained=False,
)


def says(action: str, kind: str, polarity: str = "positive") -> PolicyQuote:
    return PolicyQuote(
        action=action, actor="app", polarity=polarity, types=(kind,), purpose="", document="p",
        start=0, quote="我们会收集",
    )  # fmt: skip


def read(result: Result, *quotes: PolicyQuote, **changes: object) -> Result:
    return replace(result, policy=msgspec.structs.replace(READ, statements=quotes, **changes))


def cell(kind: str, declared: str = "omitted", **changes: object) -> Cell:
    fields = {"data_type": kind, "actor": "app", "reachable": True, "declared": declared}
    return Cell(**{**fields, **changes})  # type: ignore[arg-type]


def with_cells(result: Result, *cells: Cell) -> Result:
    return replace(result, matrix=Matrix(cells=cells))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"permissions": (CAMERA,)}, "CAMERA"),
        ({"matrix": Matrix(cells=(cell("imei"), cell("mac")))}, "mac"),
        (
            {
                "sdks": (
                    SdkInfo(
                        sdk="x", name=same("X"), vendor=same("v"), present=True, declared=False
                    ),
                )
            },
            "X",
        ),
        (
            {"destinations": (DestinationInfo(host="far.example", outside=True, declared=False),)},
            "far.example",
        ),
    ],
)
def test_what_is_new_and_not_declared_is_drift(changes: dict[str, object], word: str) -> None:
    old = replace(
        read(with_cells(sample.result(), cell("imei"))), permissions=(), sdks=(), destinations=()
    )
    found = compare(old, replace(old, **changes))
    assert found.drift
    assert [word in text.zh and word in text.en for text in found.undeclared] == [True]
    assert not compare(old, old).drift
    back = compare(replace(old, **changes), old)
    assert not back.drift, "what is gone is no drift"


@pytest.mark.parametrize(
    "changes",
    [
        {"permissions": (msgspec.structs.replace(CAMERA, explained=True),)},
        {"permissions": (msgspec.structs.replace(CAMERA, explained=None),)},
        {"permissions": (msgspec.structs.replace(CAMERA, protection="normal"),)},
        {"permissions": (msgspec.structs.replace(CAMERA, declared=False),)},
        {"matrix": Matrix(cells=(cell("imei"), cell("mac", "clear")))},
        {"matrix": Matrix(cells=(cell("imei"), cell("mac", reachable=None)))},
        {"destinations": (DestinationInfo(host="near.example", outside=False, declared=False),)},
        {"destinations": (DestinationInfo(host="cdn.example", outside=None, declared=False),)},
    ],
)
def test_what_is_declared_or_unknown_is_no_drift(changes: dict[str, object]) -> None:
    old = replace(
        read(with_cells(sample.result(), cell("imei"))), permissions=(), sdks=(), destinations=()
    )
    assert not compare(old, replace(old, **changes)).drift


def test_a_policy_that_followed_is_no_drift() -> None:
    old = read(with_cells(sample.result(), cell("imei")))
    new = with_cells(old, cell("imei"), cell("mac", "vague"))
    assert compare(old, new).drift
    assert not compare(old, read(new, says("collect", "mac"))).drift


@pytest.mark.parametrize("declared", ["omitted", "incorrect", "ambiguous"])
def test_a_denial_does_not_answer_for_new_behaviour(declared: str) -> None:
    old = read(with_cells(sample.result(), cell("imei")))
    new = read(
        with_cells(old, cell("imei"), cell("mac", declared)), says("collect", "mac", "negative")
    )
    assert compare(old, new).drift


def test_without_a_policy_drift_is_not_judged() -> None:
    old = with_cells(sample.result(), cell("imei"))
    found = compare(old, with_cells(old, cell("imei"), cell("mac")))
    assert not found.drift
    assert "could not be judged" in found.limits[0].en
    assert not compare(old, old).limits


def test_statements_that_appear_vanish_and_turn() -> None:
    old = read(sample.result(), says("collect", "imei"), says("share", "mac"))
    new = read(
        sample.result(), says("collect", "imei", "negative"), says("collect", "oaid"),
        elements=(PolicyElement(id="E07", found="present"),), stance="denied",
    )  # fmt: skip
    found = compare(old, new).statements
    assert [text.zh for text in found.added] == ["oaid（应用自身，收集）：声明“我们会收集”"]
    assert [text.en for text in found.removed] == [
        'mac (the app itself, given to others): declared "我们会收集"'
    ]
    assert [text.zh for text in found.changed] == [
        "IMEI（应用自身，收集）：声明 → 否认", "保存期限：未找到 → 有",
        "关于出境：未提及出境 → 声称不出境",
    ]  # fmt: skip


def test_data_that_is_seen_in_a_new_phase_or_declared_otherwise() -> None:
    old = with_cells(sample.result(), cell("imei", observed=("after_consent",), observed_count=1))
    new = with_cells(
        old,
        cell("imei", "clear", observed=("before_consent", "after_consent"), observed_count=2),
    )
    assert [text.zh for text in compare(old, new).data.changed] == [
        "IMEI（应用自身）：新观察到于同意前；政策告知 未提及 → 明示"
    ]
    assert not compare(old, old).data


def test_versions_and_places_that_changed() -> None:
    sdk = SdkInfo(sdk="x", name=same("X"), vendor=same("v"), present=True, version="1.0")
    host = DestinationInfo(host="h.example", hosting_country="CN")
    old = replace(sample.result(), sdks=(sdk,), destinations=(host,))
    new = replace(
        old,
        sdks=(msgspec.structs.replace(sdk, version="2.0"),),
        destinations=(msgspec.structs.replace(host, hosting_country="US"),),
    )
    found = compare(old, new)
    assert [text.en for text in found.sdks.changed] == ["X: 1.0 → 2.0"]
    assert found.hosts.changed == (same("h.example: CN → US"),)
    unknown = compare(replace(old, sdks=(msgspec.structs.replace(sdk, version=""),)), new)
    assert not unknown.sdks.changed, "an unknown version did not change"


def test_a_part_that_only_one_side_examined_is_a_limit() -> None:
    old = sample.result()
    rows = tuple(msgspec.structs.replace(row, examined=True) for row in old.coverage)
    found = compare(old, replace(old, coverage=rows))
    assert ["Run time" in text.en for text in found.limits] == [True]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_words_of_a_comparison_are_inert(lang: str) -> None:
    evil = sample.finding(7, message=same("<img src=x> *b* [l](http://x) \u202egnp"))
    difference = compare(sample.result(()), sample.result((evil,)))
    page = to_page(difference, lang).decode()
    assert "<img" not in page
    markdown = "\n".join(to_lines(difference, lang, markdown=True))
    assert "<img" not in markdown
    assert "](http" not in markdown
    assert "\u202e" not in "\n".join(to_lines(difference, lang))


def test_nothing_is_said_when_nothing_changed() -> None:
    empty = compare(sample.result(()), sample.result(()))
    assert to_lines(empty, "en")[1:] == ["Nothing changed."]
    assert sections(empty, "zh") == ()


def test_what_only_the_policy_says_is_not_behaviour() -> None:
    old = sample.result()
    declared_only = replace(old, matrix=Matrix(cells=old.matrix.cells[:1]))
    assert not compare(declared_only, old).data


def test_a_changed_clause_is_named() -> None:
    old = sample.result()
    clause = msgspec.structs.replace(old.clauses[0], outcome=Outcome.PASS)
    difference = compare(old, replace(old, clauses=(clause, *old.clauses[1:])))
    assert difference.clauses.changed[0].en.endswith("fail → nothing found")

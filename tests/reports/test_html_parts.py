"""The parts of the HTML report: numbering, what was shown before, lanes, flows, paper."""

import re
from pathlib import Path

import msgspec
import pytest
import sample

import scanner
from reports.html_report import render
from reports.html_report.drawings import flow_drawing
from reports.html_report.grouping import grouped
from reports.html_report.lanes import MAX_ROWS, timeline_drawing
from reports.html_report.paper import paper_style, quoted
from reports.html_report.view import View
from reports.words import Words, strings
from scanner.model.base import same
from scanner.model.common import Gap
from scanner.model.result import (
    DestinationInfo,
    EvidenceItem,
    Outcome,
    Result,
    Timeline,
    TimelineEvent,
    TimelineSpan,
)

START = "2026-06-10T02:00:00.000Z"


def view_of(result: Result) -> View:
    return View(result, Words(result, "zh"))


def test_findings_are_numbered_in_the_order_of_the_report() -> None:
    findings = (
        sample.finding(0, check="late", outcome=Outcome.REVIEW, severity="low"),
        sample.finding(1, check="early"),
        sample.finding(2, check="early"),
    )
    result = sample.result(findings)
    groups = grouped(result, Words(result, "zh"))
    cards = [c for group in groups for problem in group.problems for c in problem.cards]
    assert [card.number for card in cards] == [1, 2, 3]
    view = view_of(result)
    assert view.numbers(reversed([f.id for f in findings])) == [
        (card.number, card.finding.id) for card in cards
    ]
    assert view.numbers(["not a finding"]) == []


def test_only_the_same_evidence_counts_as_shown_before() -> None:
    item = sample.finding().evidence[0]
    other = msgspec.structs.replace(item, lines=(same("another chain"),))
    view = view_of(
        sample.result((sample.finding(0, evidence=(item,)), sample.finding(1, evidence=(other,))))
    )
    assert view.earlier(item, 1) is None
    assert view.earlier(item, 2) == 1
    assert view.earlier(other, 2) is None


@pytest.mark.parametrize(
    ("ref", "kind", "heading"),
    [
        ("absence/use/android.permission.CAMERA", "absence", "evidence.code"),
        ("absence/declared/imei", "absence", "evidence.said"),
        ("policy/elements/E07", "absence", "evidence.said"),
        ("runtime/events/1", "runtime", "evidence.seen"),
    ],
)
def test_evidence_stands_on_its_own_side(ref: str, kind: str, heading: str) -> None:
    item = EvidenceItem(ref=ref, kind=kind, title=same("x"))
    result = sample.result((sample.finding(evidence=(item,)),))
    card = grouped(result, Words(result, "zh"))[0].problems[0].cards[0]
    assert [column.heading for column in card.columns] == [heading]


def event(**changes: object) -> TimelineEvent:
    fields: dict[str, object] = {
        "time": START, "phase": "before_consent", "actor": "app", "data_type": "imei",
        "host": "a.example", "span": 0, "after": 1.0,
    }  # fmt: skip
    return TimelineEvent(**{**fields, **changes})  # type: ignore[arg-type]


def lanes(*events: TimelineEvent) -> tuple[Result, Words]:
    spans = tuple(
        TimelineSpan(phase=phase, start=START, end=START, seconds=10)  # type: ignore[arg-type]
        for phase in ("before_consent", "after_consent")
    )
    result = msgspec.structs.replace(sample.result(), timeline=Timeline(spans=spans, events=events))
    return result, Words(result, "zh")


def test_each_type_of_each_actor_has_a_lane_of_its_own() -> None:
    drawing = timeline_drawing(
        *lanes(
            event(),
            event(data_type="mac"),
            event(actor="umeng", phase="after_consent", span=1),
            event(span=7),
        )
    )
    assert drawing is not None
    assert [(bool(lane.actor), lane.first) for lane in drawing.lanes] == [
        (True, True), (False, False), (True, True),
    ]  # fmt: skip
    assert [dot.early for dot in drawing.dots] == [True, True, False]
    assert drawing.omitted == 0


def test_dots_that_would_hide_each_other_are_one_with_a_number() -> None:
    drawing = timeline_drawing(*lanes(event(), event(after=1.001), event(after=9.0)))
    assert drawing is not None
    assert [dot.count for dot in drawing.dots] == [2, 1]


def test_lanes_beyond_the_page_are_counted() -> None:
    many = [event(data_type=f"type{n}") for n in range(MAX_ROWS + 3)]
    drawing = timeline_drawing(*lanes(*many))
    assert drawing is not None
    assert (len(drawing.lanes), drawing.omitted) == (MAX_ROWS, 3)


def test_hosts_stand_on_their_side_of_the_border() -> None:
    hosts = (
        DestinationInfo(
            host="home", outside=False, hosting_country="CN", personal_data=(same("a"),)
        ),
        DestinationInfo(
            host="away", outside=True, hosting_country="US", personal_data=(same("a"),)
        ),
        DestinationInfo(host="cdn", outside=None, personal_data=(same("b"),)),
        DestinationInfo(host="silent", outside=True),
    )
    result = msgspec.structs.replace(sample.result(), destinations=hosts)
    drawing = flow_drawing(result, Words(result, "zh"))
    assert drawing is not None
    assert [zone.kind for zone in drawing.zones] == ["outside", "undecided", "inside"]
    tops = {node.label: node.y for node in drawing.nodes}
    assert tops["away"] < tops["cdn"] < tops["home"]
    assert "silent" not in tops
    assert all(node.y + node.height <= drawing.height for node in drawing.nodes)


@pytest.mark.parametrize(
    "name", ['"}body{display:none}', "</style><script>", "\\", "\n}", "晴空\u202e", "x" * 9999]
)
def test_a_name_stays_a_string_in_the_page_margin(name: str) -> None:
    text = quoted(name)
    assert re.fullmatch(r'"([A-Za-z0-9 ]|\\[0-9a-f]{6})*"', text)
    style = paper_style(sample.result(label=name), Words(sample.result(), "zh"))
    assert "</" not in style
    assert style.count("{") == style.count("}") == 5


def test_a_citation_is_split_at_its_colon() -> None:
    view = view_of(sample.result())
    assert view.cite("《个人信息保护法》第17条：告知事项") == (
        "《个人信息保护法》第17条",
        "：告知事项",
    )
    assert view.cite("PIPL, article 17: notice: names") == ("PIPL, article 17", ": notice: names")
    assert view.cite("no gist") == ("no gist", "")


def test_a_crashed_check_counts_as_not_assessed() -> None:
    result = sample.result()
    summary = msgspec.structs.replace(
        result.summary, clauses={"cn-191": {"error": 2, "not_assessed": 1}}
    )
    view = view_of(msgspec.structs.replace(result, summary=summary))
    assert dict(view.outcomes("cn-191"))["not_assessed"] == 3


def test_the_gap_that_blocks_most_is_told_first() -> None:
    gaps = tuple(
        Gap(part="static", code=name, detail=same(name), blocks=("static.calls",) * count)
        for name, count in (("small", 0), ("packed", 3), ("late", 1))
    )
    view = view_of(msgspec.structs.replace(sample.result(), gaps=gaps))
    assert [gap.code for gap in view.gaps] == ["packed", "late", "small"]


def test_what_a_gap_limits_is_told() -> None:
    gap = Gap(
        part="static",
        code="late",
        detail=same("late code"),
        limits=("static.calls", "static.bridges"),
    )
    page = render(msgspec.structs.replace(sample.result(), gaps=(gap,)), "en").decode()
    assert "Holds only within this limit: " in page
    assert "bridges to web pages" in page


def test_every_part_that_a_gap_can_block_has_words() -> None:
    """The parts of the evidence that gatherers name; `policy.elements` is a heading already."""
    named = {
        match
        for path in Path(scanner.__file__).parent.rglob("*.py")
        for block in re.findall(r"(?:blocks|limits)=\(([^)]*)\)", path.read_text(encoding="utf-8"))
        for match in re.findall(r'"([a-z_.]+)"', block)
    }
    assert len(named) > 5
    assert named <= set(strings())

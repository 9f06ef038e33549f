"""Calls and flows in the terminal."""

import msgspec
import pytest

from reports.code_text import CodeText
from reports.terminal import columns
from scanner.model.base import Text
from scanner.model.static import CollectionSite, DataFlow, FlowStep, Location, Reach

AT = Location(cls="a.B", method="m", descriptor="()V", offset=26, dex="classes2.dex", line=7)
NAMES = {
    "imei": Text(zh="设备标识", en="IMEI"),
    "app": Text(zh="应用自身", en="the app itself"),
    "sink.log": Text(zh="日志", en="log"),
    "sink.network": Text(zh="网络", en="network"),
    "flow.change.hash": Text(zh="摘要", en="hash"),
}


def site(**reach: object) -> CollectionSite:
    return CollectionSite(
        api="x",
        data_type="imei",
        kind="method",
        target="android.X.get",
        place=AT,
        actor="app",
        reach=Reach(**reach),  # type: ignore[arg-type]
    )


def flow(sink: str, **changes: object) -> DataFlow:
    return DataFlow(
        data_type="imei",
        source_api="x",
        source=AT,
        sink_api="y",
        sink_kind=sink,
        sink=AT,
        path=(FlowStep(place=AT, statement="x.getDeviceId()"),),
        **changes,  # type: ignore[arg-type]
    )


EARLY = site(reachable=True, before_consent=True, chain=("a.App.onCreate", "a.B.m"))


def test_a_chain_runs_from_the_entry_to_the_call_and_its_offset() -> None:
    assert CodeText(NAMES, "zh").calls([EARLY]).splitlines() == [
        "1 处调用，1 类信息",
        "",
        "设备标识 · 应用自身 · 同意前可达 · 可靠",
        "  a.App.onCreate",
        "  → a.B.m",
        "  ⇒ android.X.get  (+0x001a, classes2.dex，第 7 行)",
    ]


def test_what_a_library_does_for_itself_is_told() -> None:
    work = Text(zh="检查权限", en="checks a permission")
    told = CodeText(NAMES, "en").calls([EARLY, site()], lambda s: work if s is EARLY else None)
    assert told.count("a library's own work, no collection: checks a permission") == 1
    assert "  开源库自身工作，不计为收集：检查权限" in CodeText(NAMES, "zh").calls(
        [EARLY], lambda _: work
    )


def test_a_site_without_a_chain_shows_its_method() -> None:
    assert "\n  a.B.m\n" in CodeText(NAMES, "en").calls([site(reachable=True)])


@pytest.mark.parametrize(
    ("reach", "word"),
    [
        ({"reachable": True, "before_consent": True, "guarded": True}, "unless"),
        ({"reachable": False, "before_consent": False}, "not reachable"),
        ({}, "not decided"),
    ],
)
def test_what_is_not_sure_says_so(reach: dict[str, object], word: str) -> None:
    assert word in CodeText({}, "en").calls([site(**reach)])


def test_an_inferred_owner_is_marked() -> None:
    guess = msgspec.structs.replace(EARLY, owner_inferred=True)
    assert " · 应用自身（推断） · " in CodeText(NAMES, "zh").calls([guess])
    assert "the app itself (inferred)" in CodeText(NAMES, "en").calls([guess])


def test_no_call_is_a_sentence() -> None:
    assert CodeText({}, "zh").calls([]) == "没有符合条件的调用。\n"


def test_a_flow_is_told_step_by_step_and_what_leaves_comes_first() -> None:
    flows = [flow("log", transforms=("hash",)), flow("network", host="h.example")]
    assert CodeText(NAMES, "en").flows("x.apk", flows).splitlines() == [
        "x.apk: data flows: 2",
        "",
        "1. IMEI → network h.example · firm",
        "  a.B.m +0x001a, line 7: x.getDeviceId()",
        "",
        "2. IMEI → log · firm",
        "  changed on the way: hash",
        "  a.B.m +0x001a, line 7: x.getDeviceId()",
    ]


def test_an_app_cannot_steer_the_terminal() -> None:
    flows = [flow("network", host="\x1b[31m" + "h" * 200, assumed=("any\x07key",))]
    lines = CodeText(NAMES, "zh").flows("x\x1b.apk", flows).splitlines()
    assert all(line.isprintable() for line in lines)
    assert columns(lines[2]) <= 80

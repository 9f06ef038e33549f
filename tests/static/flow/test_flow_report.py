"""The forms in which flows are printed."""

import json

from msgspec.structs import replace

from reports.code_text import CodeText
from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.static import DataFlow, FlowStep, Location
from scanner.static.flow.report import flows_document, flows_json

SOURCE = Location(cls="a.B", method="f", descriptor="()V", offset=4, dex="classes.dex", line=7)
SINK = Location(cls="a.B", method="g", descriptor="(I)V", offset=18, dex="classes.dex")
FLOW = DataFlow(
    data_type="imei",
    source_api="tm_get_device_id",
    source=SOURCE,
    sink_api="log_i",
    sink_kind="log",
    sink=SINK,
    path=(
        FlowStep(place=SOURCE, statement="x.getDeviceId()"),
        FlowStep(place=SINK, statement="Log.i()"),
    ),
    transforms=("hash",),
)
GAP = Gap(part="static", code="flow-budget", detail=Text(zh="时限", en="time"), blocks=())


def test_document_has_the_published_shape() -> None:
    document = flows_document("x.apk", [FLOW], [GAP])
    assert document["file"] == "x.apk"
    flow = document["flows"][0]
    assert flow["source"] == {
        "api": "tm_get_device_id",
        "class": "a.B",
        "method": "f()V",
        "offset": 4,
    }
    assert flow["sink"] == {
        "kind": "log",
        "api": "log_i",
        "class": "a.B",
        "method": "g(I)V",
        "offset": 18,
    }
    assert [step["offset"] for step in flow["path"]] == [4, 18]
    assert flow["confidence"] == "firm"
    assert document["gaps"] == [{"code": "flow-budget", "detail": "time"}]


def test_json_is_one_line() -> None:
    text = flows_json("x.apk", [FLOW])
    assert "\n" not in text
    assert json.loads(text)["flows"][0]["transforms"] == ["hash"]


def test_who_gets_it_is_told_when_a_component_gives_it_away() -> None:
    given = replace(FLOW, component="a.Open", recipient="caller")
    flow = flows_document("x.apk", [given])["flows"][0]
    assert (flow["component"], flow["recipient"], flow["guard"]) == ("a.Open", "caller", "")
    heard = replace(FLOW, recipient="receivers", guard="a.HEAR")
    text = CodeText({}, "en").flows("x.apk", [given, heard])
    assert "given to any app that calls a.Open" in text
    assert "a broadcast that names no receiving app, with the permission a.HEAR" in text


def test_a_step_that_is_no_instruction_has_no_offset() -> None:
    end = replace(SINK, offset=-1)
    text = CodeText({}, "en").flows("x.apk", [replace(FLOW, path=(FlowStep(place=end),))])
    assert text.endswith("  a.B.g\n")

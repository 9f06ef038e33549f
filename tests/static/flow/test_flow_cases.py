"""Each mechanism has a case that flows and a twin that must not (tests/fixtures/flows)."""

import functools
from pathlib import Path

import pytest

from profiles.load import load_knowledge
from profiles.model import Knowledge
from scanner.static.dex.index import DexIndex
from scanner.static.facts import ComponentFact, PackageFacts
from scanner.static.flow import FlowResult, find_flows
from scanner.static.mapping import read_mapping
from scanner.static.names import Names

DEX = Path(__file__).parents[2] / "fixtures" / "flows" / "flows.dex"
PASSWORD = 4711
SEVERAL = {"File": 2}  # the write and the later log


@functools.cache
def index() -> DexIndex:
    return DexIndex([("classes.dex", DEX.read_bytes())])


@functools.cache
def knowledge() -> Knowledge:
    return load_knowledge()


def names(ending: str) -> list[str]:
    found = []
    for kind in index().classes.type.tolist():
        name = index().class_name(kind)
        if name.endswith(ending):
            found.append(name.removeprefix("fx.").removesuffix(ending))
    return sorted(found)


def run(case: str, *, implicit: bool = False, enabled: bool = True) -> FlowResult:
    components = [
        ComponentFact(kind="activity", name=f"fx.{case}", exported=True, enabled=enabled),
        ComponentFact(kind="activity", name="fx.Receiver", exported=False),
        ComponentFact(kind="activity", name="fx.Asked", exported=False),
        ComponentFact(kind="service", name="fx.Worker", exported=False),
    ]
    facts = PackageFacts(
        package="fx",
        components=tuple(components),
        layout_callbacks=("clickedInLayout",),
        password_views=(PASSWORD,),
    )
    return find_flows(index(), facts, knowledge(), implicit=implicit)


def test_every_case_has_a_twin() -> None:
    assert names("Leak") == names("Clean")
    assert len(names("Leak")) > 30


@pytest.mark.parametrize("case", names("Leak"))
def test_flows(case: str) -> None:
    found = run(f"{case}Leak", implicit=case == "Implicit")
    assert len(found.flows) == SEVERAL.get(case, 1), [(f.source, f.sink) for f in found.flows]
    assert found.gaps == ()


@pytest.mark.parametrize("case", names("Clean"))
def test_does_not_flow(case: str) -> None:
    assert run(f"{case}Clean", implicit=case == "Implicit").flows == ()


def test_implicit_flows_are_an_option() -> None:
    assert run("ImplicitLeak").flows == ()
    found = run("ImplicitLeak", implicit=True).flows[0]
    assert found.confidence == "tentative"
    assert found.assumed == ("implicit",)


def test_a_way_through_a_key_that_is_not_known_is_tentative() -> None:
    found = run("AnyKeyLeak").flows[0]
    assert (found.confidence, found.assumed) == ("tentative", ("any-key",))
    assert run("MapLeak").flows[0].confidence == "firm"


def test_disabled_components_never_run() -> None:
    assert run("DirectLeak", enabled=False).flows == ()


def test_a_flow_says_where_and_how() -> None:
    flow = run("HashLeak").flows[0]
    assert flow.data_type == "imei"
    assert flow.source_api == "tm_get_device_id"
    assert flow.source.cls == "fx.HashLeak"
    assert flow.source.descriptor == "(Landroid/os/Bundle;)V"
    assert flow.transforms == ("hash", "base64")
    assert flow.sink_kind == "log"
    assert flow.sink.offset > flow.source.offset >= 0
    assert flow.path[0].place == flow.source
    assert flow.path[-1].place == flow.sink
    assert "getDeviceId" in flow.path[0].statement


def test_a_network_flow_names_the_host() -> None:
    flow = run("StreamLeak").flows[0]
    assert (flow.sink_kind, flow.host) == ("network", "collect.example.com")


def test_a_field_carries_data_between_methods() -> None:
    flow = run("LifecycleLeak").flows[0]
    assert (flow.source.method, flow.sink.method) == ("onCreate", "onDestroy")


def test_the_same_input_gives_the_same_flows() -> None:
    assert run("PathLeak") == run("PathLeak")


def test_no_time_leaves_a_gap() -> None:
    components = (ComponentFact(kind="activity", name="fx.LoopLeak", exported=True),)
    facts = PackageFacts(package="fx", components=components)
    found = find_flows(index(), facts, knowledge(), budget_seconds=0.0)
    assert [gap.code for gap in found.gaps] == ["flow-budget"]
    assert found.gaps[0].blocks == ("static.flows",)


def test_a_mapping_restores_the_places_and_the_statements(tmp_path: Path) -> None:
    path = tmp_path / "mapping.txt"
    path.write_text(
        "app.Screen -> fx.FieldLeak:\n"
        "    void shown(android.os.Bundle) -> onCreate\n"
        "app.Holder -> fx.Box:\n"
        "    java.lang.String device -> s\n"
        "    void keep(java.lang.String) -> set\n"
        "    java.lang.String kept() -> get\n",
        encoding="utf-8",
    )
    names = Names(index(), read_mapping(path))
    facts = PackageFacts(
        package="fx",
        components=(ComponentFact(kind="activity", name="fx.FieldLeak", exported=True),),
    )
    (flow,) = find_flows(index(), facts, knowledge(), names=names).flows
    assert (flow.source.cls, flow.sink.method) == ("app.Screen", "shown")
    statements = [step.statement for step in flow.path]
    assert "app.Holder.keep(String)" in statements
    assert "app.Holder.device =" in statements
    assert not any("fx." in one for one in statements)

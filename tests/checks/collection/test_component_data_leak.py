"""Personal data that a component hands to any app."""

from typing import Any

import made
import pytest
from judge import hits, one

from scanner.model.static import Component, CustomPermission, DataFlow, StaticEvidence

NAME = "component-data-leak"


def given(kind: str = "activity", flow: DataFlow | None = None, **changes: Any) -> StaticEvidence:
    fields = {"kind": kind, "name": "a.b.Open", "exported": True, **changes}
    flow = flow or made.flow(sink_kind="ipc", component="a.b.Open", recipient="caller")
    owned = (
        CustomPermission(name="a.b.NORMAL"),
        CustomPermission(name="a.b.SIG", protection="signature"),
    )
    return made.static(flows=(flow,), components=(Component(**fields),), custom_permissions=owned)


@pytest.mark.parametrize("kind", ["activity", "receiver", "service"])
def test_what_an_open_component_gives_its_caller_is_for_review(kind: str) -> None:
    hit = one(NAME, static=given(kind))
    assert (hit.message, hit.subject) == (kind, f"a.b.Open/{kind}/imei")
    assert hit.evidence == ("static/flows/0", "static/components/0")
    assert (hit.severity, hit.confidence) == ("medium", "firm")


def test_an_alias_opens_its_activity() -> None:
    assert one(NAME, static=given("activity-alias")).message == "activity"


def test_the_owner_is_that_of_the_component() -> None:
    assert one(NAME, static=given(actor="bugly")).actor == "bugly"


@pytest.mark.parametrize(
    ("permission", "count"),
    [
        ("", 1),
        ("a.b.NORMAL", 1),
        ("android.permission.INTERNET", 1),
        ("a.b.SIG", 0),
        ("android.permission.READ_CONTACTS", 0),
        ("nobody.KNOWS", 0),
    ],
)
def test_a_permission_that_keeps_apps_out(permission: str, count: int) -> None:
    assert len(hits(NAME, static=given(permission=permission))) == count


def test_a_normal_permission_is_named() -> None:
    guard = one(NAME, static=given(permission="a.b.NORMAL")).args["guard"]
    assert "a.b.NORMAL" in guard.en  # type: ignore[union-attr]
    assert "a.b.NORMAL" in guard.zh  # type: ignore[union-attr]


def test_a_component_that_is_not_exported_gives_nothing_away() -> None:
    assert hits(NAME, static=given(exported=False)) == []


@pytest.mark.parametrize(("guard", "count"), [("", 1), ("a.b.NORMAL", 1), ("a.b.SIG", 0)])
def test_a_broadcast_for_everybody(guard: str, count: int) -> None:
    flow = made.flow(sink_kind="ipc", recipient="receivers", guard=guard)
    found = hits(NAME, static=given(flow=flow, exported=False))
    assert [hit.message for hit in found] == ["broadcast"] * count


@pytest.mark.parametrize(("guard", "count"), [("", 1), ("a.b.SIG", 0)])
def test_what_a_provider_answers_is_guarded_by_what_reading_needs(guard: str, count: int) -> None:
    flow = made.flow(sink_kind="ipc", component="a.b.Open", recipient="caller", guard=guard)
    found = hits(NAME, static=given("provider", flow=flow, permission=""))
    assert [hit.message for hit in found] == ["provider"] * count


@pytest.mark.parametrize(("guard", "count"), [("", 1), ("a.b.NORMAL", 1), ("a.b.SIG", 0)])
def test_a_receiver_that_code_registers(guard: str, count: int) -> None:
    flow = made.flow(sink_kind="ipc", component="a.b.In", recipient="caller", guard=guard)
    found = hits(NAME, static=given(flow=flow))
    assert [(hit.message, hit.evidence) for hit in found] == [
        ("registered", ("static/flows/0",))
    ] * count


def test_other_flows_are_other_matters() -> None:
    assert hits(NAME, static=given(flow=made.flow(sink_kind="ipc"))) == []
    assert hits(NAME, static=given(flow=made.flow(component="a.b.Open"))) == []


def test_one_component_and_type_is_one_hit() -> None:
    flow = made.flow(sink_kind="ipc", component="a.b.Open", recipient="caller")
    twice = made.static(
        flows=(flow, flow), components=(Component(kind="service", name="a.b.Open", exported=True),)
    )
    assert len(hits(NAME, static=twice)) == 1


def test_content_of_any_kind_is_tentative() -> None:
    flow = made.flow("personal_info", sink_kind="ipc", component="a.b.Open", recipient="caller")
    assert one(NAME, static=given(flow=flow)).confidence == "tentative"

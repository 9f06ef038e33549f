"""Bridges from web pages to personal data."""

from typing import Any

import made
import pytest
from judge import hits, one, partial

from checks.api import NotAssessed
from scanner.model.static import BridgeAccess, WebBridge

NAME = "webview-bridge-exposure"


def access(data_type: str = "imei", **changes: Any) -> BridgeAccess:
    whole = {
        "method": "a.b.Bridge.get",
        "data_type": data_type,
        "api": "x",
        "place": made.place(),
        "chain": ("a.b.Bridge.get", "a.b.Main.onCreate"),
        "answers": True,
        **changes,
    }
    return BridgeAccess(**whole)


def bridge(*opens: BridgeAccess, reachable: bool | None = True, **changes: Any) -> WebBridge:
    whole = {"cls": "a.b.Bridge", "place": made.place(), "reach": made.reach(reachable), **changes}
    return WebBridge(opens=opens, **whole)


def test_personal_data_with_a_way_back_is_for_review() -> None:
    hit = one(NAME, static=made.static(bridges=(bridge(access()),)))
    assert (hit.subject, hit.data_type, hit.severity) == ("a.b.Bridge", "imei", "low")
    assert (hit.outcome, hit.confidence) == (None, "firm")


def test_the_gravest_type_decides() -> None:
    opens = access("device_model_os"), access("location_precise")
    hit = one(NAME, static=made.static(bridges=(bridge(*opens),)))
    assert (hit.severity, hit.data_type) == ("medium", "")


def test_technical_data_is_a_note() -> None:
    found = bridge(access("device_model_os"))
    assert one(NAME, static=made.static(bridges=(found,))).severity == "info"


@pytest.mark.parametrize(
    "found",
    [
        bridge(),
        bridge(methods=("a.b.Bridge.close",)),
        bridge(access(answers=False)),
        bridge(access(), reachable=False),
    ],
    ids=["bare", "without-data", "no-way-back", "never-runs"],
)
def test_a_bridge_alone_is_no_finding(found: WebBridge) -> None:
    assert hits(NAME, static=made.static(bridges=(found,))) == []


@pytest.mark.parametrize(
    "found", [bridge(access(), reachable=None), bridge(access(confidence="tentative"))]
)
def test_what_is_not_sure_is_tentative(found: WebBridge) -> None:
    assert one(NAME, static=made.static(bridges=(found,))).confidence == "tentative"


def test_methods_that_were_not_followed_are_never_a_pass() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, static=made.static(bridges=(bridge(followed=False),)))


def test_an_unknown_object_is_never_a_pass() -> None:
    code = made.static(bridges=(bridge(access()), bridge(cls="")))
    assert len(partial(NAME, static=code)) == 1
    with pytest.raises(NotAssessed):
        hits(NAME, static=code)
    assert hits(NAME, static=made.static(bridges=(bridge(cls="", reachable=False),))) == []

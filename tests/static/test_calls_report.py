"""The list of calls: choice, order, text and JSON."""

import json

import msgspec

from scanner.model.static import CollectionSite, Location, Reach, StaticEvidence
from scanner.static.calls_report import (
    CallsReport,
    calls_json,
    select_calls,
)


def site(data_type: str, actor: str = "app", **reach: object) -> CollectionSite:
    return CollectionSite(
        api="x",
        data_type=data_type,
        kind="method",
        target="android.X.get",
        place=Location(cls="a.B", method="m", offset=26, dex="classes2.dex", line=7),
        actor=actor,
        reach=Reach(**reach),  # type: ignore[arg-type]
    )


EARLY = site("imei", reachable=True, before_consent=True, chain=("a.App.onCreate", "a.B.m"))
LATE = site("android_id", "amplitude", reachable=True, before_consent=False)
EVIDENCE = StaticEvidence(calls=(LATE, EARLY))


def test_early_calls_come_first() -> None:
    assert select_calls(EVIDENCE) == (EARLY, LATE)


def test_choice_by_type_actor_and_moment() -> None:
    assert select_calls(EVIDENCE, ["imei"]) == (EARLY,)
    assert select_calls(EVIDENCE, actors=["amplitude"]) == (LATE,)
    assert select_calls(EVIDENCE, early_only=True) == (EARLY,)
    assert select_calls(EVIDENCE, ["mac_address"]) == ()


def test_json_is_a_document_of_its_type() -> None:
    raw = calls_json(select_calls(EVIDENCE))
    assert json.loads(raw)["counts"] == {"android_id": 1, "imei": 1}
    assert msgspec.json.decode(raw, type=CallsReport).calls == (EARLY, LATE)

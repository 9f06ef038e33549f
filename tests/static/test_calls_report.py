"""The list of calls: choice, order, text and JSON."""

import json

import msgspec
import pytest

from scanner.model.base import Text
from scanner.model.static import CollectionSite, Location, Reach, StaticEvidence
from scanner.static.calls_report import (
    CallsReport,
    calls_json,
    calls_text,
    chain_lines,
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


def test_the_chain_ends_with_the_call_and_its_offset() -> None:
    assert chain_lines(EARLY) == (
        "a.App.onCreate",
        "  -> a.B.m",
        "    => android.X.get  (+0x001a, classes2.dex, line 7)",
    )


def test_a_site_without_a_chain_shows_its_method() -> None:
    assert chain_lines(LATE)[0] == "a.B.m"


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "设备标识 · app · 同意前可达"), ("en", "IMEI · app · before consent")],
)
def test_text_in_both_languages(lang: str, words: str) -> None:
    names = {"imei": Text(zh="设备标识", en="IMEI")}
    assert words in calls_text([EARLY], names, lang)
    assert len(calls_text([], names, lang)) > 5


@pytest.mark.parametrize(
    ("reach", "word"),
    [
        ({"reachable": True, "before_consent": True, "guarded": True}, "unless"),
        ({"reachable": False, "before_consent": False}, "not reachable"),
        ({}, "not decided"),
    ],
)
def test_what_is_not_sure_says_so(reach: dict[str, object], word: str) -> None:
    assert word in calls_text([site("imei", **reach)], {}, "en")


def test_json_is_a_document_of_its_type() -> None:
    raw = calls_json(select_calls(EVIDENCE))
    assert json.loads(raw)["counts"] == {"android_id": 1, "imei": 1}
    assert msgspec.json.decode(raw, type=CallsReport).calls == (EARLY, LATE)


@pytest.mark.parametrize(("lang", "word"), [("zh", "（推断）"), ("en", "(inferred)")])
def test_an_inferred_owner_is_marked(lang: str, word: str) -> None:
    guess = msgspec.structs.replace(EARLY, owner_inferred=True)
    assert word in calls_text([guess], {}, lang)
    assert word not in calls_text([EARLY], {}, lang)

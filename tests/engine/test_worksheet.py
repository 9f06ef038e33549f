"""The tester's worksheet: what is asked, how answers come back, and that evidence stands."""

import hashlib
from pathlib import Path
from typing import Any

import items
import msgspec
import pytest

from checks.api import Context
from checks.registry import load_checks
from profiles.model import Knowledge
from scanner.engine import evaluate
from scanner.model.errors import InputError
from scanner.model.evidence import Evidence
from scanner.model.result import ClauseResult, Outcome, Result
from scanner.worksheet import Reply, Worksheet, merge, worksheet
from scanner.worksheet_file import dump, read

SIGNED = {"who": "王五", "when": "2026-11-24"}


def judged(evidence: Evidence, know: Knowledge) -> Result:
    return evaluate(evidence, load_checks(), know.profiles["cn"], know, Context())


@pytest.fixture(scope="module")
def good(know: Knowledge) -> Result:
    return judged(items.GOOD, know)


@pytest.fixture(scope="module")
def bad(know: Knowledge) -> Result:
    return judged(items.app(static=items.screens(add=("default-ticked-consent",))), know)


def answered(result: Result, clause: str, **reply: Any) -> Worksheet:
    sheet = worksheet(result)
    changed = tuple(
        msgspec.structs.replace(item, answer=Reply(**{**SIGNED, **reply}))
        if (item.regulation, item.clause) == ("cn-191", clause)
        else item
        for item in sheet.items
    )
    assert changed != sheet.items, "the clause is not on the worksheet"
    return msgspec.structs.replace(sheet, items=changed)


def clause(result: Result, name: str) -> ClauseResult:
    return next(c for c in result.clauses if (c.regulation, c.clause) == ("cn-191", name))


def test_it_asks_what_the_machine_cannot_answer(good: Result) -> None:
    asked = {item.clause for item in worksheet(good).items if item.regulation == "cn-191"}
    assert {c.clause for c in good.clauses if c.coverage == "manual"} >= {"3.7"}
    assert "3.7" in asked
    assert "6.1" in asked
    assert all(item.do for item in worksheet(good).items)


def test_an_answer_decides_where_the_machine_found_nothing(good: Result) -> None:
    merged = merge(good, answered(good, "3.7", outcome="fail", note="诱导"))
    found = clause(merged, "3.7")
    assert (found.outcome, found.machine) == (Outcome.FAIL, Outcome.NOT_ASSESSED)
    assert (found.examined, found.disputed) == (True, False)
    assert merged.summary.examined["cn-191"][0] == good.summary.examined["cn-191"][0] + 1


def test_a_contrary_answer_never_overrides_a_failure(bad: Result) -> None:
    found = clause(merge(bad, answered(bad, "3.4", outcome="pass", note="已改")), "3.4")
    assert (found.outcome, found.disputed) == (Outcome.FAIL, True)
    assert found.answer is not None
    assert found.answer.who == "王五"
    assert found.reason is not None
    assert "不一致" in found.reason.zh


def test_a_confirming_answer_is_not_disputed(bad: Result) -> None:
    found = clause(merge(bad, answered(bad, "3.4", outcome="fail")), "3.4")
    assert (found.outcome, found.disputed) == (Outcome.FAIL, False)


def test_merging_twice_keeps_the_machines_outcome(good: Result) -> None:
    once = merge(good, answered(good, "3.7", outcome="fail"))
    twice = merge(once, answered(once, "3.7", outcome="pass", note="复查"))
    assert clause(twice, "3.7").machine is Outcome.NOT_ASSESSED
    assert clause(twice, "3.7").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "reply",
    [
        {"outcome": "fail", "who": ""},
        {"outcome": "fail", "when": " "},
        {"outcome": "pass"},
        {"outcome": "maybe", "note": "x"},
    ],
)
def test_an_answer_must_be_signed_and_reasoned(good: Result, reply: dict[str, str]) -> None:
    with pytest.raises(InputError):
        merge(good, answered(good, "3.7", **reply))


def test_answers_belong_to_one_package(good: Result) -> None:
    other = msgspec.structs.replace(worksheet(good), sha256="ff" * 32)
    with pytest.raises(InputError, match="another package"):
        merge(good, other)


def test_a_file_round_trip_with_a_screenshot(good: Result, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    sheet = answered(good, "3.7", outcome="fail", screenshot="a.png")
    (tmp_path / "w.yaml").write_bytes(dump(sheet))
    merged = merge(good, read(tmp_path / "w.yaml"))
    answer = clause(merged, "3.7").answer
    assert answer is not None
    assert answer.screenshot_sha256 == hashlib.sha256(b"picture").hexdigest()


@pytest.mark.parametrize("name", ["../a.png", "/etc/hostname", "missing.png"])
def test_a_screenshot_is_a_file_beside_the_worksheet(
    good: Result, tmp_path: Path, name: str
) -> None:
    (tmp_path / "w.yaml").write_bytes(dump(answered(good, "3.7", outcome="fail", screenshot=name)))
    with pytest.raises(InputError, match="beside the worksheet"):
        read(tmp_path / "w.yaml")


@pytest.mark.parametrize(
    "content", [b"", b"items: 3", b"{", b"schema: x\npackage: a\nversion: b\nsha256: c\nitems: []"]
)
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w.yaml").write_bytes(content)
    with pytest.raises(InputError, match=r"w\.yaml"):
        read(tmp_path / "w.yaml")

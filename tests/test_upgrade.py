"""Documents of other versions: the first day's open today, the rest is refused in words."""

import json
from pathlib import Path
from typing import Any

import pytest

import reports
from scanner.bundle import read_document
from scanner.cli import run
from scanner.diff import compare
from scanner.model.errors import InputError
from scanner.model.evidence import Evidence
from scanner.model.result import Result
from scanner.upgrade import MAX_STEPS, schema_of, upgraded


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


# Only what schema mingcha.result/1 asked for on its first day. Do not add fields: a new field needs
# a default, or the schema needs the next number and a step in scanner/upgrade.py.
FIRST: dict[str, Any] = {
    "schema": "mingcha.result/1",
    "tool": {"version": "0.1.0", "knowledge": "ab"},
    "evidence_digest": "cd",
    "inputs": [{"role": "app", "name": "a.apk", "sha256": "ef", "size": 1}],
    "app": {"package": "com.example", "sha256": "ef", "size": 1},
    "profile": "cn",
    "regulations": [{"id": "cn-191", "title": both("r")}],
    "category": {"id": "", "name": both("c"), "how": "unknown"},
    "coverage": [{"part": "static", "examined": True, "summary": both("s")}],
    "gaps": [{"part": "traffic", "code": "none", "detail": both("g")}],
    "summary": {
        "findings": {"high": 1},
        "clauses": {"cn-191": {"fail": 1}},
        "checks": {"fail": 1},
        "examined": {"cn-191": [1, 1]},
        "core": [
            {
                "question": "collection",
                "outcome": "fail",
                "fail": 1,
                "review": 0,
                "summary": both("s"),
            }
        ],
    },
    "findings": [
        {
            "id": "0" * 16,
            "check": "x",
            "subject": "s",
            "outcome": "fail",
            "title": both("t"),
            "message": both("m"),
            "severity": "high",
            "confidence": "firm",
            "evidence": [{"ref": "static/calls/0", "kind": "code", "title": both("e")}],
            "limits": both("l"),
            "remediation": both("r"),
            "confirm": both("c"),
        }
    ],
    "checks": [
        {
            "id": "x",
            "title": both("t"),
            "group": "collection",
            "outcome": "fail",
            "severity": "high",
        }
    ],
    "clauses": [
        {
            "regulation": "cn-191",
            "clause": "1",
            "group": "g",
            "title": both("t"),
            "coverage": "automatic",
            "outcome": "fail",
            "examined": True,
        }
    ],
    "matrix": {"cells": [{"data_type": "imei", "actor": "app"}]},
}  # fmt: skip


def write(folder: Path, document: object) -> Path:
    path = folder / "result.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("fmt", sorted(reports.FORMATS))
def test_a_result_of_the_first_day_still_becomes_every_report(fmt: str, tmp_path: Path) -> None:
    result = read_document(write(tmp_path, FIRST), Result)
    assert reports.render(result, fmt, "zh")
    assert not compare(result, result).drift


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (
            {"schema": "mingcha.result/2"},
            "this version reads mingcha.result/1. It was written by a newer",
        ),
        ({"schema": "mingcha.result/0"}, "It is too old"),
        ({"schema": "mingcha.result/x"}, "It is too old"),
        ({"schema": "mingcha.evidence/1"}, "this is a mingcha.evidence/1 document"),
        ({"findings": []}, "no field `schema`"),
    ],
)
def test_another_document_is_refused_in_words(
    document: object, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", str(write(tmp_path, document))]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "result.json" in said
    assert all(part in said for part in sentence.split(". "))


def test_a_document_climbs_step_by_step() -> None:
    def first(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "schema": "mingcha.result/0.5", "old": document.pop("older")}

    def second(document: dict[str, Any]) -> dict[str, Any]:
        return {"schema": schema_of(Result), "new": document["old"]}

    steps = {"mingcha.result/0": first, "mingcha.result/0.5": second}
    content = json.dumps({"schema": "mingcha.result/0", "older": 7}).encode()
    assert json.loads(upgraded(content, Result, "r", steps)) == {
        "schema": "mingcha.result/1", "new": 7,
    }  # fmt: skip


def test_steps_in_a_circle_end() -> None:
    calls = []

    def around(document: dict[str, Any]) -> dict[str, Any]:
        calls.append(1)
        return document

    with pytest.raises(InputError):
        upgraded(b'{"schema": "mingcha.result/0"}', Result, "r", {"mingcha.result/0": around})
    assert len(calls) == MAX_STEPS


def test_what_is_no_object_is_left_to_the_reader() -> None:
    for content in (b"[]", b"\xff", b'{"schema": 1}', b""):
        assert upgraded(content, Evidence, "e") == content

"""SARIF: valid by the official schema where it is at hand, and by the rules of its readers."""

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sample

import reports
from reports.clean import relative_uri
from scanner.model.base import same
from scanner.model.result import EvidenceItem, Outcome

NPM = "node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json"
HOSTILE = "classes.dex/../我 的/a b#c?d%20\u202e.java"


def log(lang: str = "en") -> dict[str, Any]:
    item = EvidenceItem(ref="x", kind="code", title=same("t"), uri=HOSTILE, line=3)
    findings = (
        sample.finding(),
        sample.finding(1, outcome=Outcome.REVIEW, evidence=()),
        sample.finding(2, evidence=(item, item), waived="reason (owner)"),
    )
    document: dict[str, Any] = json.loads(reports.render(sample.result(findings), "sarif", lang))
    return document


@pytest.mark.parametrize("lang", reports.LANGUAGES)
def test_the_log_satisfies_the_official_schema(lang: str, root: Path) -> None:
    """`npm install --no-save @microsoft/sarif-multitool-linux` brings the schema (MIT)."""
    path = Path(os.environ.get("SARIF_SCHEMA", root / NPM))
    if not path.is_file():
        pytest.skip("no SARIF schema: set SARIF_SCHEMA or install @microsoft/sarif-multitool-linux")
    validator = jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8-sig")))
    assert [error.message for error in validator.iter_errors(log(lang))] == []


def test_rule_indexes_point_at_the_rule() -> None:
    run = log()["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_addresses_are_relative_and_encoded() -> None:
    for result in log()["runs"][0]["results"]:
        for location in [*result["locations"], *result["relatedLocations"]]:
            place = location["physicalLocation"]
            assert re.fullmatch(r"[\w\-.~/%!()*,=@]+", place["artifactLocation"]["uri"], re.ASCII)
            assert not place["artifactLocation"]["uri"].startswith("/")
            assert place["region"]["startLine"] >= 1


def test_an_address_keeps_its_encoding_and_stays_inside() -> None:
    assert relative_uri("policy/%E6%88%91.html") == "policy/%E6%88%91.html"
    assert relative_uri("/../a b/我") == "a%20b/%E6%88%91"
    assert relative_uri("") == ""


def test_review_never_accuses_and_says_so() -> None:
    fail, review, waived = log()["runs"][0]["results"]
    assert (fail["kind"], fail["level"]) == ("fail", "error")
    assert (review["kind"], review["level"]) == ("review", "none")
    assert review["message"]["text"].startswith("[For review]")
    assert waived["suppressions"][0]["justification"] == "reason (owner)"

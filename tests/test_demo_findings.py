"""The whole way on our own apps: what must be found is found, and nothing is held against a clean
app.
"""

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from profiles.load import load_knowledge
from scanner.model.result import Finding, Outcome, Result
from scanner.pipeline import Judgement, Request, gather, judge

with warnings.catch_warnings():  # mitmproxy 12 calls its parser library by old names
    warnings.simplefilter("ignore", DeprecationWarning)
    import mitmproxy.io  # noqa: F401 - so that the import in the test does not warn

FIXTURES = Path(__file__).parent / "fixtures"
HEAD = (
    "# All that a scan of this app with its capture and policy says under `cn`, category 38:\n"
    "# check | subject | severity | confidence | outcome, and the outcome of every clause.\n"
    "# Made by `python -m pytest tests/test_demo_findings.py --update-goldens`; read each change.\n"
)
SERIOUS = {"critical", "high", "medium"}


@cache
def result(name: str) -> Result:
    """Scan a demo app with its capture and its policy."""
    know = load_knowledge()
    request = Request(
        app=FIXTURES / "apps" / f"{name}.apk",
        traffic=(FIXTURES / "traffic" / f"{name}.mitm",),
        policies=(FIXTURES / "policies" / f"{name}.html",),
        subject=FIXTURES / "traffic" / "subject.yaml",
    )
    return judge(gather(request, know), know, Judgement(category="38"))


def examined(name: str) -> Result:
    """Return the result; skip when it says that the code was not examined."""
    if any(gap.code == "code-not-indexed" for gap in result(name).gaps):
        pytest.skip("the code was not indexed")
    return result(name)


def expected(kind: str) -> list[dict[str, str]]:
    """Return the rows of the record: `must` or `never`."""
    text = (FIXTURES / "apps" / "dirty.expected-findings.yaml").read_text("utf-8")
    rows: list[dict[str, str]] = yaml.safe_load(text)[kind]
    return rows


def fits(finding: Finding, row: dict[str, str]) -> bool:
    """Tell whether a finding is the one that a row describes."""
    same = all(getattr(finding, key) == row[key] for key in row if key != "subject")
    return same and row.get("subject", "") in finding.subject


def name_of(row: Any) -> str:
    return "-".join(row.values())


@pytest.mark.parametrize("row", expected("must"), ids=name_of)
def test_every_deliberate_act_is_found(row: dict[str, str]) -> None:
    assert [finding.subject for finding in examined("dirty").findings if fits(finding, row)]


@pytest.mark.parametrize("row", expected("never"), ids=name_of)
def test_nothing_is_invented(row: dict[str, str]) -> None:
    assert not [finding.subject for finding in result("dirty").findings if fits(finding, row)]


def told(name: str) -> dict[str, Any]:
    """Return all that a scan says: every finding, and the outcome of every clause."""
    done = examined(name)
    findings = sorted(
        f"{f.check} | {f.subject} | {f.severity} | {f.confidence} | {f.outcome.value}"
        for f in done.findings
    )
    clauses = {f"{c.regulation}:{c.clause}": c.outcome.value for c in done.clauses}
    return {"findings": findings, "clauses": clauses}


@pytest.mark.parametrize("name", ["dirty", "clean"])
def test_exactly_what_is_expected(name: str, request: pytest.FixtureRequest) -> None:
    """Equal to the record, no finding more and none less; the record was read row by row."""
    path = FIXTURES / "apps" / f"{name}.all-findings.yaml"
    if request.config.getoption("--update-goldens"):
        text = yaml.safe_dump(told(name), allow_unicode=True, sort_keys=False, width=200)
        path.write_text(HEAD + text, encoding="utf-8")
    assert told(name) == yaml.safe_load(path.read_text("utf-8"))


def test_every_finding_shows_its_evidence() -> None:
    for name in ("dirty", "clean"):
        for finding in result(name).findings:
            assert finding.evidence, finding.subject


def test_clean_app_has_no_serious_finding() -> None:
    serious = [f for f in result("clean").findings if f.severity in SERIOUS]
    assert [(f.check, f.subject, f.message.en) for f in serious] == []


def test_clean_app_was_really_examined() -> None:
    outcomes = {check.id: check.outcome for check in examined("clean").checks}
    assert Outcome.ERROR not in outcomes.values()
    for check in ("undisclosed-collection", "collection-before-consent", "default-ticked-consent"):
        assert outcomes[check] is Outcome.PASS

"""The tables of a report: SDKs, permissions, destinations, category, ledger, labels."""

import items
import made
import msgspec
import pytest

from checks.api import Context
from checks.registry import load_checks
from profiles.model import Knowledge
from scanner.category import settle_category
from scanner.engine import evaluate
from scanner.inventory import destination_rows, permission_rows, sdk_rows
from scanner.model.result import Outcome, Result
from scanner.summary import coverage_rows


def test_an_sdk_row_keeps_three_facts_apart(know: Knowledge) -> None:
    seen = (*items.SIGHTINGS, made.sighting(actor="amplitude", host="api.amplitude.com"))
    rows = {row.sdk: row for row in sdk_rows(items.app(sightings=seen), know)}
    assert (rows["bugly"].present, rows["bugly"].declared, rows["bugly"].observed) == (
        True,
        True,
        True,
    )
    other = rows["amplitude"]
    assert (other.present, other.declared, other.observed) == (False, False, True)


def test_without_policy_or_traffic_a_row_does_not_know(know: Knowledge) -> None:
    row = sdk_rows(made.evidence(static=items.STATIC), know)[0]
    assert (row.present, row.declared, row.observed) == (True, None, None)


def test_a_permission_row(know: Knowledge) -> None:
    rows = {row.name: row for row in permission_rows(items.GOOD, know, "utility")}
    row = rows["android.permission.ACCESS_COARSE_LOCATION"]
    assert (row.declared, row.explained, row.necessary) == (True, True, True)
    unknown = permission_rows(items.GOOD, know, "")[0]
    assert unknown.necessary is None
    assert permission_rows(made.evidence(), know, "utility") == ()


def test_destinations_with_personal_data_come_first(know: Knowledge) -> None:
    hosts = (
        made.host("a.example"),
        made.host("z.example", personal_data=("imei",), actor="amplitude"),
    )
    evidence = items.app(sightings=(), destinations=hosts)
    rows = destination_rows(evidence, know)
    assert [row.host for row in rows] == ["z.example", "a.example"]
    assert (rows[0].declared, rows[1].declared) == (False, None)


@pytest.mark.parametrize(
    ("label", "package", "expected", "how"),
    [
        ("晴天天气", "com.x.weather", "utility", "guessed"),
        ("某某", "com.x.y", "", "unknown"),
        ("某某", "com.x.bitmaps", "", "unknown"),
    ],
)
def test_a_category_is_guessed_or_unknown(
    know: Knowledge, label: str, package: str, expected: str, how: str
) -> None:
    app = msgspec.structs.replace(made.APP, label=label, package=package)
    info, ctx = settle_category(app, know, Context())
    assert (info.id, info.how, ctx.category) == (expected, how, expected)
    assert ctx.category_confidence != "certain"


@pytest.mark.parametrize(
    ("label", "package", "confidence"),
    [
        ("晴天天气", "com.x.weather", "firm"),
        ("晴天天气", "com.x.y", "tentative"),
        ("Icc-Class", "edu.x.icc_class_b", "tentative"),
    ],
)
def test_a_guess_is_firm_by_two_words_in_two_places(
    know: Knowledge, label: str, package: str, confidence: str
) -> None:
    app = msgspec.structs.replace(made.APP, label=label, package=package)
    assert settle_category(app, know, Context())[0].confidence == confidence


def test_a_category_that_was_given_is_certain(know: Knowledge) -> None:
    given = Context(category="browser", category_confidence="certain")
    info, ctx = settle_category(made.APP, know, given)
    assert (info.how, info.confidence, ctx) == ("given", "certain", given)


def test_the_ledger_names_what_is_missing(know: Knowledge) -> None:
    rows = {row.part: row for row in coverage_rows(made.evidence(static=items.STATIC), know)}
    assert [part for part, row in rows.items() if row.examined] == ["static"]
    assert rows["traffic"].summary.zh == "未提供"


def judged(know: Knowledge, profile: str = "cn") -> Result:
    bad = items.app(
        static=items.permissions(made.permission("READ_CALL_LOG")),
        sightings=(*items.SIGHTINGS, made.sighting("imei", phase="before_consent")),
    )
    return evaluate(bad, load_checks(), know.profiles[profile], know, Context())


def test_every_id_of_the_result_has_a_label(know: Knowledge) -> None:
    result = judged(know)
    labels = {label.id for label in result.labels}
    assert {cell.data_type for cell in result.matrix.cells} <= labels
    assert {cell.actor for cell in result.matrix.cells} <= labels
    assert {clause.group for clause in result.clauses} <= labels
    assert {f.actor for f in result.findings if f.actor} <= labels


def test_the_core_questions_are_answered(know: Knowledge) -> None:
    core = {answer.question: answer for answer in judged(know).summary.core}
    assert core["permissions"].outcome is Outcome.FAIL
    assert core["collection"].outcome is Outcome.FAIL
    assert "IMEI" in core["collection"].summary.zh
    assert core["collection"].fail > 0


def test_another_profile_asks_the_same_checks_for_other_clauses(know: Knowledge) -> None:
    here, there = judged(know), judged(know, "gdpr-basics")
    assert {c.regulation for c in there.clauses} == {"gdpr-basics"}
    assert {f.id for f in there.findings} <= {f.id for f in here.findings}
    assert any(c.outcome is Outcome.FAIL for c in there.clauses)

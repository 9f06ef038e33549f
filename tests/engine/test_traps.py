"""What is easy to get wrong about the rules, each with a test."""

from typing import Any

import items
import made
import pytest
from judge import CHECKS, hits, one

from checks.api import Context, NotAssessed
from checks.registry import load_checks
from profiles.model import Knowledge, LawRef
from scanner.citations import citation, in_force
from scanner.engine import evaluate
from scanner.model.base import same
from scanner.model.result import Outcome, Result
from scanner.rollup import ORDER


def judged(evidence: Any, know: Knowledge, **context: Any) -> Result:
    return evaluate(evidence, load_checks(), know.profiles["cn"], know, Context(**context))


# 1. The Cybersecurity Law was renumbered on 2026-01-01.


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("", "第43条（原第41条）"),
        ("2026-01-01", "第43条（原第41条）"),
        ("2025-12-31", "第41条"),
        ("2017-05-31", None),
    ],
)
def test_the_number_of_an_article_depends_on_the_day(
    know: Knowledge, as_of: str, expected: str | None
) -> None:
    text = citation(know.laws["CSL-43"], as_of)
    assert (text is None) == (expected is None)
    if text is not None and expected is not None:
        assert f"》{expected}：" in text.zh


def test_an_article_that_is_gone_is_cited_for_its_time_only() -> None:
    gone = LawRef(
        id="X",
        law=same("X"),
        article="3",
        gist=same("g"),
        in_force="2020-01-01",
        until="2022-12-31",
    )
    assert citation(gone, "2022-12-31") is not None
    assert citation(gone, "2023-01-01") is None
    assert citation(gone, "") is None


def test_a_rule_judges_from_its_first_day(know: Knowledge) -> None:
    cn = know.profiles["cn"]
    before = {rule.id for rule in in_force(cn, know, "2021-10-31")}
    assert "pipl" not in before
    assert "pipl" in {rule.id for rule in in_force(cn, know, "2021-11-01")}
    result = judged(items.GOOD, know, as_of="2021-10-31")
    assert {c.regulation for c in result.clauses} == {
        rule.id for rule in in_force(cn, know, "2021-10-31")
    }


def test_what_was_not_in_force_is_named(know: Knowledge) -> None:
    early = judged(items.GOOD, know, as_of="2025-05-31", packs=("gbt-45574",))
    assert [rule.id for rule in early.not_in_force] == ["face", "gbt-45574"]
    assert not {"face", "gbt-45574"} & {rule.id for rule in early.regulations}
    later = judged(items.GOOD, know, as_of="2025-06-01", packs=("gbt-45574",))
    assert [rule.id for rule in later.not_in_force] == ["gbt-45574"]
    assert judged(items.GOOD, know).not_in_force == ()


def test_a_draft_judges_only_when_asked_for(know: Knowledge) -> None:
    cn = know.profiles["cn"]
    assert "draft-2026" not in {rule.id for rule in in_force(cn, know, "")}
    assert "draft-2026" in {rule.id for rule in in_force(cn, know, "", ("draft-2026",))}
    assert know.regulations["draft-2026"].draft
    assert "征求意见稿" in know.regulations["draft-2026"].title.zh


# 2. "524" is a nickname, not a document number.


def test_no_document_is_called_524(know: Knowledge) -> None:
    assert [r.id for r in know.regulations.values() if "524" in r.number] == []


# 3. GB/T 45574 changed what is sensitive; a finding says which notion it uses.


def test_the_id_number_and_the_id_photo_differ(know: Knowledge) -> None:
    number, photo = know.data_types["id_number"], know.data_types["id_photo"]
    assert number.sensitive_35273
    assert number.sensitive_45574 != "yes"
    assert photo.sensitive_45574 == "yes"


# 4. Consent is not the only legal basis.


@pytest.mark.parametrize(
    "name", ["collection-before-consent", "sensitive-without-separate-consent"]
)
def test_findings_about_consent_allow_for_another_basis(name: str) -> None:
    assert "合法性基础" in CHECKS[name].card.limits.zh


# 5. Hashing is not anonymisation.


def test_a_hash_of_an_identifier_counts_as_the_identifier() -> None:
    seen = made.traffic(made.sighting("imei", how="seed-hash"))
    assert one("undisclosed-collection", traffic=seen, policy=made.policy()).outcome == "fail"


# 6. The 39 categories are no list of what is forbidden.


def test_beyond_the_category_is_never_a_failure() -> None:
    told = Context(category="utility", category_confidence="certain")
    code = made.static(
        permissions=(made.permission("READ_SMS"),), calls=(made.call("sms_content"),)
    )
    for name in ("permission-beyond-category", "collection-beyond-category"):
        assert CHECKS[name].card.on_hit == "review"
        assert all(hit.outcome != "fail" for hit in hits(name, told, static=code))


# 7. Fifteen working days.


@pytest.mark.parametrize(("text", "late"), [("15个工作日内", False), ("30日内", True)])
def test_fifteen_working_days(text: str, late: bool) -> None:
    said = made.policy(elements=(made.element("E14", "present", value=text),))
    assert bool(hits("response-time-too-long", policy=said)) == late


# What was not examined is never a pass, and what cannot be placed is no export.


def test_unknown_outweighs_pass() -> None:
    assert ORDER.index(Outcome.NOT_ASSESSED) < ORDER.index(Outcome.PASS)
    assert ORDER.index(Outcome.ERROR) < ORDER.index(Outcome.PASS)


def test_a_cdn_is_no_export() -> None:
    seen = made.traffic(
        made.sighting(host="cdn.example"),
        destinations=(made.host("cdn.example", outside=None, operator_country="US"),),
    )
    with pytest.raises(NotAssessed):
        hits("undisclosed-export", traffic=seen, policy=made.policy())


def test_a_foreign_vendor_without_traffic_is_no_export(know: Knowledge) -> None:
    foreign = next(s.id for s in know.sdks.values() if s.vendor.country == "US")
    result = judged(items.app(static={"sdks": (made.sdk(foreign),)}), know)
    assert not [f for f in result.findings if f.check == "undisclosed-export"]


@pytest.mark.parametrize(
    "name", ["undisclosed-export", "collection-before-consent", "collection-after-refusal"]
)
def test_not_found_is_never_called_not_sent(name: str) -> None:
    card = CHECKS[name].card
    assert "不等于没有发送" in card.limits.zh
    assert "not sent" in card.limits.en


def test_a_policy_that_was_not_handed_in_is_no_violation(know: Knowledge) -> None:
    result = judged(made.evidence(static=items.STATIC), know)
    first = next(c for c in result.clauses if (c.regulation, c.clause) == ("cn-191", "1.1"))
    assert first.outcome is Outcome.NOT_ASSESSED


def test_an_sdk_that_is_merely_present_is_weak() -> None:
    hit = one(
        "undisclosed-sdk", static=made.static(sdks=(made.sdk("amplitude"),)), policy=made.policy()
    )
    assert (hit.outcome, hit.severity) == ("review", "low")


def test_a_wide_term_is_not_specific_rather_than_absent() -> None:
    seen = made.traffic(made.sighting("imei"))
    said = made.policy(made.statement("device_info"))
    assert hits("undisclosed-collection", traffic=seen, policy=said) == []
    assert one("vague-collection", traffic=seen, policy=said).outcome == "review"


def test_a_contradiction_in_a_text_is_for_review() -> None:
    assert CHECKS["policy-contradiction"].card.on_hit == "review"


def test_all_31_items_are_in_every_report(know: Knowledge) -> None:
    for evidence in (made.evidence(), items.GOOD):
        result = judged(evidence, know)
        assert sum(c.regulation == "cn-191" for c in result.clauses) == 31
        by_hand = [c for c in result.clauses if c.coverage == "manual"]
        assert all(c.tester is not None and c.tester.zh for c in by_hand)
        assert all(c.outcome is Outcome.NOT_ASSESSED for c in by_hand)


def test_the_draft_of_2021_is_never_cited(know: Knowledge) -> None:
    name = "移动互联网应用程序个人信息保护管理暂行规定"
    assert not [law.id for law in know.laws.values() if name in law.law.zh]
    assert not [rule.id for rule in know.regulations.values() if name in rule.title.zh]


def test_a_high_rate_alone_is_for_review() -> None:
    often = made.sighting(
        "location_coarse", count=90, first="2026-11-01T00:00:00Z", last="2026-11-01T00:01:00Z"
    )
    found = hits("frequent-collection", traffic=made.traffic(often))
    assert found
    assert CHECKS["frequent-collection"].card.on_hit == "review"
    assert all(hit.outcome != "fail" for hit in found)


def test_asking_for_several_at_once_is_for_review() -> None:
    asked = tuple(
        made.permission(name, requested_at=(made.place(),))
        for name in ("CAMERA", "RECORD_AUDIO", "READ_CONTACTS")
    )
    found = hits("permission-burst", static=made.static(permissions=asked))
    assert found
    assert CHECKS["permission-burst"].card.on_hit == "review"
    assert all(hit.outcome != "fail" for hit in found)


def test_the_back_end_is_for_a_person(know: Knowledge) -> None:
    sent = items.seen(made.sighting("imei", phase="before_consent"))
    clause = next(
        c for c in judged(sent, know).clauses if (c.regulation, c.clause) == ("cn-191", "5.2")
    )
    assert (clause.coverage, clause.outcome) == ("manual", Outcome.NOT_ASSESSED)

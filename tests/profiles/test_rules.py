"""The Chinese rules: complete, and honest about what a machine can answer."""

import re

import pytest

from profiles.load import load_knowledge
from profiles.model import Clause, Knowledge, Regulation
from scanner.model.common import CONFIDENCES, PARTS, SEVERITIES
from scanner.model.matrix import Declared
from scanner.model.result import Outcome


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return load_knowledge()


def clauses(know: Knowledge) -> list[tuple[Regulation, Clause]]:
    return [(r, c) for r in know.regulations.values() for c in r.clauses]


def test_191_has_its_31_items_in_six_groups(know: Knowledge) -> None:
    rule = know.regulations["cn-191"]
    sizes = [sum(c.group == g.id for c in rule.clauses) for g in rule.groups]
    assert sizes == [4, 4, 9, 6, 3, 5]
    for clause in rule.clauses:
        assert clause.group == f"G{clause.id[0]}"
        assert clause.decide is not None
        assert clause.law


def test_what_a_device_cannot_see_is_manual(know: Knowledge) -> None:
    manual = {c.id for c in know.regulations["cn-191"].clauses if c.coverage == "manual"}
    assert manual == {"3.5", "3.7", "4.3", "5.2", "6.2", "6.4"}


def test_the_39_categories(know: Knowledge) -> None:
    numbers = [c.number for c in know.categories.values()]
    assert numbers == list(range(1, 40))
    without = [c.number for c in know.categories.values() if not c.necessary]
    assert without == [21, *range(27, 39)]
    for category in know.categories.values():
        assert category.keywords
        assert set(category.necessary) == {d.data_type for d in category.details}


def test_164_scenarios_are_combinations_of_facts(know: Knowledge) -> None:
    rule = know.regulations["miit-164"]
    assert len(rule.clauses) == 36
    automatic = [c for c in rule.clauses if c.coverage == "automatic"]
    assert len(automatic) >= 15
    assert all(c.scenario is not None for c in automatic if c.id != "2.1-8")


def test_cybersecurity_law_shows_both_numbers(know: Knowledge) -> None:
    moved = [x for x in know.laws.values() if x.id.startswith("CSL-") and x.old_article]
    assert len(moved) >= 9
    for law in moved:
        assert law.renumbered == "2026-01-01"
        assert int(law.article) == int(law.old_article) + 2
        assert law.id == f"CSL-{law.article}"


def test_no_article_without_source_and_trust(know: Knowledge) -> None:
    for law in know.laws.values():
        assert law.source, law.id
        assert law.trust in {"read", "summary", "derived", "memory"}, law.id
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", law.checked), law.id
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", law.in_force), law.id


def test_every_clause_says_what_a_tester_does_and_where_it_is_from(know: Knowledge) -> None:
    for rule, clause in clauses(know):
        name = f"{rule.id}:{clause.id}"
        assert clause.tester.zh, name
        assert clause.tester.en, name
        assert clause.source, name
        assert clause.checked, name


def test_memory_is_marked(know: Knowledge) -> None:
    for rule, clause in clauses(know):
        if clause.source == ("memory",):
            assert clause.trust == "memory", f"{rule.id}:{clause.id}"


def test_drafts_are_off_and_marked(know: Knowledge) -> None:
    for rule in know.regulations.values():
        if rule.draft:
            assert rule.optional
            assert not rule.in_force
            assert "征求意见稿" in rule.title.zh
    assert know.regulations["draft-2026"].draft


def test_the_profile_cn_lists_the_rules(know: Knowledge) -> None:
    profile = know.profiles["cn"]
    assert profile.regulations[0] == "cn-191"
    assert {"miit-164", "miit-issues", "cac-cverc", "pipl", "csl", "cross-border"} <= set(
        profile.regulations
    )


def test_guards_against_the_known_traps(know: Knowledge) -> None:
    items = {c.id: c for c in know.regulations["cn-191"].clauses}

    def guard(item: str) -> str:
        text = items[item].guard
        assert text is not None
        return text.en

    assert "hash" in guard("5.1").lower()
    assert "legal bases" in guard("3.1")
    assert "derived" in guard("4.1")
    assert "not law" in guard("3.2")
    assert "15 calendar days" in guard("6.3")
    assert "524" in know.regulations["miit-issues"].note.en  # type: ignore[union-attr]
    assert know.data_types["id_number"].sensitive_35273
    assert know.data_types["id_number"].sensitive_45574 != "yes"
    assert know.data_types["id_photo"].sensitive_45574 == "yes"


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("outcome", [o.value for o in Outcome]),
        ("severity", SEVERITIES),
        ("confidence", CONFIDENCES),
        ("part", PARTS),
        ("declared", Declared.__args__),
        ("element", [f"E{n:02}" for n in range(1, 26)]),
    ],
)
def test_coded_values_have_words(know: Knowledge, kind: str, codes: list[str]) -> None:
    for code in codes:
        assert f"{kind}.{code}" in know.words


def test_codes_used_by_the_knowledge_have_words(know: Knowledge) -> None:
    used = {f"sdk_category.{sdk.category}" for sdk in know.sdks.values()}
    used |= {f"sink.{sink.kind}" for sink in know.sinks.values()}
    used |= {f"protection.{p.protection}" for p in know.permissions.values()}
    used |= {f"country.{sdk.vendor.country}" for sdk in know.sdks.values()}
    used |= {f"country.{rule.country}" for rule in know.hosts if rule.country}
    assert used <= know.words.keys()


def test_a_second_profile_uses_the_same_checks(know: Knowledge) -> None:
    def checks(profile: str) -> set[str]:
        rules = (know.regulations[name] for name in know.profiles[profile].regulations)
        return {check for rule in rules for clause in rule.clauses for check in clause.checks}

    assert checks("gdpr-basics")
    assert checks("gdpr-basics") <= checks("cn")
    assert not set(know.profiles["gdpr-basics"].regulations) & set(know.profiles["cn"].regulations)

"""Which mechanism the facts call for."""

from itertools import product

import made
import pytest
from judge import hits, one

from checks.api import Context, NotApplicable, NotAssessed
from checks.export_rules import decide, problems
from profiles.model import Knowledge

NAME = "export-mechanism-unproven"
DECLARED = made.policy(cross_border=made.export())
NO = {"ciio": "no", "important_data": "no", "exempt": "no"}


def test_without_facts_it_asks() -> None:
    hit = one(NAME, policy=DECLARED)
    assert hit.message == "open"
    assert "？" in hit.args["questions"].zh


@pytest.mark.parametrize(
    ("facts", "mechanism"),
    [
        ({"exempt": "contract", "important_data": "no"}, "免予"),
        ({"exempt": "contract", "important_data": "no", "ciio": "yes"}, "免予"),
        ({"exempt": "free-trade-zone", "important_data": "no"}, "负面清单"),
        ({"important_data": "yes"}, "安全评估"),
        ({"exempt": "contract", "important_data": "yes"}, "安全评估"),
        ({**NO, "ciio": "yes"}, "安全评估"),
        ({**NO, "pi_persons": "1000000", "spi_persons": "0"}, "安全评估"),
        ({**NO, "pi_persons": "999999", "spi_persons": "0"}, "标准合同"),
        ({**NO, "pi_persons": "100000", "spi_persons": "0"}, "标准合同"),
        ({**NO, "pi_persons": "99999", "spi_persons": "0"}, "免予"),
        ({**NO, "pi_persons": "0", "spi_persons": "10000"}, "安全评估"),
        ({**NO, "pi_persons": "0", "spi_persons": "9999"}, "标准合同"),
        ({**NO, "pi_persons": "0", "spi_persons": "1"}, "标准合同"),
    ],
)
def test_the_table(facts: dict[str, str], mechanism: str) -> None:
    hit = one(NAME, Context(export_facts=facts), policy=DECLARED)
    assert hit.message == "decided"
    assert mechanism in hit.args["mechanism"].zh


@pytest.mark.parametrize(
    "facts",
    [
        NO,
        {**NO, "pi_persons": "many"},
        {**NO, "pi_persons": "5"},
        {"ciio": "yes"},
        {"exempt": "contract"},
        {**NO, "pi_persons": "9" * 5000, "spi_persons": "0"},
    ],
)
def test_a_missing_fact_is_never_guessed(facts: dict[str, str]) -> None:
    assert one(NAME, Context(export_facts=facts), policy=DECLARED).message == "open"


def test_without_export_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        hits(NAME, policy=made.policy(), traffic=made.traffic(made.sighting()))


def test_seen_export_counts_too() -> None:
    seen = made.traffic(
        made.sighting(host="x.example"), destinations=(made.host("x.example", outside=True),)
    )
    assert len(hits(NAME, traffic=seen)) == 1


GIVEN: dict[str, tuple[str | None, ...]] = {
    "important_data": (None, "no", "yes"),
    "exempt": (None, "no", "hr", "free-trade-zone"),
    "ciio": (None, "no", "yes"),
    "pi_persons": (None, "0", "99999", "100000", "999999", "1000000"),
    "spi_persons": (None, "0", "1", "9999", "10000"),
}
ALL = [
    {name: value for name, value in zip(GIVEN, values, strict=True) if value is not None}
    for values in product(*GIVEN.values())
]


def by_the_text(facts: dict[str, str]) -> str:
    """The rule told once more, from all facts, in another order than the table."""
    people, sensitive = int(facts["pi_persons"]), int(facts["spi_persons"])
    if facts["exempt"] != "no" and facts["important_data"] == "no":
        return "none-in-zone" if facts["exempt"] == "free-trade-zone" else "none"
    heavy = facts["ciio"] == "yes" or people >= 1_000_000 or sensitive >= 10_000
    if facts["important_data"] == "yes" or heavy:
        return "security-assessment"
    return "standard-contract-or-certification" if people >= 100_000 or sensitive else "none"


def test_the_whole_table_against_the_text(know: Knowledge) -> None:
    whole = [facts for facts in ALL if len(facts) == len(GIVEN)]
    assert len(whole) == 2 * 3 * 2 * 5 * 4
    for facts in whole:
        found = decide(facts, know)
        assert found is not None, facts
        assert found.id == by_the_text(facts), facts


def test_what_is_decided_on_few_facts_stays_whatever_the_others_are(know: Knowledge) -> None:
    whole = [facts for facts in ALL if len(facts) == len(GIVEN)]
    for facts in ALL:
        found = decide(facts, know)
        if found is not None:
            later = [by_the_text(one) for one in whole if facts.items() <= one.items()]
            assert set(later) == {found.id}, facts


def test_before_the_rules_held_the_table_says_nothing() -> None:
    facts = {**NO, "pi_persons": "1", "spi_persons": "0"}
    with pytest.raises(NotAssessed):
        hits(NAME, Context(export_facts=facts, as_of="2024-03-21"), policy=DECLARED)
    assert one(NAME, Context(export_facts=facts, as_of="2024-03-22"), policy=DECLARED)


@pytest.mark.parametrize(
    "facts", [{"persons": "1"}, {"pi_persons": "-1"}, {"pi_persons": "9" * 13}, {"ciio": "maybe"}]
)
def test_facts_that_do_not_fit_are_named(facts: dict[str, str], know: Knowledge) -> None:
    assert problems(facts, know)

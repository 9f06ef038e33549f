"""Which mechanism the facts call for."""

import made
import pytest
from judge import hits, one

from checks.api import Context, NotApplicable

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
        ({"exempt": "contract"}, "免予"),
        ({"exempt": "no", "important_data": "yes"}, "安全评估"),
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
    "facts", [NO, {**NO, "pi_persons": "many"}, {**NO, "pi_persons": "5"}, {"ciio": "yes"}]
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

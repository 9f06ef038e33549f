"""A notice without its items."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import NotApplicable

NAME = "export-without-recipient-details"
ALL = ("receiver", "contact", "purpose", "method", "types", "rights")
SENT = made.traffic(
    made.sighting(host="x.example"), destinations=(made.host("x.example", outside=True),)
)


def said(stance: str, *items: str) -> Any:
    return made.policy(cross_border=made.export(stance, items=items))


def test_missing_items_are_named() -> None:
    hit = one(NAME, policy=said("declared", *ALL[1:]))
    assert "接收方名称" in hit.args["items"].zh
    assert (hit.outcome, hit.severity) == ("review", "low")


def test_seen_export_with_a_poor_notice_fails() -> None:
    hit = one(NAME, policy=said("declared"), traffic=SENT)
    assert (hit.outcome, hit.severity, hit.message) == ("fail", "medium", "observed")


def test_a_full_notice_is_no_hit() -> None:
    assert hits(NAME, policy=said("declared", *ALL)) == []


def test_a_mere_possibility_is_a_note() -> None:
    assert one(NAME, policy=said("conditional")).severity == "info"


@pytest.mark.parametrize("stance", ["none", "denied"])
def test_no_export_no_notice(stance: str) -> None:
    with pytest.raises(NotApplicable):
        hits(NAME, policy=said(stance))

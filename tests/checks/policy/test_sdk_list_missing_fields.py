"""Entries without what must be told."""

import made
import pytest
from judge import hits, one

from checks.api import NotApplicable

NAME = "sdk-list-missing-fields"
FULL = {"company": "某公司", "purpose": "统计", "data_text": "IMEI", "link": "x.example"}


@pytest.mark.parametrize(
    ("field", "message", "outcome"),
    [
        ("purpose", "purpose", "fail"),
        ("data_text", "data", "fail"),
        ("company", "company", "review"),
        ("link", "link", "review"),
    ],
)
def test_each_missing_field(field: str, message: str, outcome: str) -> None:
    row = made.row(**{**FULL, field: ""})
    hit = one(NAME, policy=made.policy(sdks=(row,)))
    assert (hit.message, hit.outcome) == (message, outcome)


def test_a_full_entry_is_no_hit() -> None:
    assert hits(NAME, policy=made.policy(sdks=(made.row(**FULL),))) == []


def test_a_mere_mention_is_no_entry() -> None:
    with pytest.raises(NotApplicable):
        hits(NAME, policy=made.policy(sdks=(made.row(),)))


def test_entries_are_counted_once_per_field() -> None:
    rows = tuple(made.row(name, **{**FULL, "link": ""}) for name in ("甲", "乙"))
    assert one(NAME, policy=made.policy(sdks=rows)).args["count"] == "2"


def test_a_sentence_in_another_cell_may_say_it() -> None:
    prose = "为便于您申请电子社保卡，需要采集您的姓名、身份证件号码和人脸信息"
    row = made.row(**{**FULL, "purpose": "", "data_text": prose})
    hit = one(NAME, policy=made.policy(sdks=(row,)))
    assert (hit.outcome, hit.confidence, hit.severity) == ("review", "tentative", "low")

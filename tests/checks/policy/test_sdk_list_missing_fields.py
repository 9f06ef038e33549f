"""Entries without what must be told."""

from typing import Any

import made
import pytest
from judge import KNOW, hits, one

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


VENDOR = next(
    s
    for s in sorted(KNOW.sdks.values(), key=lambda s: s.id)
    if s.data_declared_trust == "high" and len(s.data_declared) > 1
)


def listed(*types: str, sdk: str = VENDOR.id) -> Any:
    return made.policy(sdks=(made.row(**{**FULL, "sdk": sdk, "data_types": types}),))


def test_what_the_vendor_declares_and_the_list_leaves_out_is_for_review() -> None:
    kept = VENDOR.data_declared[0]
    hit = one(NAME, policy=listed(kept))
    assert (hit.message, hit.outcome, hit.severity) == ("omits", "review", "low")
    assert VENDOR.name.zh in hit.args["sdk"].zh


def test_a_list_as_full_as_the_vendors_is_no_hit() -> None:
    assert hits(NAME, policy=listed(*VENDOR.data_declared)) == []


def test_several_entries_of_one_sdk_are_read_together() -> None:
    rows = tuple(
        made.row(**{**FULL, "sdk": VENDOR.id, "data_types": (t,)}) for t in VENDOR.data_declared
    )
    assert hits(NAME, policy=made.policy(sdks=rows)) == []


def test_an_entry_without_types_or_a_vendor_without_statement_is_no_hit() -> None:
    silent = next(s for s in KNOW.sdks.values() if not s.data_declared)
    assert hits(NAME, policy=listed()) == []
    assert hits(NAME, policy=listed("imei", sdk=silent.id)) == []

"""Which SDKs a policy speaks of, with the real catalogue."""

import pytest

from checks.sdk_list import named_sdks, spoken_of
from profiles.load import load_knowledge
from scanner.model.policy import PolicyEvidence, Quote, SdkRow

PLACE = Quote(document="p", start=0, end=1, text="x")


@pytest.mark.parametrize(
    ("row", "also"),
    [
        (SdkRow(name="极光推送", place=PLACE, sdk="jpush"), "jiguang-jcore"),
        (SdkRow(name="高德地图", place=PLACE), "amap-location"),
        (SdkRow(name="友盟统计", place=PLACE, sdk="umeng-analytics"), "umeng-common"),
        (SdkRow(name="微信支付", place=PLACE, sdk="wechat-pay"), "wechat"),
    ],
)
def test_a_part_is_spoken_of_with_its_product(row: SdkRow, also: str) -> None:
    policy = PolicyEvidence(sdks=(row,))
    assert also not in named_sdks(policy)
    assert also in spoken_of(policy, load_knowledge())


def test_another_product_of_the_vendor_is_not() -> None:
    policy = PolicyEvidence(sdks=(SdkRow(name="极光推送", place=PLACE, sdk="jpush"),))
    assert "jverification" not in spoken_of(policy, load_knowledge())

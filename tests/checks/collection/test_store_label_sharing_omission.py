"""What goes to a third party and is ticked as collected only."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import Context, NotAssessed, StoreLabel

NAME = "store-label-sharing-omission"
ID = "PSL_DEVICE_ID"
COLLECTED = Context(store_label=StoreLabel(collected=(ID,)))
SDK = "umeng-common"


def seen(actor: str = SDK, data_type: str = "android_id") -> Any:
    return made.traffic(made.sighting(data_type, actor=actor))


def test_collected_only_and_sent_to_a_third_party_is_for_review() -> None:
    hit = one(NAME, COLLECTED, traffic=seen())
    assert (hit.subject, hit.severity, hit.outcome) == (f"android_id/{SDK}", "medium", None)


def test_ticked_as_shared_is_no_hit() -> None:
    both = Context(store_label=StoreLabel(collected=(ID,), shared=(ID,)))
    assert hits(NAME, both, traffic=seen()) == []


@pytest.mark.parametrize("actor", ["app", "host:api.example.com"])
def test_the_app_and_hosts_of_nobody_are_no_third_party(actor: str) -> None:
    assert hits(NAME, COLLECTED, traffic=seen(actor)) == []


def test_what_is_not_declared_at_all_is_told_elsewhere() -> None:
    assert hits(NAME, Context(store_label=StoreLabel()), traffic=seen()) == []


def test_data_without_a_word_in_the_form() -> None:
    assert hits(NAME, COLLECTED, traffic=seen(data_type="device_model_os")) == []


def test_reachable_code_shares_nothing() -> None:
    code = made.static(calls=(made.call("android_id", actor=SDK),))
    assert hits(NAME, COLLECTED, static=code, traffic=made.traffic()) == []


def test_without_a_form_nothing_is_said() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, traffic=seen())

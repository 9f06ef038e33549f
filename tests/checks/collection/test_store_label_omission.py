"""What leaves the device and the store's Data safety form does not tick."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import Context, NotAssessed, StoreLabel
from scanner.model.runtime import RuntimeEvidence

NAME = "store-label-omission"
NOTHING = Context(store_label=StoreLabel())


def ticked(*ids: str, shared: tuple[str, ...] = ()) -> Context:
    return Context(store_label=StoreLabel(collected=ids, shared=shared))


def seen(data_type: str = "imei", **changes: Any) -> Any:
    return made.traffic(made.sighting(data_type, **changes))


def test_sent_and_not_ticked_fails() -> None:
    hit = one(NAME, NOTHING, traffic=seen())
    assert (hit.outcome, hit.severity, hit.confidence) == ("fail", "high", "firm")
    assert hit.subject == "imei/app"


@pytest.mark.parametrize(
    "ctx", [ticked("PSL_DEVICE_ID"), ticked(shared=("PSL_DEVICE_ID",))], ids=["taken", "shared"]
)
def test_ticked_as_collected_or_as_shared_is_no_hit(ctx: Context) -> None:
    assert hits(NAME, ctx, static=made.static(), traffic=seen()) == []


def test_another_type_does_not_cover_it() -> None:
    assert one(NAME, ticked("PSL_APPROX_LOCATION"), traffic=seen("location_precise")).outcome


def test_precise_covers_coarse() -> None:
    ctx = ticked("PSL_PRECISE_LOCATION")
    assert hits(NAME, ctx, static=made.static(), traffic=seen("location_coarse")) == []


@pytest.mark.parametrize("either", ["PSL_PHOTOS", "PSL_VIDEOS"])
def test_either_of_two_answers_will_do(either: str) -> None:
    assert hits(NAME, ticked(either), static=made.static(), traffic=seen("photo_album")) == []


def test_data_without_a_word_in_the_form_is_not_asked_for() -> None:
    assert hits(NAME, NOTHING, static=made.static(), traffic=seen("device_model_os")) == []


def test_code_alone_is_for_review() -> None:
    hit = one(NAME, NOTHING, static=made.static(calls=(made.call(),)), traffic=made.traffic())
    assert (hit.outcome, hit.message) == ("review", "reachable")


def test_a_flow_out_of_the_app_is_for_review_too() -> None:
    code = made.static(calls=(made.call(),), flows=(made.flow(),))
    assert one(NAME, NOTHING, static=code).message == "leaves"


def test_read_on_the_device_is_not_sent() -> None:
    log = RuntimeEvidence(events=(made.event("imei"),))
    hit = one(NAME, NOTHING, static=made.static(calls=(made.call(),)), runtime=log)
    assert hit.outcome == "review"


def test_without_a_form_nothing_is_said() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, Context(), traffic=seen())

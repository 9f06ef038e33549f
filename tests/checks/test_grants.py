"""A permission that nobody granted stands between a call and the data."""

import made
import msgspec
import pytest

from checks.grants import attainable, missing_grants
from checks.judging import judging
from profiles.model import Knowledge
from scanner.model.static import CollectionSite, PermissionFact

PHONE = "android.permission.READ_PHONE_STATE"
FINE = "android.permission.ACCESS_FINE_LOCATION"
COARSE = "android.permission.ACCESS_COARSE_LOCATION"


def missing(
    call: CollectionSite, know: Knowledge, *asked: PermissionFact, target: int | None = 34
) -> tuple[str, ...]:
    evidence = made.evidence(static=made.static(calls=(call,), permissions=asked))
    app = msgspec.structs.replace(made.APP, target_sdk=target)
    return missing_grants(call, msgspec.structs.replace(evidence, app=app), know)


def test_the_entry_of_the_interface_says_what_it_needs(know: Knowledge) -> None:
    assert missing(made.call(api="tm_get_device_id"), know) == (PHONE,)


def test_asking_before_consent_holds_nothing_back(know: Knowledge) -> None:
    call = made.call(api="tm_get_device_id")
    early = made.permission(PHONE, request_reach=made.reach(before=True))
    guarded = made.permission(PHONE, request_reach=made.reach(before=True, guarded=True))
    later = made.permission(PHONE, request_reach=made.reach())
    assert missing(call, know, early) == ()
    assert missing(call, know, guarded, later) == (PHONE,)


@pytest.mark.parametrize(("target", "held"), [(22, False), (23, True), (None, False)])
def test_before_level_23_everything_is_granted_at_installation(
    know: Knowledge, target: int | None, held: bool
) -> None:
    assert bool(missing(made.call(api="tm_get_device_id"), know, target=target)) is held


def test_one_of_several_permissions_is_enough(know: Knowledge) -> None:
    call = made.call("location_precise", api="loc_last_known")
    assert missing(call, know) == (COARSE, FINE)
    assert missing(call, know, made.permission(COARSE, request_reach=made.reach(before=True))) == ()


def test_a_device_level_that_asks_for_less_leaves_the_call_open(know: Knowledge) -> None:
    assert missing(made.call("wifi_info", api="wifi_info_ssid"), know) == ()  # Android 7 and 8.0
    assert missing(made.call("android_id", api="settings_android_id"), know) == ()


def test_the_value_of_an_object_is_held_like_the_object(know: Knowledge) -> None:
    assert missing(made.call("location_precise", api="loc_lat"), know) == (FINE, COARSE)
    assert missing(made.call("imei", api="prop_ril_imei"), know) == ()


def test_the_table_names_what_the_knowledge_has(know: Knowledge) -> None:
    rules = judging(know)
    assert set(rules.granted_first) <= set(know.data_types)
    assert set(rules.without_grant) <= set(know.apis)
    names = {name for needs in rules.granted_first.values() for name in needs}
    assert {know.permissions[name].protection for name in names} == {"dangerous"}


@pytest.mark.parametrize(
    ("declared", "yields"),
    [
        ((COARSE,), "location_coarse"),
        ((FINE, COARSE), "location_precise"),
        ((FINE,), "location_precise"),
        ((), "location_precise"),
    ],
)
def test_the_coarse_permission_alone_yields_a_coarse_position(
    declared: tuple[str, ...], yields: str, know: Knowledge
) -> None:
    facts = tuple(made.permission(name) for name in declared)
    evidence = made.evidence(static=made.static(permissions=facts))
    assert attainable("location_precise", evidence, know) == yields
    assert attainable("imei", evidence, know) == "imei"


def test_permissions_that_were_not_read_blur_nothing(know: Knowledge) -> None:
    static = made.static(permissions=(made.permission(COARSE),))
    unread = made.evidence(static=static, gaps=(made.gap("x", "static.permissions"),))
    assert attainable("location_precise", unread, know) == "location_precise"
    assert attainable("location_precise", made.evidence(), know) == "location_precise"

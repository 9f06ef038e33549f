"""The matrix: what each source says, and None where nobody looked."""

import made
import pytest

from checks.cells import confidence
from checks.matrix import build_matrix
from profiles.model import Knowledge
from scanner.model.evidence import Evidence
from scanner.model.matrix import Cell
from scanner.model.runtime import RuntimeEvidence


def cell(evidence: Evidence, know: Knowledge, data_type: str = "imei", actor: str = "app") -> Cell:
    cells = build_matrix(evidence, know).cells
    return next(c for c in cells if (c.data_type, c.actor) == (data_type, actor))


def test_code_alone_leaves_the_other_columns_unknown(know: Knowledge) -> None:
    found = cell(made.evidence(static=made.static(calls=(made.call(),))), know)
    assert found.reachable is True
    assert found.before_consent is False
    assert (found.observed_count, found.declared, found.outside) == (0, "not_assessed", None)
    assert found.evidence == ("static/calls/0",)


def test_a_gap_makes_silence_worthless_but_not_a_hit(know: Knowledge) -> None:
    packed = (made.gap("packed-code", "static.calls"),)
    seen = made.evidence(traffic=made.traffic(made.sighting()), static=made.static(), gaps=packed)
    assert cell(seen, know).reachable is None
    hit = made.evidence(static=made.static(calls=(made.call(),)), gaps=packed)
    assert cell(hit, know).reachable is True


@pytest.mark.parametrize(("guarded", "confidence"), [(False, "firm"), (True, "tentative")])
def test_a_guard_makes_before_consent_tentative(
    know: Knowledge, guarded: bool, confidence: str
) -> None:
    site = made.call("android_id", reach=made.reach(before=True, guarded=guarded))
    found = cell(made.evidence(static=made.static(calls=(site,))), know, "android_id")
    assert (found.before_consent, found.before_consent_confidence) == (True, confidence)


def test_a_permission_not_yet_granted_makes_before_consent_tentative(know: Knowledge) -> None:
    early = made.reach(before=True)
    waits = made.call(reach=early)
    guarded = made.call(reach=made.reach(before=True, guarded=True))
    found = cell(made.evidence(static=made.static(calls=(guarded, waits))), know)
    assert found.before_consent_confidence == "tentative"
    assert found.before_consent_needs == ("android.permission.READ_PHONE_STATE",)
    free = made.call(api="prop_ril_imei", reach=early)
    found = cell(made.evidence(static=made.static(calls=(waits, free))), know)
    assert (found.before_consent_confidence, found.before_consent_needs) == ("firm", ())


def test_an_open_source_library_reads_for_the_app(know: Knowledge) -> None:
    library = min(know.libraries)
    found = build_matrix(made.evidence(static=made.static(calls=(made.call(actor=library),))), know)
    assert [c.actor for c in found.cells] == ["app"]


def test_a_reply_that_carries_data_is_no_collection(know: Knowledge) -> None:
    seen = made.traffic(made.sighting(side="response"))
    assert build_matrix(made.evidence(traffic=seen), know).cells == ()


def test_a_refused_access_gave_nothing(know: Knowledge) -> None:
    events = (made.event(allowed=False), made.event("android_id", count=3))
    found = build_matrix(made.evidence(runtime=RuntimeEvidence(events=events)), know).cells
    assert [(c.data_type, c.observed_count) for c in found] == [("android_id", 3)]


def test_phases_come_in_the_order_of_the_story(know: Knowledge) -> None:
    seen = made.traffic(made.sighting(phase="background"), made.sighting(phase="before_consent"))
    assert cell(made.evidence(traffic=seen), know).observed == ("before_consent", "background")


@pytest.mark.parametrize(
    ("places", "outside"),
    [((True, False), True), ((False, False), False), ((None, False), None), ((None, True), True)],
)
def test_outside_needs_all_hosts_inside_to_be_false(
    know: Knowledge, places: tuple[bool | None, ...], outside: bool | None
) -> None:
    names = ["a.example", "b.example"]
    hosts = tuple(made.host(n, outside=o) for n, o in zip(names, places, strict=True))
    seen = made.traffic(*(made.sighting(host=n) for n in names), destinations=hosts)
    assert cell(made.evidence(traffic=seen), know).outside is outside


def test_what_is_expected_of_an_sdk_is_no_declaration(know: Knowledge) -> None:
    silent = next(s for s in know.sdks.values() if s.data_expected and not s.data_declared)
    static = made.static(calls=(made.call(actor=silent.id),))
    assert cell(made.evidence(static=static), know, actor=silent.id).sdk_declares is None


def test_declared_only_types_have_a_cell_of_their_own(know: Knowledge) -> None:
    said = made.policy(made.statement("email"), made.statement("device_info"))
    found = build_matrix(made.evidence(static=made.static(), policy=said), know).cells
    assert [(c.data_type, c.declared) for c in found] == [("email", "clear")]
    assert found[0].reachable is False


def test_what_goes_to_a_host_of_nobody_is_sent_by_the_app(know: Knowledge) -> None:
    seen = made.traffic(made.sighting(actor="host:x.example", host="x.example"))
    code = made.static(calls=(made.call(),))
    found = cell(made.evidence(traffic=seen, static=code), know)
    assert (found.reachable, found.observed_count) == (True, 1)


def test_a_cell_is_as_sure_as_its_surest_call_that_can_run(know: Knowledge) -> None:
    doubtful = made.call(confidence="tentative")
    unreached = made.call(confidence="certain", reach=made.reach(reachable=False))
    found = cell(made.evidence(static=made.static(calls=(doubtful, unreached))), know)
    assert found.reachable_confidence == "tentative"
    assert confidence(found) == "tentative"
    found = cell(made.evidence(static=made.static(calls=(doubtful, made.call()))), know)
    assert confidence(found) == "firm"
    found = cell(made.evidence(static=made.static(calls=(doubtful,), flows=(made.flow(),))), know)
    assert confidence(found) == "firm"


def test_what_another_app_handed_over_has_no_row(know: Knowledge) -> None:
    flows = made.static(flows=(made.flow("personal_info"), made.flow("contacts")))
    cells = build_matrix(made.evidence(static=flows), know).cells
    assert [found.data_type for found in cells] == ["contacts"]

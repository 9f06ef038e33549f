"""What components that other apps can call give away (tests/fixtures/flows/open)."""

import functools

import pytest

from tests.support.flow_cases import FOLDER, Batch

OPEN = {
    "ResultLeak": ("", "caller", ""),
    "InnerResultLeak": ("Pick", "caller", ""),
    "OrderedDataLeak": ("In", "caller", ""),
    "OrderedExtrasLeak": ("In", "caller", ""),
    "OrderedResultLeak": ("In", "caller", ""),
    "RegisteredLeak": ("In", "caller", ""),
    "RegisteredFlagLeak": ("In", "caller", ""),
    "RegisteredGuardLeak": ("In", "caller", "fx.SEND"),
    "BroadcastLeak": ("", "receivers", ""),
    "HeardBroadcastLeak": ("", "receivers", ""),
    "GuardedBroadcastLeak": ("", "receivers", "fx.HEAR"),
    "MessengerAnswerLeak": ("Svc", "caller", ""),
    "QueriedLeak": ("Data", "caller", ""),
    "BinderAnswerLeak": ("Svc", "caller", ""),
}


@functools.cache
def batch() -> Batch:
    return Batch("exports", FOLDER.parent / "open")


def test_every_case_has_a_twin() -> None:
    names = [case.name for case in batch().cases]
    assert sorted(n for n in names if n.endswith("Leak")) == sorted(OPEN)
    assert {n.replace("Leak", "Clean") for n in OPEN} == {n for n in names if n not in OPEN}


@pytest.mark.parametrize("case", sorted(OPEN))
def test_the_component_and_who_gets_it_are_told(case: str) -> None:
    nested, recipient, guard = OPEN[case]
    (found,) = batch().run(case)
    cls = f"fx.exports.{case}" + (f"${nested}" if nested else "")
    assert (found.component, found.recipient, found.guard) == (cls, recipient, guard)
    assert (found.data_type, found.sink_kind) == ("imei", "ipc")
    assert found.path


@pytest.mark.parametrize("case", sorted(n.replace("Leak", "Clean") for n in OPEN))
def test_what_stays_inside_or_holds_no_data_is_none(case: str) -> None:
    assert batch().run(case) == ()

"""Taken while nobody uses the app."""

import made
import pytest
from judge import hits, one

from checks.api import NotAssessed

NAME = "background-collection"


def test_untold_in_background_fails() -> None:
    seen = made.traffic(made.sighting("location_precise", phase="background"))
    hit = one(NAME, traffic=seen, policy=made.policy())
    assert (hit.message, hit.outcome, hit.severity) == ("untold", "fail", "high")


def test_told_in_background_is_for_review() -> None:
    seen = made.traffic(made.sighting("location_precise", phase="background"))
    hit = one(NAME, traffic=seen, policy=made.policy(made.statement("location_precise")))
    assert (hit.message, hit.outcome, hit.severity) == ("told", "review", "medium")


def test_technical_data_is_no_hit() -> None:
    seen = made.traffic(made.sighting("device_model_os", phase="background"))
    assert hits(NAME, traffic=seen, policy=made.policy()) == []


def test_without_the_phase_it_is_not_assessed() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, traffic=made.traffic(made.sighting(), phases=()))

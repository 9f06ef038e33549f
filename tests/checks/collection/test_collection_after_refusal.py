"""Taken although the user said no."""

from typing import Any

import made
import pytest
from judge import hits, one

from checks.api import NotAssessed
from scanner.model.runtime import RuntimeEvidence

NAME = "collection-after-refusal"


@pytest.mark.parametrize("phase", ["refused", "after_withdrawal"])
def test_seen_after_a_no_fails(phase: Any) -> None:
    hit = one(NAME, traffic=made.traffic(made.sighting(phase=phase)))
    assert (hit.outcome, hit.severity) == ("fail", "high")


def test_technical_data_is_for_review() -> None:
    seen = made.traffic(made.sighting("device_model_os", phase="refused"))
    assert one(NAME, traffic=seen).outcome == "review"


def test_seen_after_consent_is_no_hit() -> None:
    assert hits(NAME, traffic=made.traffic(made.sighting())) == []


def test_without_such_a_phase_it_is_not_assessed() -> None:
    with pytest.raises(NotAssessed):
        hits(NAME, traffic=made.traffic(phases=()))


def test_a_log_alone_is_enough() -> None:
    runtime = RuntimeEvidence(events=(made.event(phase="refused"),))
    assert len(hits(NAME, runtime=runtime)) == 1

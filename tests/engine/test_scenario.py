"""Scenarios: a clause that names a combination of facts is answered by fitting findings only."""

import made
import msgspec
import pytest
from sample import finding

from checks.api import Context
from checks.registry import load_checks
from profiles.model import Knowledge, Scenario
from scanner.engine import evaluate
from scanner.model.evidence import Evidence
from scanner.model.matrix import Cell
from scanner.model.result import Outcome, Result
from scanner.scenario import fits

SEEN = Cell(
    data_type="imei",
    actor="app",
    observed=("before_consent",),
    observed_count=1,
    declared="omitted",
)


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (Scenario(), True),
        (Scenario(actor="app", told="no", consent="before"), True),
        (Scenario(actor="sdk"), False),
        (Scenario(told="yes"), False),
        (Scenario(told="unclear"), False),
        (Scenario(consent="after"), False),
        (Scenario(consent="refused"), False),
        (Scenario(scene="silent-or-background"), False),
        (Scenario(scene="ordinary"), True),
    ],
)
def test_each_fact_counts(scenario: Scenario, expected: bool) -> None:
    assert fits(scenario, finding(data_type="imei", actor="app"), [SEEN]) is expected


def test_unmarked_phases_cannot_be_told() -> None:
    unmarked = msgspec.structs.replace(SEEN, observed=("unknown",))
    found = finding(data_type="imei", actor="app")
    assert fits(Scenario(consent="before"), found, [unmarked]) is None
    assert fits(Scenario(told="yes"), found, [unmarked]) is False


def test_without_a_policy_told_cannot_be_told() -> None:
    silent = msgspec.structs.replace(SEEN, declared="not_assessed")
    assert fits(Scenario(told="no"), finding(data_type="imei", actor="app"), [silent]) is None


def test_a_finding_about_an_actor_fits_by_any_of_its_cells() -> None:
    found = finding(data_type="", actor="app")
    after = msgspec.structs.replace(SEEN, data_type="oaid", observed=("after_consent",))
    assert fits(Scenario(consent="after"), found, [SEEN, after]) is True


def answers(evidence: Evidence, know: Knowledge) -> dict[str, Outcome]:
    profile = know.profiles["cn"]
    result: Result = evaluate(evidence, load_checks(), profile, know, Context())
    return {c.clause: c.outcome for c in result.clauses if c.regulation == "miit-164"}


def test_the_clauses_of_the_scenarios_are_told_apart(know: Knowledge) -> None:
    early = made.traffic(made.sighting(phase="before_consent"))
    told = made.evidence(
        static=made.static(), traffic=early, policy=made.policy(made.statement("imei"))
    )
    untold = made.evidence(static=made.static(), traffic=early, policy=made.policy())
    assert answers(told, know)["1.1-2"] is Outcome.FAIL
    assert answers(told, know)["1.1-1"] is not Outcome.FAIL
    assert answers(untold, know)["1.1-1"] is Outcome.FAIL
    assert answers(untold, know)["1.1-2"] is not Outcome.FAIL
    assert answers(untold, know)["1.1-4"] is not Outcome.FAIL

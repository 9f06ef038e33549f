"""Scenarios: a clause that names a combination of facts is answered by fitting findings only."""

from itertools import product

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


# The whole decision table: told x consent x actor x scene, each against every kind of cell.

CELLS = [
    Cell(data_type="imei", actor=actor, observed=(phase,), observed_count=1, declared=declared)
    for actor, phase, declared in product(
        ("app", "umeng-common", "host:x.example"),
        ("before_consent", "refused", "after_consent", "in_use", "background", "unknown"),
        ("clear", "sdk_list", "conditional", "vague", "ambiguous", "omitted", "incorrect",
         "not_assessed"),
    )
]  # fmt: skip
TOLD = {
    "yes": {"clear", "sdk_list", "conditional"},
    "no": {"omitted", "incorrect"},
    "unclear": {"vague", "ambiguous"},
    "recipient-unnamed": {"omitted", "vague"},
}
WHEN = {
    "before": {"before_consent"},
    "after": {"after_consent", "in_use", "background"},
    "refused": {"refused"},
}


def by_the_words(scenario: Scenario, cell: Cell) -> bool | None:
    """The reading of a scenario, told once more and apart from the product's."""
    phase = cell.observed[0]
    answers: list[bool | None] = []
    if scenario.actor:
        answers.append((cell.actor == "umeng-common") == (scenario.actor == "sdk"))
    if scenario.told:
        unknown = cell.declared == "not_assessed"
        answers.append(None if unknown else cell.declared in TOLD[scenario.told])
    if scenario.consent:
        answers.append(None if phase == "unknown" else phase in WHEN[scenario.consent])
    if scenario.scene == "silent-or-background":
        answers.append(None if phase == "unknown" else phase == "background")
    if False in answers:
        return False
    return None if None in answers else True


def scenarios(know: Knowledge) -> list[tuple[str, Scenario]]:
    return [
        (c.id, c.scenario)
        for c in know.regulations["miit-164"].clauses
        if c.scenario is not None and c.checks
    ]


def test_every_scenario_against_every_kind_of_cell(know: Knowledge) -> None:
    for name, scenario in scenarios(know):
        told = {fits(scenario, finding(data_type="imei", actor=c.actor), [c]) for c in CELLS}
        assert {True, False} <= told, name
        for cell in CELLS:
            found = fits(scenario, finding(data_type="imei", actor=cell.actor), [cell])
            assert found is by_the_words(scenario, cell), (name, cell)


def test_the_scenarios_are_those_of_the_list(know: Knowledge) -> None:
    """Each row as combination of facts; ours were typed from the list, this is the second look."""
    rows = {name: (s.actor, s.told, s.consent, s.scene) for name, s in scenarios(know)}
    back = "silent-or-background"
    assert rows == {
        "1.1-1": ("app", "no", "before", ""),
        "1.1-2": ("app", "yes", "before", ""),
        "1.1-3": ("app", "unclear", "after", ""),
        "1.1-4": ("sdk", "no", "before", ""),
        "1.1-5": ("sdk", "yes", "before", ""),
        "1.1-6": ("sdk", "unclear", "after", ""),
        "1.2-2": ("app", "no", "", ""),
        "1.2-4": ("app", "no", "", ""),
        "1.2-5": ("app", "no", "", back),
        "1.2-6": ("app", "no", "", back),
        "1.2-7": ("sdk", "no", "", back),
        "1.2-8": ("sdk", "no", "", back),
        "1.3-1": ("", "no", "", ""),
        "1.3-2": ("", "recipient-unnamed", "after", ""),
        "1.4-1": ("", "no", "", ""),
        "2.2-1": ("", "no", "", ""),
        "2.2-2": ("", "yes", "before", ""),
    }

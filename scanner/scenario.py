"""Test scenarios as combinations of facts: told, consent, actor, scene."""

from collections.abc import Iterable

from profiles.model import Scenario
from scanner.model.common import APP, Phase
from scanner.model.matrix import Cell, Declared
from scanner.model.result import Finding

_TOLD: dict[str, tuple[Declared, ...]] = {
    "yes": ("clear", "sdk_list", "conditional"),
    "no": ("omitted", "incorrect"),
    "unclear": ("vague", "ambiguous"),
    "recipient-unnamed": ("omitted", "vague"),
}
_PHASES: dict[str, tuple[Phase, ...]] = {
    "before": ("before_consent",),
    "after": ("after_consent", "in_use", "background"),
    "refused": ("refused", "after_withdrawal"),
}
_MARKED: frozenset[Phase] = frozenset(
    ("before_consent", "refused", "after_consent", "in_use", "background", "after_withdrawal")
)


def fits(scenario: Scenario, finding: Finding, cells: Iterable[Cell]) -> bool | None:
    """Return whether a finding is an instance of the scenario; None when that cannot be told.

    A finding about an actor alone (an SDK that is not named) fits when any of its cells does; a
    finding about neither data nor actor cannot be narrowed and fits.
    """
    if not finding.actor and not finding.data_type:
        return True
    about = [
        cell
        for cell in cells
        if cell.actor == finding.actor
        and (not finding.data_type or cell.data_type == finding.data_type)
    ]
    answers = [_cell_fits(scenario, cell) for cell in about]
    if True in answers:
        return True
    return None if None in answers or not about else False


def _cell_fits(scenario: Scenario, cell: Cell) -> bool | None:
    answers = (
        _actor_fits(scenario, cell),
        _told_fits(scenario, cell),
        _consent_fits(scenario, cell),
        _scene_fits(scenario, cell),
    )
    if False in answers:
        return False
    return None if None in answers else True


def _actor_fits(scenario: Scenario, cell: Cell) -> bool:
    """Compare actors; code and hosts that nobody knows count as the app's."""
    is_app = cell.actor == APP or ":" in cell.actor
    return not scenario.actor or (scenario.actor == "app") == is_app


def _told_fits(scenario: Scenario, cell: Cell) -> bool | None:
    if not scenario.told:
        return True
    return None if cell.declared == "not_assessed" else cell.declared in _TOLD[scenario.told]


def _consent_fits(scenario: Scenario, cell: Cell) -> bool | None:
    """Compare moments: seen phases decide; without any, code that runs before consent does."""
    if not scenario.consent:
        return True
    marked = _MARKED & set(cell.observed)
    if scenario.consent == "before" and cell.before_consent:
        return True
    if marked:
        return bool(marked & set(_PHASES[scenario.consent]))
    return False if scenario.consent == "before" and cell.before_consent is False else None


def _scene_fits(scenario: Scenario, cell: Cell) -> bool | None:
    if not scenario.scene:
        return True
    marked = _MARKED & set(cell.observed)
    if not marked:
        return None
    if scenario.scene == "ordinary":
        return marked != {"background"}
    return "background" in marked

"""The evidence matrix: data type x actor, and what each source says about the pair."""

from typing import Literal

from scanner.model.base import Doc
from scanner.model.common import Confidence, Phase

Declared = Literal[
    "clear", "vague", "omitted", "incorrect", "ambiguous", "sdk_list", "conditional", "not_assessed"
]
"""How the app's policy covers the cell: clear = this type for this actor; vague = only a wider
type or a general actor; omitted = nothing; incorrect = denied; ambiguous = said and denied;
sdk_list = only in the SDK list; conditional = under a stated condition;
not_assessed = no policy."""


class Cell(Doc):
    """What is known about one data type in the hands of one actor.

    `reachable`, `before_consent`, `flows`: None = not assessed. `reachable_confidence` is that of
    the surest call that can run. `before_consent_needs`: run-time
    permissions of which the user must grant one before the early code yields anything, and which
    the app does not ask for that early. `evidence` are references `static/calls/N`,
    `traffic/sightings/ID`, `policy/statements/N`, ... into the Evidence. `observed_confidence` is
    that of the surest observation. `countries` are those the data was seen going to.
    """

    data_type: str
    actor: str
    reachable: bool | None = None
    reachable_confidence: Confidence | None = None
    before_consent: bool | None = None
    before_consent_confidence: Confidence | None = None
    before_consent_needs: tuple[str, ...] = ()
    leaves: bool | None = None
    observed: tuple[Phase, ...] = ()
    observed_count: int = 0
    observed_confidence: Confidence | None = None
    declared: Declared = "not_assessed"
    nearest: str = ""
    sdk_declares: bool | None = None
    countries: tuple[str, ...] = ()
    outside: bool | None = None
    evidence: tuple[str, ...] = ()


class Matrix(Doc):
    """All cells, ordered by data type and actor."""

    cells: tuple[Cell, ...] = ()

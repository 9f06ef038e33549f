"""Thresholds and groupings of the checks (profiles/tables/judging.yaml), and what follows from
them: how sensitive a data type is and how strong the evidence about a cell.
"""

from functools import lru_cache
from typing import Literal

import msgspec

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.base import Doc, Text
from scanner.model.common import Severity
from scanner.model.errors import KnowledgeError
from scanner.model.matrix import Cell

Strength = Literal["observed", "leaves", "reachable"]
"""observed = seen in traffic or by the device; leaves = a data flow in code to a sink outside
the app; reachable = code that reads it can run."""

Sensitivity = Literal["sensitive", "identifier", "ordinary", "trivial"]


class Required(Doc):
    """An element that a policy must have, how much its absence weighs, and when it is due:
    always, when sensitive data is handled, when SDKs run.
    """

    id: str
    name: Text
    severity: Severity
    when: Literal["always", "sensitive", "sdks"] = "always"


class Blur(Doc):
    """What a data type becomes for an app that declares one permission and lacks another."""

    data_type: str
    without: str
    declared: str
    becomes: str


class Judging(Doc):
    """The table. The meaning of each entry stands beside it in the YAML file."""

    trivial: tuple[str, ...]
    own_ids: tuple[str, ...]
    permanent_ids: tuple[str, ...]
    resettable_ids: tuple[str, ...]
    typed_by_users: tuple[str, ...]
    frequent_per_minute: float
    very_frequent_per_minute: float
    frequent_least: int
    many_reads: int
    burst: int
    runtime_permissions_sdk: int
    old_target_sdk: int
    answer_working_days: int
    answer_natural_days: int
    long_policy_chars: int
    long_sentence_mean: float
    least_simplified: float
    telling_chars: int
    improving_words: tuple[str, ...]
    improving_things: tuple[str, ...]
    other_aims: tuple[str, ...]
    least_policy_chars: int
    sure_chain: int
    granted_first: dict[str, tuple[str, ...]]
    without_grant: tuple[str, ...]
    blurred: tuple[Blur, ...]
    made_by_apps: tuple[str, ...]
    returning_methods: tuple[str, ...]
    answer_methods: tuple[str, ...]
    old_policy_days: int
    pseudonyms: tuple[str, ...]
    leaving_sinks: tuple[str, ...]
    log_sinks: tuple[str, ...]
    weak_sdk_categories: tuple[str, ...]
    drawing_sdks: tuple[str, ...]
    childrens_categories: tuple[str, ...]
    account_types: tuple[str, ...]
    personalising_sdk_categories: tuple[str, ...]
    required_elements: tuple[Required, ...]
    checked: str
    source: tuple[str, ...]


def judging(know: Knowledge) -> Judging:
    """Return the table. Raises `KnowledgeError` when it does not fit its type."""
    raw = know.tables.get("judging")
    return table(know, "judging", Judging) if raw is None else _decoded(bytes(raw))


@lru_cache(maxsize=4)
def _decoded(raw: bytes) -> Judging:
    """Decode the table once: every cell of a matrix asks for it."""
    try:
        return msgspec.msgpack.decode(raw, type=Judging)
    except msgspec.ValidationError as error:
        raise KnowledgeError(f"tables/judging.yaml: {error}") from error


_GRADES: dict[Sensitivity, dict[Strength, Severity]] = {
    "sensitive": {"observed": "high", "leaves": "medium", "reachable": "medium"},
    "identifier": {"observed": "high", "leaves": "medium", "reachable": "low"},
    "ordinary": {"observed": "medium", "leaves": "low", "reachable": "low"},
    "trivial": {"observed": "low", "leaves": "info", "reachable": "info"},
}


def sensitivity(know: Knowledge, data_type: str) -> Sensitivity:
    """Return how sensitive a type is; either of the two official notions of "sensitive" counts."""
    if is_sensitive(know, data_type):
        return "sensitive"
    if data_type in judging(know).trivial:
        return "trivial"
    if data_type in judging(know).own_ids:
        return "ordinary"
    return "identifier" if "device_id" in know.ancestors(data_type) else "ordinary"


def is_sensitive(know: Knowledge, data_type: str) -> bool:
    """Tell whether GB/T 35273 annex B or GB/T 45574 (not only in context) calls it sensitive."""
    known = know.data_types.get(data_type)
    if known is None:
        return False
    return known.sensitive_35273 or known.sensitive_45574 in ("yes", "no-handle-with-care")


def strength(cell: Cell) -> Strength | None:
    """Return the strongest evidence that the actor handles the data, None when there is none."""
    if cell.observed_count:
        return "observed"
    if cell.leaves:
        return "leaves"
    return "reachable" if cell.reachable else None


def grade(know: Knowledge, data_type: str, strong: Strength) -> Severity:
    """Return the severity for a data type at a strength of evidence."""
    return _GRADES[sensitivity(know, data_type)][strong]


_DOWN: dict[Severity, Severity] = {
    "critical": "high",
    "high": "medium",
    "medium": "low",
    "low": "info",
    "info": "info",
}


def lower(severity: Severity) -> Severity:
    """Return the next lower severity."""
    return _DOWN[severity]

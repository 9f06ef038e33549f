"""What the templates show, computed beforehand so that templates hold no logic."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from reports.words import Words
from scanner.model.common import SEVERITIES
from scanner.model.matrix import Cell
from scanner.model.result import ClauseResult, EvidenceItem, Finding, Outcome, Result

CODE = ("code", "flow", "manifest", "ui")
SEEN = ("traffic", "runtime")
OUTCOME_ORDER = ("fail", "review", "error", "not_assessed", "pass", "not_applicable")


class Segment(msgspec.Struct, frozen=True):
    """A piece of the outcome bar. `start` and `width` in percent of the bar."""

    outcome: str
    count: int
    start: float
    width: float


class Row(msgspec.Struct, frozen=True):
    """A row of the matrix with the words for its coded values."""

    cell: Cell
    observed: str
    before: bool
    countries: str
    verdict: str


class Card(msgspec.Struct, frozen=True):
    """A finding with its evidence sorted into the three columns."""

    finding: Finding
    code: tuple[EvidenceItem, ...]
    seen: tuple[EvidenceItem, ...]
    said: tuple[EvidenceItem, ...]
    search: str


class View:
    """Everything the report shows that is not directly a field of the result."""

    def __init__(self, result: Result, words: Words) -> None:
        """Prepare the view of `result` in the language of `words`."""
        self._result = result
        self._words = words
        self.cards = tuple(self._card(finding) for finding in result.findings)
        rows = tuple(self._row(cell) for cell in result.matrix.cells)
        self.rows = tuple(row for row in rows if _has_behaviour(row.cell))
        self.declared_rows = tuple(row for row in rows if not _has_behaviour(row.cell))

    def bar(self, regulation: str) -> tuple[Segment, ...]:
        """Return the outcome bar of a regulation."""
        counts = self._result.summary.clauses.get(regulation, {})
        total = sum(counts.values()) or 1
        segments, start = [], 0.0
        for name in OUTCOME_ORDER:
            width = 100 * counts.get(name, 0) / total
            if width:
                segments.append(Segment(name, counts[name], round(start, 3), round(width, 3)))
            start += width
        return tuple(segments)

    def groups(self, regulation: str) -> Sequence[tuple[str, tuple[ClauseResult, ...]]]:
        """Return the clauses of a regulation under their headings."""
        clauses = [c for c in self._result.clauses if c.regulation == regulation]
        return [(name, tuple(group)) for name, group in groupby(clauses, key=lambda c: c.group)]

    def severities(self) -> tuple[tuple[str, int], ...]:
        """Return the severities that occur, with their counts."""
        found = self._result.summary.findings
        return tuple((name, found[name]) for name in SEVERITIES if found.get(name))

    def names(self, ids: Iterable[str]) -> str:
        """Return the labels of ids as one enumeration."""
        return (
            "、".join(map(self._words.label, ids))
            if self._zh
            else ", ".join(map(self._words.label, ids))
        )

    def tri(self, value: bool | None) -> str:
        """Return the word for yes, no, or not assessed."""
        return self._words.t("not_known" if value is None else "yes" if value else "no")

    @property
    def _zh(self) -> bool:
        return self._words.t("yes") == "是"

    def _card(self, finding: Finding) -> Card:
        items = finding.evidence
        text = " ".join(
            (
                self._words.say(finding.title),
                self._words.say(finding.message),
                self._words.label(finding.actor),
                finding.check,
                *finding.clauses,
            )
        )
        return Card(
            finding=finding,
            code=tuple(item for item in items if item.kind in CODE),
            seen=tuple(item for item in items if item.kind in SEEN),
            said=tuple(item for item in items if item.kind not in (*CODE, *SEEN)),
            search=text.lower(),
        )

    def _row(self, cell: Cell) -> Row:
        words = self._words
        phases = " · ".join(words.t(f"phase.{phase}") for phase in cell.observed)
        count = words.t("times", n=cell.observed_count) if cell.observed_count else ""
        return Row(
            cell=cell,
            observed=" ".join(filter(None, (count, phases))),
            before=bool(cell.before_consent) or "before_consent" in cell.observed,
            countries=self._countries(cell),
            verdict=self._verdict(cell),
        )

    def _countries(self, cell: Cell) -> str:
        names = " ".join(cell.countries)
        if cell.outside is None:
            return names or ("" if not cell.observed_count else self._words.t("undecided"))
        side = self._words.t("outside" if cell.outside else "inside")
        return f"{side} {names}".strip()

    def _verdict(self, cell: Cell) -> str:
        """Return the worst outcome among the findings about this cell, or nothing."""
        about = {
            finding.outcome
            for finding in self._result.findings
            if finding.data_type == cell.data_type and finding.actor == cell.actor
        }
        return next((o.value for o in (Outcome.FAIL, Outcome.REVIEW) if o in about), "")


def _has_behaviour(cell: Cell) -> bool:
    """Tell whether code or traffic shows the cell, not only the policy."""
    return bool(cell.reachable or cell.leaves or cell.observed_count)

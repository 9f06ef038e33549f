"""What the templates show, computed beforehand so that templates hold no logic."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from reports.html_report.drawings import flow_drawing, timeline_drawing
from reports.html_report.grouping import anchor, grouped
from reports.words import Words
from scanner.model.common import SEVERITIES
from scanner.model.matrix import Cell
from scanner.model.result import ClauseResult, Finding, Outcome, Result

OUTCOME_ORDER = ("fail", "review", "error", "not_assessed", "pass", "not_applicable")
DECLARED = {
    "clear": "pass", "sdk_list": "pass", "conditional": "review", "vague": "review",
    "ambiguous": "review", "omitted": "fail", "incorrect": "fail",
}  # fmt: skip
FOUND = {"present": "pass", "probable": "review", "not_found": "not_assessed"}
MAX_ROWS = 40
"""Rows of the matrix above which those without observation and finding are folded."""
MAX_OPEN = 200
"""Destinations that are shown at once: laying out one huge table takes seconds."""
SIDES = {"static": "code", "traffic": "seen", "runtime": "seen", "policy": "said"}


class Segment(msgspec.Struct, frozen=True):
    """A piece of the outcome bar. `start` and `width` in percent of the bar."""

    outcome: str
    count: int
    start: float
    width: float


class Row(msgspec.Struct, frozen=True):
    """A row of the matrix with the words for its coded values.

    `verdict` is the worst outcome among the findings about the cell, `link` the first of those,
    `count` their number; `code`, `seen` and `said` are findings that show the cell's evidence.
    """

    cell: Cell
    observed: str
    before: bool
    countries: str
    declared: str
    verdict: str
    link: str
    count: int
    code: str
    seen: str
    said: str


class View:
    """Everything the report shows that is not directly a field of the result."""

    def __init__(self, result: Result, words: Words) -> None:
        """Prepare the view of `result` in the language of `words`."""
        self._result = result
        self._words = words
        self._about: dict[tuple[str, str], list[Finding]] = {}
        self._shows: dict[str, str] = {}
        for finding in result.findings:
            self._about.setdefault((finding.data_type, finding.actor), []).append(finding)
            for item in finding.evidence:
                self._shows.setdefault(item.ref, finding.id)
        self.groups_of_findings = grouped(result, words)
        self.timeline = timeline_drawing(result, words)
        self.flows = flow_drawing(result, words)
        hosts = result.destinations
        self.destinations = (hosts[:MAX_OPEN], hosts[MAX_OPEN:])
        self.waived = tuple(finding for finding in result.findings if finding.waived)
        rows = tuple(self._row(cell) for cell in result.matrix.cells)
        behaving = tuple(row for row in rows if _has_behaviour(row.cell))
        many = len(behaving) > MAX_ROWS
        self.rows = tuple(row for row in behaving if not many or _speaks(row))
        self.quiet_rows = tuple(row for row in behaving if many and not _speaks(row))
        self.declared_rows = tuple(row for row in rows if not _has_behaviour(row.cell))
        self.found_class = FOUND
        self.anchor = anchor

    def sections(self) -> tuple[str, ...]:
        """Return the ids of the sections that the report has."""
        optional = {"timeline": self.timeline is not None, "policy": self._result.policy}
        names = (
            "coverage", "matrix", "timeline", "findings", "clauses", "permissions", "sdks",
            "destinations", "policy", "checks", "method",
        )  # fmt: skip
        return tuple(name for name in names if optional.get(name, True))

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
        return self._words.t("comma").join(map(self._words.label, ids))

    def tri(self, value: bool | None) -> str:
        """Return the word for yes, no, or not assessed."""
        return self._words.t("not_known" if value is None else "yes" if value else "no")

    def _row(self, cell: Cell) -> Row:
        words = self._words
        phases = " · ".join(words.t(f"phase.{phase}") for phase in cell.observed)
        count = words.t("times", n=cell.observed_count) if cell.observed_count else ""
        about = self._about.get((cell.data_type, cell.actor), [])
        verdict = next(
            (o for o in (Outcome.FAIL, Outcome.REVIEW) if any(f.outcome is o for f in about)), None
        )
        return Row(
            cell=cell,
            observed=" ".join(filter(None, (count, phases))),
            before=bool(cell.before_consent) or "before_consent" in cell.observed,
            countries=self._countries(cell),
            declared=DECLARED.get(cell.declared, ""),
            verdict=verdict.value if verdict is not None else "",
            link=next((f.id for f in about if f.outcome is verdict), ""),
            count=sum(f.outcome is verdict for f in about),
            **self._evidence_links(cell),
        )

    def _evidence_links(self, cell: Cell) -> dict[str, str]:
        """Return for each side the first finding that shows a piece of the cell's evidence."""
        links = dict.fromkeys(SIDES.values(), "")
        for ref in (*cell.evidence, cell.nearest):
            side = SIDES.get(ref.partition("/")[0])
            if side is not None and not links[side]:
                links[side] = self._shows.get(ref, "")
        return links

    def _countries(self, cell: Cell) -> str:
        names = " ".join(cell.countries)
        if cell.outside is None:
            return names or ("" if not cell.observed_count else self._words.t("undecided"))
        side = self._words.t("outside" if cell.outside else "inside")
        return f"{side} {names}".strip()


def _has_behaviour(cell: Cell) -> bool:
    """Tell whether code or traffic shows the cell, not only the policy."""
    return bool(cell.reachable or cell.leaves or cell.observed_count)


def _speaks(row: Row) -> bool:
    """Tell whether a row has a finding or was observed, so that it must stay in sight."""
    return bool(row.verdict or row.cell.observed_count)

"""What the templates show, computed beforehand so that templates hold no logic."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from reports.html_report.drawings import flow_drawing
from reports.html_report.grouping import Card, anchor, grouped
from reports.html_report.lanes import EARLY, timeline_drawing
from reports.words import Words
from scanner.model.common import SEVERITIES
from scanner.model.matrix import Cell
from scanner.model.result import ClauseResult, EvidenceItem, Finding, Outcome, Result

OUTCOME_ORDER = ("fail", "review", "error", "not_assessed", "pass", "not_applicable")
DECLARED = {
    "clear": "pass", "sdk_list": "pass", "conditional": "review", "vague": "review",
    "ambiguous": "review", "omitted": "fail", "incorrect": "fail",
}  # fmt: skip
COLUMNS = ("fail", "review", "not_assessed", "pass", "not_applicable")
"""Outcomes with a column of their own in the table of what was examined."""
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

    `observed` are the phases with whether they are early ones. `verdict` is the worst outcome
    among the findings about the cell, `link` the first of those, `count` their number; `code`,
    `seen` and `said` are findings that show the cell's evidence.
    """

    cell: Cell
    observed: tuple[tuple[str, bool], ...]
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
        self._numbers: dict[str, int] = {}
        self._first: dict[tuple[object, ...], int] = {}
        for card in self._cards():
            self._numbers[card.finding.id] = card.number
            for item in card.finding.evidence:
                self._first.setdefault((item.ref, item.lines), card.number)
        self.timeline = timeline_drawing(result, words)
        self.flows = flow_drawing(result, words)
        self.gaps = sorted(result.gaps, key=lambda gap: (-len(gap.blocks), -len(gap.limits)))
        hosts = result.destinations
        self.destinations = (hosts[:MAX_OPEN], hosts[MAX_OPEN:])
        rows = tuple(self._row(cell) for cell in result.matrix.cells)
        behaving = tuple(row for row in rows if _has_behaviour(row.cell))
        many = len(behaving) > MAX_ROWS
        self.rows = tuple(row for row in behaving if not many or _speaks(row))
        self.quiet_rows = tuple(row for row in behaving if many and not _speaks(row))
        self.declared_rows = tuple(row for row in rows if not _has_behaviour(row.cell))
        self.found_class = FOUND
        self.anchor = anchor

    def _cards(self) -> Iterable[Card]:
        for group in self.groups_of_findings:
            for problem in group.problems:
                yield from problem.cards

    def sections(self) -> tuple[tuple[str, int | None], ...]:
        """Return the ids of the sections that the report has, and how much is in them."""
        r = self._result
        sizes: dict[str, int | None] = {
            "coverage": len(r.gaps),
            "matrix": len(self.rows),
            "timeline": None if r.timeline is None else len(r.timeline.events),
            "findings": len(r.findings),
            "clauses": len(r.clauses),
            "permissions": len(r.permissions),
            "sdks": len(r.sdks),
            "destinations": len(r.destinations),
            "policy": None if r.policy is None else len(r.policy.elements),
            "checks": len(r.checks),
            "method": None,
        }
        absent = {"timeline": self.timeline is None, "policy": r.policy is None}
        return tuple((name, size) for name, size in sizes.items() if not absent.get(name))

    def numbers(self, findings: Iterable[str]) -> list[tuple[int, str]]:
        """Return the findings with their numbers, in the order of the report."""
        return sorted((self._numbers[f], f) for f in findings if f in self._numbers)

    def earlier(self, item: EvidenceItem, number: int) -> int | None:
        """Return the finding before `number` that shows the same evidence already."""
        first = self._first[item.ref, item.lines]
        return first if first < number else None

    def cite(self, text: str) -> tuple[str, str]:
        """Return a citation as law and article, and what it is about."""
        for colon in ("：", ": "):
            law, found, gist = text.partition(colon)
            if found:
                return law, found + gist
        return text, ""

    def outcomes(self, regulation: str) -> tuple[tuple[str, int], ...]:
        """Return how many clauses of a regulation have each outcome, in a fixed order.

        A check that crashed examined nothing, so its clauses count as not assessed.
        """
        counts = dict(self._result.summary.clauses.get(regulation, {}))
        counts["not_assessed"] = counts.get("not_assessed", 0) + counts.pop("error", 0)
        return tuple((name, counts.get(name, 0)) for name in COLUMNS)

    def examined(self) -> tuple[int, int, int]:
        """Return how many clauses a machine examined, how many there are, and without answer."""
        clauses = self._result.clauses
        open_ = sum(c.outcome in {Outcome.NOT_ASSESSED, Outcome.ERROR} for c in clauses)
        return sum(c.examined for c in clauses), len(clauses), open_

    def core_links(self, question: str) -> str:
        """Return the anchor of the findings that answer a core question."""
        shown = any(group.name == question for group in self.groups_of_findings)
        return f"g-{question}" if shown else "findings"

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

    def _row(self, cell: Cell) -> Row:
        about = self._about.get((cell.data_type, cell.actor), [])
        verdict = next(
            (o for o in (Outcome.FAIL, Outcome.REVIEW) if any(f.outcome is o for f in about)), None
        )
        return Row(
            cell=cell,
            observed=tuple((phase, phase in EARLY) for phase in cell.observed),
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

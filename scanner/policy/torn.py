"""Whose the cells of a table of third parties are that no list reader joined to rows.

Text copied from a page tears a row into lines: a cell, a line with nothing but a bar, the next
cell. Who stands in the first cell is told of in the row, whatever the other cells are.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from profiles.load import table
from scanner.model.base import Doc
from scanner.model.policy import Statement
from scanner.policy.resolve import Resolver
from scanner.policy.sdk_items import bare
from scanner.policy.words import Vocabulary

_BAR = "|"
_MOST_ROW = 3000
_MOST_ROWS = 3000
_MOST_LINES = 8
"""A cell has fewer lines than this; where more stand between two bars, another row begins."""
_LEAD = 120
"""How far before a table its lead-in is looked for, in characters."""
_NAME = re.compile(r"(?!\d+$)[^，。；：:|<>《》]{2,24}")
_MOST_CUT = 4
_NO_CELL = re.compile(r"\s*[=#（(一二三四五六七八九十\d]|.{160}|.*。")
"""What goes on behind a table: a heading, an item, a sentence."""
_LINK = re.compile(r"[!-~\s]{1,300}\Z")
_RULE = re.compile(r"[\s|:]*-[\s|:-]*")
_MARKS = " \t_#>"
_THIRD = "third_party"
_SHARE = "share"
_TOLD = frozenset({"collect", "use", _SHARE})


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its span and its cells."""

    start: int
    end: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Owner:
    """A row of others: its span, whose it is, and which actions of ours are theirs there."""

    start: int
    end: int
    name: str
    takes: frozenset[str]


class TornTable(Doc):
    """`tables/policy_torn.yaml`: headers and lead-ins of tables of third parties."""

    checked: str
    source: tuple[str, ...]
    names: str
    party: str
    leads: str
    company: str
    ours: str
    gathered: tuple[str, ...]


class TornReader:
    """Compiled patterns; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        rules = table(words.know, "policy_torn", TornTable)
        self._names = re.compile(rules.names, re.IGNORECASE)
        self._party = re.compile(rules.party, re.IGNORECASE)
        self._leads = re.compile(f"(?:{rules.leads})\\Z", re.IGNORECASE)
        self._company = re.compile(rules.company, re.IGNORECASE)
        self._ours = re.compile(rules.ours)
        self._gathered = rules.gathered

    def owned(
        self, said: Sequence[Statement], text: str, resolver: Resolver | None
    ) -> list[Statement]:
        """Return statements with the third party as the actor of what a row of its table says."""
        if _BAR not in text or not any(self._open(s, _TOLD) for s in said):
            return list(said)
        owners = [owner for rows in _tables(text) for owner in self._owners(rows, text, resolver)]
        starts = [owner.start for owner in owners]
        out = []
        for statement in said:
            place = bisect_right(starts, statement.start) - 1
            owner = owners[place] if place >= 0 else None
            if owner and statement.end <= owner.end and self._open(statement, owner.takes):
                out.append(msgspec.structs.replace(statement, actor=owner.name, action="collect"))
            else:
                out.append(statement)
        return out

    def _open(self, statement: Statement, actions: frozenset[str]) -> bool:
        """Tell a statement that would be ours because it names nobody."""
        told = statement.actor == "app" and statement.polarity == "positive"
        return told and statement.action in actions and not self._ours.search(statement.quote)

    def _owners(self, table: list[_Row], text: str, resolver: Resolver | None) -> Iterator[_Owner]:
        """Yield the rows of a table and whose they are; nothing when it tells of no others."""
        header, rows = table[0], table[1:]
        named = any(self._party.fullmatch(cell) for cell in header.cells)
        first = next(iter(header.cells), "")
        above = text[max(0, header.start - _LEAD) : header.start].rstrip().rpartition("\n")[2]
        others = sum(bool(self._company.search(" ".join(row.cells))) for row in rows)
        led = bool(self._leads.search(first))
        if not (named or led or self._leads.search(above) or others * 2 > len(rows) > 1):
            return
        rows = rows if named or led else table
        gathers = any(sign in cell for cell in header.cells for sign in self._gathered)
        takes = _TOLD if gathers else _TOLD - {_SHARE}
        by_name = bool(self._names.fullmatch(first))
        for row in rows:
            name = next(iter(row.cells), "")
            plain = _NAME.fullmatch(name)
            known = resolver.exactly(name) if resolver and plain else ""
            whose = known or (f"name:{bare(name)}" if plain and by_name else _THIRD)
            yield _Owner(row.start, row.end, whose, takes)


def _tables(text: str) -> Iterator[list[_Row]]:
    """Yield runs of rows with nothing but blanks and rules between them."""
    table: list[_Row] = []
    for row in _rows(text):
        if table and text[table[-1].end : row.start].strip(" \t\r\n|-:—="):
            yield table
            table = []
        table.append(row)
        if len(table) >= _MOST_ROWS:
            break
    if table:
        yield table


def _rows(text: str) -> Iterator[_Row]:
    """Yield what may be rows: a line with bars in it, or lines around lines of a bar."""
    for lines in _passages(text):
        alone = [n for n, (_, line) in enumerate(lines) if n and line.strip() == _BAR]
        if alone:
            cuts = [n for n, (a, b) in enumerate(pairwise(alone), 1) if b - a > _MOST_LINES]
            for first, last in pairwise([0, *cuts, len(alone)]):
                yield from _row(lines[alone[first] - 1 : _last(lines, alone[last - 1])])
            continue
        bars = [n for n, (_, line) in enumerate(lines) if line.strip().strip(_BAR).find(_BAR) >= 0]
        for here, after in pairwise([*bars, len(lines)]):
            yield from _row(lines[here : _cut_end(lines, here, after)])


def _cut_end(lines: list[tuple[int, str]], here: int, after: int) -> int:
    """Return where a row ends that begins in a line: its last cell may stand in the next ones."""
    line, end = lines[here][1].strip(), here + 1
    if line.startswith(_BAR) or not line.endswith(_BAR):
        return end
    while end < min(after, here + _MOST_CUT) and not _NO_CELL.match(lines[end][1]):
        end += 1
    return end


def _last(lines: list[tuple[int, str]], bar: int) -> int:
    """Return where the last cell of a torn row ends: one line, and links below it."""
    end = bar + 2
    while end < min(len(lines), bar + _MOST_CUT) and _LINK.match(lines[end][1]):
        end += 1
    return end


def _row(lines: list[tuple[int, str]]) -> Iterator[_Row]:
    """Yield a row unless it is too long for one."""
    start, end = lines[0][0], lines[-1][0] + len(lines[-1][1])
    joined = " ".join(line for _, line in lines)
    cells = tuple(
        cell.replace("*", "").strip(_MARKS) for cell in joined.strip(f" \t\r{_BAR}").split(_BAR)
    )
    if end - start <= _MOST_ROW:
        yield _Row(start, end, cells)


def _passages(text: str) -> Iterator[list[tuple[int, str]]]:
    """Yield runs of lines between blanks and rules, each with its place, where one has a bar."""
    lines: list[tuple[int, str]] = []
    at = 0
    for line in [*text.split("\n"), ""]:
        if line.strip() and not _RULE.fullmatch(line):
            lines.append((at, line))
        else:
            if any(_BAR in told for _, told in lines):
                yield lines
            lines = []
        at += len(line) + 1

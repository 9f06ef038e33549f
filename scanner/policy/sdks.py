"""Third parties a policy lists: rows of tables, key-value blocks, and lists without verbs."""

import re
from collections.abc import Callable, Iterator

import msgspec

from scanner.model.policy import Quote, SdkRow
from scanner.policy.align import Aligner
from scanner.policy.blocks import Cell, Parsed
from scanner.policy.flat import FlatReader
from scanner.policy.grid import expand, value
from scanner.policy.normal import Normal, is_chinese
from scanner.policy.sdk_blocks import BlockReader
from scanner.policy.sdk_entry import Entry, EntryRules
from scanner.policy.words import Vocabulary

_QUOTE = 400
_MAX_ROWS = 5000
_PAIR_WIDTH = 2
_URL = re.compile(r"https?://[^\s|)）>\]\"'，。；<]+")
_OWNER = re.compile(r"([^（(]{2,60})[（(](.{4,60})[)）]$")
"""`某某SDK（某某有限公司）`."""


class SdkReader:
    """Compiled column rules and the catalogue; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        self._words = words
        self._rules = EntryRules(words)
        self._blocks = BlockReader(self._rules)
        self._flat = FlatReader(self._rules, Aligner(words, self._rules.parts))
        self.resolver = self._rules.resolver

    def read(
        self, parsed: Parsed, document: str, english: Callable[[str], set[str]] | None = None
    ) -> list[SdkRow]:
        """Return the rows of a document in reading order, without repeats.

        `english` reads the data of cells that are not Chinese; left out, the Chinese lexicon does.
        """

        def types(text: str) -> set[str]:
            if english is None or is_chinese(text):
                return self._types(text)
            return english(text)

        flat, taken = self._flat.read(parsed)
        records = [*self._tables(parsed), *flat, *self._blocks.read(parsed, taken)]
        records.sort(key=lambda record: (record.start, record.end))
        rows: list[SdkRow] = []
        seen: set[tuple[str, str, str]] = set()
        for record in records[:_MAX_ROWS]:
            row = self._row(record, parsed.text, document, types)
            key = (row.name, row.company, row.data_text)
            if key not in seen:
                seen.add(key)
                rows.append(row)
        return rows

    # tables ------------------------------------------------------------------

    def _tables(self, parsed: Parsed) -> Iterator[Entry]:
        for grid in parsed.tables:
            rows = expand(grid)
            yield from self._upright(rows, parsed.text) or self._sideways(rows, parsed.text)

    def _upright(self, rows: list[list[Cell]], text: str) -> list[Entry]:
        roles: list[str] = []
        counted = False
        out: list[Entry] = []
        for row in rows:
            values = [value(cell, text) for cell in row]
            found = self._rules.header(values)
            if found:
                roles, counted = found, self._rules.serial(values[0])
                continue
            if not roles or not any(values):
                continue
            if counted and self._uncounted(values, roles):
                values = ["", *values]
            record = self._record(roles, [*row[: len(values) - len(row)], *row], values)
            if self._rules.usable(record):
                out.append(record)
        return out

    def _record(self, roles: list[str], row: list[Cell], values: list[str]) -> Entry:
        record = Entry()
        for role, cell, told in zip(roles, row, values, strict=False):
            if role and told:
                self._rules.put(record, role, told)
                record.touch(cell.start, cell.end)
                if cell.link:
                    record.fields.setdefault("href", cell.link)
        return record

    def _uncounted(self, values: list[str], roles: list[str]) -> bool:
        """Tell whether a row lost the running number that it shares with the row above."""
        short = len(values) < len(roles) or not values[-1]
        return short and not self._rules.serial(values[0])

    def _sideways(self, rows: list[list[Cell]], text: str) -> list[Entry]:
        """Read a table of two columns, key and value, one third party after another."""
        if not rows or any(len(row) != _PAIR_WIDTH for row in rows):
            return []
        out: list[Entry] = []
        record = Entry()
        for key, cell in rows:
            role, told = self._rules.role(value(key, text)), value(cell, text)
            if role == "name" and record.fields:
                out.append(record)
                record = Entry()
            if role and told:
                record.fields.setdefault("purpose" if role == "scene" else role, told)
                record.touch(key.start, cell.end)
        out.append(record)
        named = any("name" in one.fields for one in out)
        return [r for r in out if named and self._rules.usable(r)]

    # rows --------------------------------------------------------------------

    def _row(
        self, record: Entry, text: str, document: str, types: Callable[[str], set[str]]
    ) -> SdkRow:
        fields = record.fields
        company = fields.get("company", "")
        if not company and fields.get("name") and self._rules.is_company(record.name_line):
            company = record.name_line
        name = fields.get("name") or record.name_line or company
        owner = _OWNER.match(name)
        if owner and not company and self._rules.is_company(owner.group(2)):
            name, company = owner.groups()
        data = fields.get("data", "")
        if self._rules.empty(data):
            data = ""
        listed = data or fields.get("permissions", "")
        named = listed.replace(fields["name"], "，") if fields.get("name") else listed
        link = _URL.search(fields.get("link", ""))
        return SdkRow(
            name=name[:120],
            place=Quote(
                document=document,
                start=record.start,
                end=record.end,
                text=text[record.start : record.end][:_QUOTE],
            ),
            sdk=self.resolver.find(name, company),
            company=company[:120],
            data_types=tuple(sorted(types(named) - self._words.umbrella)),
            data_text=data[:600],
            purpose=fields.get("purpose", "")[:300],
            method=fields.get("method", "")[:200],
            link=(link.group() if link else fields.get("href", ""))[:500],
        )

    def _types(self, text: str) -> set[str]:
        """Return the data of a cell: the words that only cells hold first, then the lexicon's."""
        plain = Normal(text).text
        own = self._rules.cells.find(plain)
        for start, end, _, _ in own:
            plain = f"{plain[:start]}{'，' * (end - start)}{plain[end:]}"
        found = [hit for hit in self._words.terms.find(plain) if hit[3] not in self._rules.bare]
        return {kind for _, _, kind, _ in (*own, *found)} - {""}


def quoted(row: SdkRow, text: str) -> SdkRow:
    """Return a row whose passage is the document's own characters (a text may be read folded)."""
    place = row.place
    passage = text[place.start : place.end][:_QUOTE]
    if passage == place.text:
        return row
    return msgspec.structs.replace(row, place=msgspec.structs.replace(place, text=passage))

"""Third parties a policy lists: rows of tables, key-value blocks, and lists without verbs."""

import re
from collections.abc import Callable, Iterator

import msgspec

from scanner.model.policy import Quote, SdkRow
from scanner.policy.blocks import Cell, Parsed
from scanner.policy.grid import expand, value
from scanner.policy.normal import Normal, is_chinese
from scanner.policy.sdk_blocks import BlockReader
from scanner.policy.sdk_entry import Entry, EntryRules, width
from scanner.policy.words import Vocabulary

_QUOTE = 400
_MAX_HEADER = 24
_MAX_ROWS = 5000
_TOLD = 2
_PAIR_WIDTH = 2
_URL = re.compile(r"https?://[^\s|)）>\]\"'，。；<]+")


class SdkReader:
    """Compiled column rules and the catalogue; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        self._words = words
        self._rules = EntryRules(words)
        self._blocks = BlockReader(self._rules)
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

        records = [*self._tables(parsed), *self._blocks.read(parsed)]
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
        out: list[Entry] = []
        for row in rows:
            values = [value(cell, text) for cell in row]
            found = self._header(values)
            if found:
                roles = found
                continue
            if not roles or not any(values):
                continue
            record = Entry()
            for role, cell, told in zip(roles, row, values, strict=False):
                if role and told:
                    self._rules.put(record, role, told)
                    record.touch(cell.start, cell.end)
                    if cell.link:
                        record.fields.setdefault("href", cell.link)
            if self._rules.usable(record):
                out.append(record)
        return out

    def _header(self, values: list[str]) -> list[str]:
        """Return the roles of a header row, or nothing for a row of data."""
        filled = [v for v in values if v]
        if len(filled) < _TOLD or max(width(v) for v in filled) > _MAX_HEADER:
            return []
        if any("http" in v or "有限公司" in v or "公司）" in v for v in filled):
            return []
        roles = [self._rules.role(v) for v in values]
        party = "company" if "name" in roles else "name"
        roles = [party if role == "party" else role for role in roles]
        known = {r for r in roles if r}
        hits = sum(bool(r) for r in roles)
        named = known & {"name", "company"} and known & {"data", "purpose", "permissions"}
        return roles if named and len(known) >= _TOLD and hits * 2 > len(filled) else []

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
                record.fields.setdefault(role, told)
                record.touch(key.start, cell.end)
        out.append(record)
        return [r for r in out if self._rules.usable(r)]

    # rows --------------------------------------------------------------------

    def _row(
        self, record: Entry, text: str, document: str, types: Callable[[str], set[str]]
    ) -> SdkRow:
        fields = record.fields
        company = fields.get("company", "")
        name = fields.get("name") or record.name_line or company
        data = fields.get("data", "")
        if self._rules.empty(data):
            data = ""
        listed = data or fields.get("permissions", "")
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
            data_types=tuple(sorted(types(listed) - self._words.umbrella)),
            data_text=data[:600],
            purpose=fields.get("purpose", "")[:300],
            method=fields.get("method", "")[:200],
            link=(link.group() if link else fields.get("href", ""))[:500],
        )

    def _types(self, text: str) -> set[str]:
        found = self._words.terms.find(Normal(text).text)
        return {kind for _, _, kind, _ in found} - {""}


def quoted(row: SdkRow, text: str) -> SdkRow:
    """Return a row whose passage is the document's own characters (a text may be read folded)."""
    place = row.place
    passage = text[place.start : place.end][:_QUOTE]
    if passage == place.text:
        return row
    return msgspec.structs.replace(row, place=msgspec.structs.replace(place, text=passage))

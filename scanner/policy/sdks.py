"""Third parties a policy lists: rows of tables, key-value blocks, and lists without verbs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from profiles.load import table
from scanner.model.base import Doc
from scanner.model.policy import Quote, SdkRow
from scanner.policy.blocks import Block, Cell, Parsed
from scanner.policy.grid import expand, value
from scanner.policy.normal import Normal
from scanner.policy.resolve import Resolver
from scanner.policy.sdk_items import (
    ItemReader,
    ItemRules,
    bare,
    broken,
    enumerated,
    lead,
    numbered,
    unfinished,
)
from scanner.policy.words import Vocabulary

_QUOTE = 400
_MAX_HEADER = 24
_MAX_KEY = 18
_MAX_NAME = 60
_MAX_REST = 40
_BRACKETS = 6
_OPENED = frozenset("[（(<")
_MAX_ASIDE = 1000
_MAX_CELL = 2000
_MAX_ROWS = 5000
_FAR = 99
_NEAR = 4
_TOLD = 2
_SHORT = 12
_LEAST = 2
_PAIR_WIDTH = 2
_FIELDS = ("data", "purpose", "link", "company", "method", "permissions", "contact")
_URL = re.compile(r"https?://[^\s|)）>\]\"'，。；<]+")
_ONLY_URL = re.compile(r"\W{0,6}https?://\S{1,2000}$")
_PAIR = re.compile(r"(?:^|[，,；;。|\s、*])([^\s，,；;。|：:、*]{2,18}?)\s*\**\s*[：:∶]")


class ColumnRule(Doc):
    """A column role and the header words that name it."""

    role: str
    pattern: str


class SdkTable(Doc):
    """`tables/policy_sdk.yaml`."""

    checked: str
    source: tuple[str, ...]
    columns: tuple[ColumnRule, ...]
    none: str
    company: str
    not_name: str
    not_company: str
    listed: str
    generic: str
    aim: str
    use: str
    denied: str


@dataclass(slots=True)
class _Record:
    start: int = -1
    end: int = -1
    fields: dict[str, str] = field(default_factory=dict)
    name_line: str = ""
    item: bool = False
    title: str = ""
    """The line that named it, as written."""
    described: int = 0
    last: str = ""
    """The role that was filled last: a line cut in two goes on with it."""
    open: bool = False
    """The last line did not end, or announced a link."""

    @property
    def known(self) -> str:
        return self.fields.get("name") or self.name_line

    def touch(self, start: int, end: int) -> None:
        self.start = start if self.start < 0 else min(self.start, start)
        self.end = max(self.end, end)


class SdkReader:
    """Compiled column rules and the catalogue; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        rules = table(words.know, "policy_sdk", SdkTable)
        self._words = words
        self._columns = [(c.role, re.compile(c.pattern)) for c in rules.columns]
        self._none = re.compile(rules.none)
        self._company = re.compile(rules.company)
        self._not_name = re.compile(rules.not_name)
        self._not_company = re.compile(rules.not_company)
        self._items = ItemReader(
            words,
            ItemRules(
                not_name=self._not_name,
                generic=re.compile(rules.generic),
                listed=re.compile(rules.listed),
                aim=re.compile(rules.aim),
                use=re.compile(rules.use),
                denied=re.compile(rules.denied),
            ),
        )
        self.resolver = Resolver(words.know)

    def role(self, header: str) -> str:
        """Return the role of a column header or key, or an empty string."""
        text = re.sub(r"[\s*_：:]", "", Normal(header).text)
        if not text or len(text) > _MAX_HEADER:
            return ""
        return next((role for role, pattern in self._columns if pattern.search(text)), "")

    def read(self, parsed: Parsed, document: str) -> list[SdkRow]:
        """Return the rows of a document in reading order, without repeats."""
        records = [*self._tables(parsed), *self._blocks(parsed)]
        records.sort(key=lambda record: (record.start, record.end))
        rows: list[SdkRow] = []
        seen: set[tuple[str, str, str]] = set()
        for record in records[:_MAX_ROWS]:
            row = self._row(record, parsed.text, document)
            key = (row.name, row.company, row.data_text)
            if key not in seen:
                seen.add(key)
                rows.append(row)
        return rows

    # tables ------------------------------------------------------------------

    def _tables(self, parsed: Parsed) -> Iterator[_Record]:
        for grid in parsed.tables:
            rows = expand(grid)
            yield from self._upright(rows, parsed.text) or self._sideways(rows, parsed.text)

    def _upright(self, rows: list[list[Cell]], text: str) -> list[_Record]:
        roles: list[str] = []
        out: list[_Record] = []
        for row in rows:
            values = [value(cell, text) for cell in row]
            found = self._header(values)
            if found:
                roles = found
                continue
            if not roles or not any(values):
                continue
            record = _Record()
            for role, cell, told in zip(roles, row, values, strict=False):
                if role and told:
                    self._put(record, role, told)
                    record.touch(cell.start, cell.end)
                    if cell.link:
                        record.fields.setdefault("href", cell.link)
            if self._usable(record):
                out.append(record)
        return out

    def _header(self, values: list[str]) -> list[str]:
        """Return the roles of a header row, or nothing for a row of data."""
        filled = [v for v in values if v]
        if len(filled) < _TOLD or max(len(v) for v in filled) > _MAX_HEADER:
            return []
        if any("http" in v or "有限公司" in v or "公司）" in v for v in filled):
            return []
        roles = [self.role(v) for v in values]
        party = "company" if "name" in roles else "name"
        roles = [party if role == "party" else role for role in roles]
        known = {r for r in roles if r}
        hits = sum(bool(r) for r in roles)
        named = known & {"name", "company"} and known & {"data", "purpose", "permissions"}
        return roles if named and len(known) >= _TOLD and hits * 2 > len(filled) else []

    def _sideways(self, rows: list[list[Cell]], text: str) -> list[_Record]:
        """Read a table of two columns, key and value, one third party after another."""
        if not rows or any(len(row) != _PAIR_WIDTH for row in rows):
            return []
        out: list[_Record] = []
        record = _Record()
        for key, cell in rows:
            role, told = self.role(value(key, text)), value(cell, text)
            if role == "name" and record.fields:
                out.append(record)
                record = _Record()
            if role and told:
                record.fields.setdefault(role, told)
                record.touch(key.start, cell.end)
        out.append(record)
        return [r for r in out if self._usable(r)]

    # blocks ------------------------------------------------------------------

    def _blocks(self, parsed: Parsed) -> Iterator[_Record]:
        record = _Record()
        near = _FAR
        for block in parsed.blocks:
            if block.kind == "cell":
                continue
            line = parsed.text[block.start : block.end]
            if self._goes_on(record, line, block):
                record.touch(block.start, block.end)
                continue
            before, pairs = self._pairs(line, running=bool(record.fields))
            if before and pairs:
                self._put(record, record.last, before)
            if pairs:
                *whole, record = self._filled(record, pairs, block)
                for one in whole:
                    near = 0 if self._usable(one, listed=True, near=near < _NEAR) else near
                    yield from self._done(one, near)
                continue
            fields = self._items.read(line, near=near < _NEAR)
            if fields or not (self._aside(line, block) or self._waits(record, line, block)):
                usable = self._usable(record, listed=True, near=near < _NEAR)
                yield from self._done(record, near)
                near = 0 if fields or usable else near + 1
                record = self._item(fields, line, block) if fields else self._named(line, block)
        yield from self._done(record, near)

    def _filled(self, record: _Record, pairs: list[tuple[str, str]], block: Block) -> list[_Record]:
        """Return the records that the pairs of a line fill; the last of them may go on."""
        out = [record]
        for role, told in pairs:
            if self._begins(out[-1], role, told):
                out.append(_Record())
            self._put(out[-1], role, told)
            out[-1].touch(block.start, block.end)
        role, told = pairs[-1]
        out[-1].open = not told or (role in {"data", "purpose"} and broken(told))
        return out

    def _goes_on(self, record: _Record, line: str, block: Block) -> bool:
        """Take a line that ends what the line before began: its link, or the rest of an item."""
        if not record.open:
            return False
        record.open = False
        role = record.last or "data"
        if role == "link":
            link = _URL.search(line)
            if link and link.start() <= lead(line) + _BRACKETS:
                self._put(record, role, link.group())
            return bool(link)
        old = record.fields.get(role, "")
        part = enumerated(line) and not record.item
        if len(old) > _MAX_CELL or not (part or (old and not numbered(line))):
            return False
        if block.kind == "heading" and not part:
            return False
        record.fields[role] = f"{old} {line.strip()}".strip()
        record.open = part or (unfinished(line) if record.item else broken(record.fields[role]))
        return True

    def _item(self, fields: dict[str, str], line: str, block: Block) -> _Record:
        record = _Record(fields=fields, item=True, open="data" in fields and unfinished(line))
        record.touch(block.start, block.end)
        return record

    def _done(self, record: _Record, near: int) -> Iterator[_Record]:
        if record.item or self._usable(record, listed=True, near=near < _NEAR):
            yield record

    def _aside(self, line: str, block: Block) -> bool:
        """Tell a remark or a bare link inside an entry from prose, which ends the entry."""
        short = len(line) <= _MAX_ASIDE and "。" not in line and block.kind != "heading"
        return short and bool(self._not_name.search(bare(Normal(line).text)))

    def _waits(self, record: _Record, line: str, block: Block) -> bool:
        """Tell whether a named SDK is only described yet, its keys still to come."""
        named = "sdk" in record.name_line.lower() and not record.fields and numbered(record.title)
        record.described += 1
        return named and block.kind != "heading" and record.described <= _TOLD and "。" in line

    def _named(self, line: str, block: Block) -> _Record:
        """Begin an entry with the line that may name it; prose names nothing."""
        if not self._is_name(line):
            return _Record()
        record = _Record(
            title=line,
            name_line=" ".join(bare(line).replace("**", "").split()).strip("*_ 【】[]：:"),
        )
        record.touch(block.start, block.end)
        return record

    def _begins(self, record: _Record, role: str, value: str) -> bool:
        """Tell whether a key starts the next third party."""
        if role == "party":
            return bool(record.fields) and ("company" in record.fields or not record.known)
        if role == "name":
            second = "name" in record.fields and self._company.search(Normal(value).text)
            return bool(record.fields) and not second
        return role in record.fields and role not in {"link", "purpose", "permissions"}

    def _put(self, record: _Record, role: str, value: str) -> None:
        """Keep a value; a company under "name of the third party" is the company."""
        plain = Normal(value).text
        if role == "name" and record.known and self._company.search(plain):
            role = "company"
        if role == "data" and _ONLY_URL.match(value):
            role = "link"
        if role == "party":
            role = "company" if record.known and "sdk" not in plain else "name"
        old = record.fields.get(role, "")
        record.last = role
        if value or old:
            record.fields[role] = f"{old} {value}".strip() if value not in old else old

    def _pairs(self, line: str, *, running: bool) -> tuple[str, list[tuple[str, str]]]:
        """Cut `key：value，key：value` where the keys are column names.

        Returns what stands before the first key (the end of a value that the line before began)
        and the pairs. Prose before a key that names a third party is passed over.
        """
        if not any(colon in line for colon in "：:∶"):
            return "", []
        body = line[:_MAX_CELL]
        marks = [(m, role) for m in _PAIR.finditer(body) if (role := self.role(m.group(1)))]
        before = ""
        if marks and marks[0][0].start(1) > lead(body) + 1:
            before = body[: marks[0][0].start(1)].strip(" *_，,；;。\t")
            if not running or numbered(line) or len(before) > _MAX_REST or "。" in before:
                before = ""
                first = next((n for n, (_, role) in enumerate(marks) if role == "name"), len(marks))
                marks = marks[first:] if len(marks) - first > 1 and not numbered(line) else []
        out = []
        for (mark, role), after in zip(marks, [*marks[1:], None], strict=False):
            told = body[mark.end() : after[0].start() if after else len(body)]
            told = told.strip(" *_，,；;。\t")
            told = "" if told in _OPENED else told
            if told or role in {"link", "data"}:
                out.append((role, told))
        return before, out

    # rows --------------------------------------------------------------------

    def _usable(self, record: _Record, *, listed: bool = False, near: bool = False) -> bool:
        """Tell whether a record names a third party and says something about it.

        `listed`: it was put together from lines, so more is asked for; `near`: less, since the
        entry before was one.
        """
        fields = record.fields
        name = fields.get("name") or record.name_line
        company = Normal(fields.get("company", "")).text
        if not (name or company) or not any(fields.get(f) for f in _FIELDS):
            return False
        if self._none.match(Normal(name or "x").text.strip()) or self._not_company.search(company):
            return False
        if not listed:
            return any(fields.get(f) for f in ("data", "purpose", "permissions", "method"))
        told = {f for f in ("data", "purpose", "company", "link", "method") if fields.get(f)}
        if "data" in told and not self._is_data(fields["data"]):
            return False
        third = "sdk" in Normal(name).text or bool(company) or "name" in fields
        third = third or near or self.resolver.find(name, "") != ""
        return third and len(told) >= _TOLD and bool(told & {"data", "purpose"})

    def _is_data(self, text: str) -> bool:
        plain = Normal(text).text.strip()
        named = self._words.terms.find(plain) or "信息" in plain or "权限" in plain
        known = bool(named) or bool(self._none.match(plain)) or len(plain) < _SHORT
        return known and not plain.startswith("指")

    def _is_name(self, line: str) -> bool:
        body = bare(line).strip()
        if not _LEAST <= len(body) <= _MAX_NAME or body[-1] in "。；;，,！？" or "。" in body:
            return False
        return not self._not_name.search(Normal(body).text)

    def _row(self, record: _Record, text: str, document: str) -> SdkRow:
        fields = record.fields
        company = fields.get("company", "")
        name = fields.get("name") or record.name_line or company
        data = fields.get("data", "")
        if self._none.match(Normal(data).text.strip()):
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
            data_types=self._types(listed),
            data_text=data[:600],
            purpose=fields.get("purpose", "")[:300],
            method=fields.get("method", "")[:200],
            link=(link.group() if link else fields.get("href", ""))[:500],
        )

    def _types(self, text: str) -> tuple[str, ...]:
        found = self._words.terms.find(Normal(text).text)
        return tuple(sorted({kind for _, _, kind, _ in found} - self._words.umbrella - {""}))


def quoted(row: SdkRow, text: str) -> SdkRow:
    """Return a row whose passage is the document's own characters (a text may be read folded)."""
    place = row.place
    passage = text[place.start : place.end][:_QUOTE]
    if passage == place.text:
        return row
    return msgspec.structs.replace(row, place=msgspec.structs.replace(place, text=passage))

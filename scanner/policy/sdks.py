"""Third parties a policy lists: rows of tables, key-value blocks, and lists without verbs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from profiles.load import table
from scanner.model.base import Doc
from scanner.model.policy import Quote, SdkRow
from scanner.policy.blocks import Block, Cell, Parsed
from scanner.policy.normal import Normal
from scanner.policy.resolve import Resolver
from scanner.policy.words import Vocabulary

_QUOTE = 400
_MAX_HEADER = 24
_MAX_KEY = 18
_MAX_NAME = 60
_MAX_ASIDE = 1000
_MAX_CELL = 2000
_MAX_ROWS = 5000
_MAX_COLUMNS = 40
_FAR = 99
_NEAR = 4
_TOLD = 2
_SHORT = 12
_LEAST = 2
_PAIR_WIDTH = 2
_FIELDS = ("data", "purpose", "link", "company", "method", "permissions", "contact")
_TAG = re.compile(r"<[^>]{0,500}>")
_URL = re.compile(r"https?://[^\s|)）>\]\"'，。；<]+")
_NUMBER = re.compile(
    r"^[\s*_#•·\-+>【\[]*(?:[（(]?\d{1,3}[)）.、．\s]|[（(]?[一二三四五六七八九十]{1,3}[)）、.]|[①-⑳])?"
    r"[\s*_]*"
)
_PAIR = re.compile(r"(?:^|[，,；;。|\s、*])([^\s，,；;。|：:、*]{2,18}?)\s*\**\s*[：:]")
_LIST = re.compile(r"^([^：]{2,40}(?:（[^）]{1,40}）)?)：(.{2,400})$")


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


@dataclass(slots=True)
class _Record:
    start: int = -1
    end: int = -1
    fields: dict[str, str] = field(default_factory=dict)
    name_line: str = ""
    item: bool = False

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
        self._listed_name = re.compile(rules.listed)
        self._generic = re.compile(rules.generic)
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
            rows = _expand(grid)
            yield from self._upright(rows, parsed.text) or self._sideways(rows, parsed.text)

    def _upright(self, rows: list[list[Cell]], text: str) -> list[_Record]:
        roles: list[str] = []
        out: list[_Record] = []
        for row in rows:
            values = [_value(cell, text) for cell in row]
            found = self._header(values)
            if found:
                roles = found
                continue
            if not roles or not any(values):
                continue
            record = _Record()
            for role, cell, value in zip(roles, row, values, strict=False):
                if role and value:
                    self._put(record, role, value)
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
            role, value = self.role(_value(key, text)), _value(cell, text)
            if role == "name" and record.fields:
                out.append(record)
                record = _Record()
            if role and value:
                record.fields.setdefault(role, value)
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
            pairs = self._pairs(line)
            for role, value in pairs:
                if self._begins(record, role, value):
                    yield from self._done(record)
                    record = _Record()
                self._put(record, role, value)
                record.touch(block.start, block.end)
            if pairs:
                continue
            found = self._listed(line, block, near=near < _NEAR)
            near = 0 if found else near + 1
            if found or not self._aside(line, block):
                yield from self._done(record)
                record = found or self._named(line, block)
        yield from self._done(record)

    def _done(self, record: _Record) -> Iterator[_Record]:
        if record.item or self._usable(record, listed=True):
            yield record

    def _aside(self, line: str, block: Block) -> bool:
        """Tell a remark or a bare link inside an entry from prose, which ends the entry."""
        short = len(line) <= _MAX_ASIDE and "。" not in line and block.kind != "heading"
        return short and bool(self._not_name.search(_NUMBER.sub("", Normal(line).text)))

    def _named(self, line: str, block: Block) -> _Record:
        """Begin an entry with the line that may name it; prose names nothing."""
        if not self._is_name(line):
            return _Record()
        record = _Record(name_line=_NUMBER.sub("", line).strip("*_ 【】[]：:"))
        record.touch(block.start, block.end)
        return record

    def _begins(self, record: _Record, role: str, value: str) -> bool:
        """Tell whether a key starts the next third party."""
        if role == "name":
            second = "name" in record.fields and self._company.search(Normal(value).text)
            return bool(record.fields) and not second
        return role in record.fields and role not in {"link", "purpose", "permissions"}

    def _put(self, record: _Record, role: str, value: str) -> None:
        """Keep a value; a company under "name of the third party" is the company."""
        known = record.fields.get("name") or record.name_line
        if role == "name" and known and self._company.search(Normal(value).text):
            role = "company"
        old = record.fields.get(role, "")
        record.fields[role] = f"{old} {value}".strip() if value not in old else old

    def _pairs(self, line: str) -> list[tuple[str, str]]:
        """Cut `key：value，key：value` where the keys are column names."""
        if "：" not in line and ":" not in line:
            return []
        body = line[:_MAX_CELL]
        found = [(m, self.role(m.group(1))) for m in _PAIR.finditer(body)]
        first = _NUMBER.match(body)
        lead = first.end() if first else 0
        marks = [(m, role) for m, role in found if role]
        if not marks or marks[0][0].start(1) > lead + 1:
            return []
        out = []
        for (mark, role), after in zip(marks, [*marks[1:], None], strict=True):
            end = after[0].start() if after else len(body)
            value = body[mark.end() : end].strip(" *_，,；;。\t")
            if value:
                out.append((role, value))
        return out

    def _listed(self, line: str, block: Block, *, near: bool) -> _Record | None:
        """Read `1.某某SDK：设备信息、位置权限`, a list item without a verb."""
        bare = _NUMBER.sub("", Normal(line).text)
        found = _LIST.match(bare)
        if not found or not ("sdk" in found.group(1) or (near and self._fits(found))):
            return None
        name = found.group(1)
        if self._generic.match(name.removesuffix("sdk") or name) or self._not_name.search(name):
            return None
        kinds = [k for _, _, k, _ in self._words.terms.find(found.group(2)) if k]
        if not (kinds or "权限" in found.group(2)) or "。" in found.group(2).rstrip("。"):
            return None
        original = _NUMBER.sub("", line)
        cut = min((original.find(c) for c in "：:" if c in original), default=-1)
        record = _Record(
            fields={"name": original[:cut].strip(), "data": original[cut + 1 :].strip()},
            item=True,
        )
        record.touch(block.start, block.end)
        return record

    def _fits(self, found: re.Match[str]) -> bool:
        """Tell whether an item beside listed third parties is one too: parts, no verbs."""
        parts = re.split(r"[、，/]", found.group(2))
        told = sum("权限" in part or bool(self._words.terms.find(part)) for part in parts)
        return bool(self._listed_name.search(found.group(1))) and told * 2 > len(parts)

    # rows --------------------------------------------------------------------

    def _usable(self, record: _Record, *, listed: bool = False) -> bool:
        """Tell whether a record names a third party and says something about it."""
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
        third = third or self.resolver.find(name, "") != ""
        return third and len(told) >= _TOLD and bool(told & {"data", "purpose"})

    def _is_data(self, text: str) -> bool:
        plain = Normal(text).text.strip()
        named = self._words.terms.find(plain) or "信息" in plain or "权限" in plain
        known = bool(named) or bool(self._none.match(plain)) or len(plain) < _SHORT
        return known and not plain.startswith("指")

    def _is_name(self, line: str) -> bool:
        body = _NUMBER.sub("", line).strip()
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


def _value(cell: Cell, text: str) -> str:
    raw = text[cell.start : min(cell.end, cell.start + _MAX_CELL)]
    if "<" in raw:
        raw = _TAG.sub(" ", raw)
    return " ".join(raw.replace("**", "").replace("&nbsp;", " ").split())


def _expand(grid: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Repeat cells over their row and column spans."""
    out: list[list[Cell]] = []
    carried: dict[int, tuple[Cell, int]] = {}
    for row in grid:
        line: list[Cell] = []
        cells = list(row)
        while (cells or len(line) in carried) and len(line) < _MAX_COLUMNS:
            column = len(line)
            if column in carried:
                cell, left = carried.pop(column)
                if left > 1:
                    carried[column] = (cell, left - 1)
                line.append(cell)
                continue
            cell = cells.pop(0)
            for _ in range(cell.columns):
                if cell.rows > 1:
                    carried[len(line)] = (cell, cell.rows - 1)
                line.append(cell)
        out.append(line)
    return out

"""Plain text and Markdown: lines to blocks, pipe tables to cells. The text is never changed."""

import re

from scanner.policy.blocks import (
    Block,
    Cell,
    Parsed,
    add_paths,
    bullet,
    looks_like_heading,
    numbering,
)

_HASHES = re.compile(r"(#{1,6})\s*")
_RULE = re.compile(r"[\s|:=_*+-]+\Z")
_BOLD = re.compile(r"(?:\*\*|__)([^*_]{2,40})(?:\*\*|__)[:：]?\Z")
_LINK = re.compile(r"https?://[^\s|)）>\"'，。；]+")
_MIN_PIPES = 2
_BREAK = "  "
"""Two blanks at the end of a line: where html2text ends a row, however often it wrapped it."""
_SHORT_ROW = 60
_LONG_ROW = 4000


def parse_plain(text: str) -> Parsed:
    """Split a text into blocks. `.txt` files often hold Markdown, so both are read alike."""
    parsed = Parsed(text=text)
    table = _Table(text)
    position = 0
    for raw in text.splitlines(keepends=True):
        start, position = position, position + len(raw)
        line = raw.strip()
        if line and table.takes(start, raw, line):
            continue
        if not line or not _RULE.match(line):
            table.close(parsed)
        if line and not _RULE.match(line):
            parsed.blocks.append(_block(start, raw))
    table.close(parsed)
    parsed.blocks.sort(key=lambda block: block.start)
    add_paths(parsed.blocks, text)
    parsed.title = _title(parsed)
    return parsed


def _block(offset: int, raw: str) -> Block:
    left = len(raw) - len(raw.lstrip())
    line = raw.strip()
    start, end = offset + left, offset + left + len(line)
    hashes = _HASHES.match(line)
    if hashes and hashes.end() < len(line):
        return Block(start + hashes.end(), end, "heading", len(hashes.group(1)))
    bold = _BOLD.match(line)
    if bold or looks_like_heading(line):
        level, _ = numbering(line.strip("*_ 【["))
        return Block(start, end, "heading", (level or 6) + 1)
    mark = bullet(line)
    level, size = numbering(line[mark:])
    if mark or size:
        return Block(start, end, "item", level)
    return Block(start, end, "paragraph")


def _cells(text: str, start: int, end: int) -> list[Cell]:
    """Cut a pipe row into cells, with the outer pipes dropped."""
    line = text[start:end].rstrip()
    inner = line.strip()
    first = start + len(line) - len(line.lstrip())
    if inner.startswith("|"):
        inner, first = inner[1:], first + 1
    inner = inner.removesuffix("|")
    cells: list[Cell] = []
    for part in inner.split("|"):
        left = len(part) - len(part.lstrip())
        body = part.strip()
        link = _LINK.search(body)
        cells.append(
            Cell(first + left, first + left + len(body), link=link.group() if link else "")
        )
        first += len(part) + 1
    return cells


class _Table:
    """The rows of one pipe table. Where html2text wrapped them, a row ends at two blanks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rows: list[list[Cell]] = []
        self.wrapped = False
        self.begun = -1
        self.end = 0
        self.header = ""

    def takes(self, start: int, raw: str, line: str) -> bool:
        """Take a line as (a part of) a row, or tell that it is none."""
        if _RULE.match(line):
            if "|" in line and self.rows and not line.startswith("|"):
                self.wrapped = self.header.endswith(_BREAK)
            return "|" in line
        ends = raw.rstrip("\r\n").endswith(_BREAK)
        if self.wrapped and (self.begun >= 0 or "|" in line or (len(line) <= _SHORT_ROW and ends)):
            self.begun = start if self.begun < 0 else self.begun
            self.end = start + len(raw)
            if ends or self.end - self.begun > _LONG_ROW:
                self._row()
            return True
        if line.count("|") < _MIN_PIPES:
            return False
        self.header = raw.rstrip("\r\n")
        self.rows.append(_cells(self.text, start, start + len(raw)))
        return True

    def _row(self) -> None:
        self.rows.append(_cells(self.text, self.begun, self.end))
        self.begun = -1

    def close(self, parsed: Parsed) -> None:
        """Hand the table over; what follows begins anew."""
        if self.begun >= 0:
            self._row()
        if self.rows:
            number = len(parsed.tables)
            parsed.tables.append(self.rows)
            parsed.blocks.extend(
                Block(cell.start, cell.end, "cell", table=number, row=r, column=c)
                for r, row in enumerate(self.rows)
                for c, cell in enumerate(row)
                if cell.end > cell.start
            )
        self.rows, self.wrapped, self.header = [], False, ""


def _title(parsed: Parsed) -> str:
    for block in parsed.blocks[:5]:
        body = parsed.text[block.start : block.end].strip('*_#"“”《》 ')
        if body and not body.startswith("Apkid:"):
            return body[:80]
    return ""

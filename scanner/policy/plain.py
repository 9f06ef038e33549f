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


def parse_plain(text: str) -> Parsed:
    """Split a text into blocks. `.txt` files often hold Markdown, so both are read alike."""
    parsed = Parsed(text=text)
    rows: list[list[Cell]] = []
    position = 0
    for raw in text.splitlines(keepends=True):
        start, position = position, position + len(raw)
        line = raw.strip()
        if not line or (_RULE.match(line) and "|" not in line):
            if not line:
                _close(parsed, rows)
            continue
        if line.count("|") >= _MIN_PIPES:
            if not _RULE.match(line):
                rows.append(_cells(text, start, start + len(raw)))
            continue
        _close(parsed, rows)
        parsed.blocks.append(_block(start, raw))
    _close(parsed, rows)
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


def _close(parsed: Parsed, rows: list[list[Cell]]) -> None:
    if not rows:
        return
    number = len(parsed.tables)
    parsed.tables.append(list(rows))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell.end > cell.start:
                parsed.blocks.append(
                    Block(cell.start, cell.end, "cell", table=number, row=r, column=c)
                )
    rows.clear()


def _title(parsed: Parsed) -> str:
    for block in parsed.blocks[:5]:
        body = parsed.text[block.start : block.end].strip('*_#"“”《》 ')
        if body and not body.startswith("Apkid:"):
            return body[:80]
    return ""

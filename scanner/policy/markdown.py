"""Markdown that holds HTML tables: cells are cut out at their place in the unchanged text."""

import re

from scanner.policy.blocks import Block, Cell, Parsed, add_paths
from scanner.policy.plain import parse_plain

_TABLE = re.compile(r"<(/?)table\b[^>]{0,500}>", re.IGNORECASE)
_PART = re.compile(r"<(/?)(tr|td|th)\b([^>]{0,1000})>", re.IGNORECASE)
_SPAN = re.compile(r"(row|col)span\s*=\s*[\"']?\s*(\d{1,3})", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?(https?://[^\"'\s>]{1,2000})", re.IGNORECASE)
_TAG = re.compile(r"<[^>\n]{1,500}>")
_MAX_SPAN = 64


def parse_markdown(text: str) -> Parsed:
    """Read Markdown; HTML tables become tables, other tags are blanked out for the blocks."""
    if "<" not in text:
        return parse_plain(text)
    regions = _regions(text)
    blanked = list(_TAG.sub(lambda m: " " * len(m.group()), text))
    for start, end in regions:
        for place in range(start, end):
            if blanked[place] != "\n":
                blanked[place] = " "
    parsed = parse_plain("".join(blanked))
    parsed.text = text
    for start, end in regions:
        rows = _rows(text, start, end)
        if rows:
            _add(parsed, rows)
    parsed.blocks.sort(key=lambda block: (block.start, block.end))
    add_paths(parsed.blocks, text)
    return parsed


def _regions(text: str) -> list[tuple[int, int]]:
    """Return the spans of outermost tables; an unclosed one ends with the text."""
    out: list[tuple[int, int]] = []
    depth, start = 0, 0
    for found in _TABLE.finditer(text):
        if found.group(1):
            depth = max(0, depth - 1)
            if not depth and start >= 0:
                out.append((start, found.end()))
                start = -1
        else:
            if not depth:
                start = found.start()
            depth += 1
    if depth and start >= 0:
        out.append((start, len(text)))
    return out


def _rows(text: str, start: int, end: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    cell: Cell | None = None
    for found in _PART.finditer(text, start, end):
        closing, tag, extra = found.group(1), found.group(2).lower(), found.group(3)
        if cell is not None:
            _trim(cell, text, found.start())
            cell = None
        if closing:
            continue
        if tag == "tr":
            rows.append([])
            continue
        spans = {kind.lower(): min(_MAX_SPAN, max(1, int(n))) for kind, n in _SPAN.findall(extra)}
        cell = Cell(found.end(), found.end(), rows=spans.get("row", 1), columns=spans.get("col", 1))
        if not rows:
            rows.append([])
        rows[-1].append(cell)
    if cell is not None:
        _trim(cell, text, end)
    return [row for row in rows if row]


def _trim(cell: Cell, text: str, end: int) -> None:
    raw = text[cell.start : end]
    cell.start += len(raw) - len(raw.lstrip())
    cell.end = max(cell.start, end - (len(raw) - len(raw.rstrip())))
    link = _HREF.search(raw)
    cell.link = link.group(1) if link else ""


def _add(parsed: Parsed, rows: list[list[Cell]]) -> None:
    number = len(parsed.tables)
    parsed.tables.append(rows)
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell.end > cell.start:
                parsed.blocks.append(
                    Block(cell.start, cell.end, "cell", table=number, row=r, column=c)
                )

"""The shape of a document: blocks with their place, and tables with their cells."""

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "cell"]

_HAN = "一二三四五六七八九十百零〇"
_NUMBERS = (
    (1, rf"第[{_HAN}\d]{{1,4}}[章节部分条篇]"),
    (2, rf"[{_HAN}]{{1,3}}[、.．,，:：]"),
    (2, r"(?:[IVX]{1,4}|[A-Z])[.．、]\s"),
    (3, rf"[（(][{_HAN}]{{1,3}}[)）]"),
    (4, r"\d{1,2}(?:[.．]\d{1,2}){1,3}[、.．\s]?(?!\d)"),
    (4, r"\d{1,2}\\?[、.．](?!\d)|\d{1,2}\s"),
    (5, r"[（(]?\d{1,2}[)）]"),
    (6, r"[①-⑳]|[a-zA-Z][)）、.]"),
)
_NUMBER = re.compile("|".join(f"({pattern})" for _, pattern in _NUMBERS))
_BULLET = re.compile(r"[-*+•·●▪◆■○►◇★※–—]\s*(?=\S)")
_END = "。；;！!？?，,、…"
_LONG_HEADING = 40
_DECIMAL = 4
"""The level of `1.` and `1.2`: dots make it deeper."""
_DEEPEST = 5


@dataclass(slots=True)
class Block:
    """A line of meaning. Offsets are characters of the text as read.

    `level` orders headings and numbered items (1 = widest, 0 = none); `path` holds the headings
    above; `row` and `column` are set for table cells.
    """

    start: int
    end: int
    kind: Kind
    level: int = 0
    path: tuple[str, ...] = ()
    table: int = -1
    row: int = -1
    column: int = -1


@dataclass(slots=True)
class Cell:
    """One table cell: its place in the text, its span, and the first link inside."""

    start: int
    end: int
    rows: int = 1
    columns: int = 1
    link: str = ""
    header: bool = False


@dataclass(slots=True)
class Parsed:
    """A document as text, blocks in reading order, and tables as rows of cells."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    tables: list[list[list[Cell]]] = field(default_factory=list)
    title: str = ""
    encoding: str = ""


def numbering(line: str) -> tuple[int, int]:
    """Return the level and the length of a leading number such as `（一）` or `3.2`, or 0, 0."""
    found = _NUMBER.match(line)
    if not found:
        return 0, 0
    level = _NUMBERS[(found.lastindex or 1) - 1][0]
    deeper = found.group().rstrip(".．、 ").count(".") if level == _DECIMAL else 0
    return level + deeper, found.end()


def bullet(line: str) -> int:
    """Return the length of a leading bullet mark, or 0."""
    found = _BULLET.match(line)
    return found.end() if found else 0


def looks_like_heading(line: str) -> bool:
    """Tell whether a line without mark-up is a heading: short, numbered or bare, no full stop."""
    body = line.strip("*_#【】[] \t　")
    if not body or len(body) > _LONG_HEADING or body[-1] in _END:
        return False
    level, size = numbering(body)
    rest = body[size:].strip()
    if not rest or any(mark in rest for mark in "。；;"):
        return False
    if level:
        return level <= _DEEPEST and not rest.endswith((":", "：")) and "，" not in rest
    return False


def add_paths(blocks: list[Block], text: str) -> None:
    """Fill in `path`: a heading closes all headings of its own level and below."""
    stack: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind == "heading":
            level = block.level or 9
            while stack and stack[-1][0] >= level:
                stack.pop()
            block.path = tuple(title for _, title in stack)
            stack.append((level, text[block.start : block.end].strip()[:80]))
        else:
            block.path = tuple(title for _, title in stack)

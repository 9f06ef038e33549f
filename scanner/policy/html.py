"""HTML to text with blocks and tables. Nothing is fetched, run or resolved."""

import re
from dataclasses import dataclass, field
from typing import Any

from scanner.model.errors import InputError
from scanner.policy.blocks import (
    Block,
    Cell,
    Kind,
    Parsed,
    add_paths,
    bullet,
    looks_like_heading,
    numbering,
)

_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "iframe",
        "object",
        "select",
        "button",
    ]
)
_BREAK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "ul",
        "caption",
    ]
)
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0\u3000]+")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MAX_SPAN = 64
_LONG_HEADING = 40
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MAX_CELLS = 200_000


def declared_charset(raw: bytes) -> str:
    """Return the charset a page names in its first 4 KiB, or an empty string."""
    found = _CHARSET.search(raw[:4096])
    return found.group(1).decode("ascii", "replace").lower() if found else ""


def parse_html(source: str, name: str) -> Parsed:
    """Read a page. Raises `InputError` when there is no element in it."""
    from lxml import etree  # noqa: PLC0415 - heavy, and only pages need it

    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"{name}: not a readable HTML page") from error
    if root is None:
        raise InputError(f"{name}: the HTML page is empty")
    page = _Page()
    page.walk(root, etree.iterwalk(root, events=("start", "end", "comment", "pi")))
    parsed = page.finish()
    title = root.find(".//title")
    if title is not None and title.text and title.text.strip():
        parsed.title = _SPACE.sub(" ", title.text).strip()[:80]
    return parsed


@dataclass(slots=True)
class _Table:
    rows: list[list[Cell]] = field(default_factory=list)
    cell: Cell | None = None
    nested: bool = False


@dataclass(slots=True)
class _Page:
    """Writes the text while walking; every block and cell gets its offsets at that moment."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    line_start: int = 0
    bold: int = 0
    plain_text: bool = False
    space: bool = False
    kinds: list[Kind] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    grids: list[list[list[Cell]]] = field(default_factory=list)
    cells: int = 0

    def walk(self, root: Any, events: Any) -> None:
        skipped: Any = None
        for event, node in events:
            if event == "start":
                if skipped is None and _hidden(node):
                    skipped = node
                if skipped is None:
                    self.enter(node)
                continue
            if skipped is node:
                skipped = None
            elif skipped is None and event == "end":
                self.close(node.tag)
            if skipped is None and node.tail and node is not root:
                self.write(node.tail)

    def enter(self, node: Any) -> None:
        self.open(node.tag, node)
        if node.text:
            self.write(node.text)

    def write(self, text: str) -> None:
        body = _SPACE.sub(" ", text)
        if body == " ":
            self.space = True
            return
        if body.startswith(" "):
            self.space, body = True, body[1:]
        if self.space and self.size > self.line_start:
            self.put(" ")
        self.space = body.endswith(" ")
        self.put(body.rstrip(" "))
        if not self.bold:
            self.plain_text = True

    def put(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)

    def open(self, tag: str, node: Any) -> None:
        if tag in _BREAK:
            self.flush()
        if tag in {"b", "strong"}:
            self.bold += 1
        elif tag in _HEADINGS:
            self.kinds.append("heading")
            self.levels.append(int(tag[1]))
        elif tag == "li":
            self.kinds.append("item")
            self.levels.append(0)
        elif tag == "table":
            self.tables.append(_Table())
        elif self.tables:
            self.open_inside(tag, node)

    def open_inside(self, tag: str, node: Any) -> None:
        """Open a part of a table, or keep the link of a cell."""
        table = self.tables[-1]
        if tag == "tr":
            table.rows.append([])
        elif tag in {"td", "th"}:
            self.open_cell(tag, node)
        elif tag == "a" and table.cell is not None and not table.cell.link:
            link = (node.get("href") or "").strip()
            if link.startswith(("http://", "https://")):
                table.cell.link = link[:2000]

    def open_cell(self, tag: str, node: Any) -> None:
        table = self.tables[-1]
        if not table.rows:
            table.rows.append([])
        self.cells += 1
        table.cell = Cell(
            self.size,
            self.size,
            rows=_span(node.get("rowspan")),
            columns=_span(node.get("colspan")),
            header=tag == "th",
        )
        if self.cells <= _MAX_CELLS:
            table.rows[-1].append(table.cell)

    def close(self, tag: str) -> None:
        if tag in {"td", "th"} and self.tables and self.tables[-1].cell is not None:
            self.close_cell(self.tables[-1])
        if tag in _BREAK:
            self.flush()
        if tag in {"b", "strong"}:
            self.bold = max(0, self.bold - 1)
        if self.kinds and (tag in _HEADINGS or tag == "li"):
            self.kinds.pop()
            self.levels.pop()
        elif tag == "table" and self.tables:
            self.close_table(self.tables.pop())

    def close_cell(self, table: _Table) -> None:
        self.flush()
        cell = table.cell
        if cell is None:
            return
        cell.end = max(cell.start, self.size - 1)
        table.cell = None

    def close_table(self, table: _Table) -> None:
        number = len(self.grids)
        rows = [row for row in table.rows if row]
        if not rows:
            return
        self.grids.append(rows)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell.end > cell.start:
                    self.blocks.append(
                        Block(cell.start, cell.end, "cell", table=number, row=r, column=c)
                    )

    def flush(self) -> None:
        """End the line: what was written since the last flush becomes a block."""
        self.space = False
        if self.size == self.line_start:
            return
        start, end = self.line_start, self.size
        only_bold, self.plain_text = not self.plain_text, False
        self.put("\n")
        self.line_start = self.size
        if self.tables and self.tables[-1].cell is not None:
            return
        kind: Kind = self.kinds[-1] if self.kinds else "paragraph"
        level = self.levels[-1] if self.levels else 0
        self.blocks.append(Block(start, end, kind, level if not only_bold else level or -1))

    def finish(self) -> Parsed:
        self.flush()
        text = "".join(self.parts)
        for block in self.blocks:
            _shape(block, text)
        self.blocks.sort(key=lambda block: (block.start, block.end))
        add_paths(self.blocks, text)
        first = next((b for b in self.blocks if b.kind != "cell"), None)
        title = text[first.start : first.end].strip()[:80] if first else ""
        return Parsed(text=text, blocks=self.blocks, tables=self.grids, title=title)


def _shape(block: Block, text: str) -> None:
    """Find headings and items that the mark-up does not name (bold or numbered lines)."""
    bold = block.level == -1
    if bold:
        block.level = 0
    if block.kind != "paragraph":
        return
    line = text[block.start : block.end]
    level, size = numbering(line)
    if looks_like_heading(line) or (
        bold and len(line) <= _LONG_HEADING and line[-1] not in "。；;，,"
    ):
        block.kind, block.level = "heading", (level or 6) + 1
    elif size or bullet(line):
        block.kind, block.level = "item", level


def _hidden(node: Any) -> bool:
    return node.tag in _SKIP or bool(_HIDDEN.search(node.get("style") or ""))


def _span(value: str | None) -> int:
    digits = re.sub(r"\D", "", value or "")[:3]
    return max(1, min(_MAX_SPAN, int(digits or 1)))

"""PDF and DOCX to text with blocks."""

import io
import re
import zipfile
from typing import Any

from scanner.model.errors import InputError
from scanner.policy.blocks import Block, Cell, Parsed, add_paths, bullet, looks_like_heading
from scanner.policy.blocks import numbering as number_of
from scanner.policy.plain import parse_plain

_MAX_PAGES = 400
_MAX_UNPACKED = 200 * 1024 * 1024
_MAX_RATIO = 200
_ENDED = re.compile(r"[。；;：:！!？?”」）)】]\Z")
_MAX_CHARS = 5_000_000


def parse_pdf(raw: bytes, name: str) -> tuple[Parsed, int]:
    """Read the text layer; return it with the number of pages that could not be read.

    Lines that were only broken by the page width are joined again. Raises `InputError` for a
    file that is no PDF, is encrypted, or holds no text (a scan).
    """
    import pypdf  # noqa: PLC0415 - heavy, and only PDF files need it
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise InputError(f"{name}: not a readable PDF ({type(error).__name__})") from error
    if locked:
        raise InputError(f"{name}: the PDF is encrypted", "Save it without a password.")
    lines: list[str] = []
    failed = max(0, count - _MAX_PAGES)
    size = 0
    for number in range(min(count, _MAX_PAGES)):
        text = _page_text(reader, number)
        if text is None:
            failed += 1
            continue
        size += len(text)
        if size > _MAX_CHARS:
            failed += min(count, _MAX_PAGES) - number
            break
        lines += [line.strip() for line in text.splitlines()]
    joined = _join(lines)
    if not joined.strip():
        raise InputError(f"{name}: the PDF has no text layer", "Use a PDF with text, not a scan.")
    return parse_plain(joined), failed


def _page_text(reader: Any, number: int) -> str | None:
    try:
        return str(reader.pages[number].extract_text())
    except Exception:  # noqa: BLE001 - pypdf raises anything on a hostile page; others stay
        return None


def _join(lines: list[str]) -> str:
    """Undo line breaks inside sentences: a full-width line that does not end continues."""
    width = max((len(line) for line in lines), default=0)
    out: list[str] = []
    open_line = False
    for line in lines:
        if not line or line.isdigit():
            continue
        fresh = looks_like_heading(line) or number_of(line)[1] > 0 or bullet(line) > 0
        if open_line and not fresh:
            gap = " " if out[-1][-1:].isascii() and line[:1].isascii() else ""
            out[-1] += gap + line
        else:
            out.append(line)
        open_line = len(line) >= width * 0.7 and not _ENDED.search(line)
    return "\n".join(out)


def parse_docx(raw: bytes, name: str) -> Parsed:
    """Read paragraphs, headings, lists and tables in document order.

    Raises `InputError` for a file that is no DOCX or that unpacks to more than 200 MB.
    """
    import docx  # noqa: PLC0415 - heavy, and only DOCX files need it

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
        bomb = unpacked > min(_MAX_UNPACKED, max(10_000_000, len(raw) * _MAX_RATIO))
        parsed = None if bomb else _Docx(docx.Document(io.BytesIO(raw))).parsed
    except Exception as error:  # python-docx raises KeyError, ValueError, lxml errors ...
        raise InputError(f"{name}: not a readable DOCX ({type(error).__name__})") from error
    if parsed is None:
        raise InputError(f"{name}: the DOCX unpacks to {unpacked} bytes, which is refused")
    return parsed


class _Docx:
    """Writes paragraphs and tables one after another and keeps their offsets."""

    def __init__(self, document: Any) -> None:
        from docx.table import Table  # noqa: PLC0415

        self.parts: list[str] = []
        self.size = 0
        self.parsed = Parsed(text="")
        for piece in document.iter_inner_content():
            if isinstance(piece, Table):
                self.table(piece)
            else:
                self.paragraph(piece)
        self.parsed.text = "".join(self.parts)
        add_paths(self.parsed.blocks, self.parsed.text)
        blocks = self.parsed.blocks
        if blocks:
            self.parsed.title = self.parsed.text[blocks[0].start : blocks[0].end][:80]

    def put(self, text: str) -> tuple[int, int]:
        start = self.size
        self.parts.append(text + "\n")
        self.size += len(text) + 1
        return start, start + len(text)

    def paragraph(self, paragraph: Any) -> None:
        text = paragraph.text.strip()
        if not text:
            return
        start, end = self.put(text)
        style = str(getattr(paragraph.style, "name", "") or "")
        heading = re.match(r"(?:Heading|标题)\s*(\d)", style)
        level, size = number_of(text)
        if heading:
            self.parsed.blocks.append(Block(start, end, "heading", int(heading.group(1))))
        elif looks_like_heading(text):
            self.parsed.blocks.append(Block(start, end, "heading", (level or 6) + 1))
        elif size or bullet(text) or style.startswith("List"):
            self.parsed.blocks.append(Block(start, end, "item", level))
        else:
            self.parsed.blocks.append(Block(start, end, "paragraph"))

    def table(self, table: Any) -> None:
        number = len(self.parsed.tables)
        rows: list[list[Cell]] = []
        for r, row in enumerate(table.rows):
            cells: list[Cell] = []
            for c, cell in enumerate(row.cells):
                start, end = self.put(cell.text.strip().replace("\n", " "))
                cells.append(Cell(start, end))
                if end > start:
                    self.parsed.blocks.append(
                        Block(start, end, "cell", table=number, row=r, column=c)
                    )
            rows.append(cells)
        self.parsed.tables.append(rows)

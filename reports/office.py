"""Plain documents as office files: DOCX and XLSX with the same bytes for the same content."""

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from reports.archive import settled
from reports.clean import clean
from reports.pages import Page, Table
from reports.xlsx_report import on_paper

FONT, FONT_ZH, HEAD_ZH = "Times New Roman", "仿宋", "黑体"
WIDE = 5
"""Columns from which a table is printed on a sheet that lies on its side."""
SHORT = 400
"""Characters below which a row of a table is kept on one page."""
LONGEST_CELL = 4000
MAX_WIDTH = 60
LINE, MAX_HEIGHT = 15, 400
"""Height of a line and of the highest row, in points."""
WRAPPED = Alignment(wrap_text=True, vertical="top")
THIN = Side(style="thin", color="808080")
BOXED = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def paper(*, landscape: bool = False) -> Any:
    """Return an empty A4 document with the fonts of official papers."""
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2.2)
    for name, size, chinese in (
        ("Normal", 11, FONT_ZH),
        ("Heading 1", 17, HEAD_ZH),
        ("Heading 2", 12, HEAD_ZH),
    ):
        style = made.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win over ours
        fonts.set(qn("w:eastAsia"), chinese)
    made.styles["Heading 1"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return made


def add_table(
    made: Any, head: tuple[str, ...], rows: list[list[str]], widths: tuple[float, ...] = ()
) -> None:
    """Append a table whose head is repeated on every page and whose short rows stay whole.

    `widths` are the shares of the columns, by default by the length of what stands in them.
    """
    table = made.add_table(rows=1, cols=len(head))
    table.style, table.autofit = "Table Grid", False
    section = made.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    shares = widths or _shares(head, rows)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(clean(text)).bold = True
    _mark(table.rows[0], "w:tblHeader")
    for row in rows:
        line = table.add_row()
        if max(map(len, row)) < SHORT:
            _mark(line, "w:cantSplit")
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = clean(text, LONGEST_CELL)
    for column, share in zip(table.columns, shares, strict=True):
        _set_width(column, int(room * share / sum(shares)))


def _set_width(column: Any, width: int) -> None:
    """Give a column its width and its text the size of a table's."""
    column.width = width  # word processors differ in which of the two they obey
    for cell in column.cells:
        cell.width = width
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Pt(0)
            for run in paragraph.runs:
                run.font.size = Pt(9.5)


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - python-docx offers no call for it


def _shares(head: tuple[str, ...], rows: list[list[str]]) -> tuple[float, ...]:
    """Return shares by the longest text of each column, within bounds that keep all legible."""
    longest = [max((_width(row[n]) for row in rows), default=0) for n in range(len(head))]
    return tuple(
        min(40, max(5, _width(name) + 2, size)) for name, size in zip(head, longest, strict=True)
    )


def _width(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text[:80])


def to_docx(page: Page) -> bytes:
    """Return the document as DOCX."""
    made = paper(landscape=any(len(table.head) >= WIDE for table in page.tables))
    made.add_heading(clean(page.title), level=1)
    for note in page.notes:
        made.add_paragraph(clean(note))
    for table in page.tables:
        made.add_heading(clean(table.title), level=2)
        if table.note:
            made.add_paragraph(clean(table.note))
        if table.head:
            add_table(made, table.head, [list(row) for row in table.rows])
        else:
            for row in table.rows:
                made.add_paragraph(clean(" ".join(row)))
    target = io.BytesIO()
    made.save(target)
    return settled(target.getvalue())


def to_xlsx(page: Page) -> bytes:
    """Return the document as one sheet; every value is text, a formula of an app's is none."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet: Any = book.create_sheet(
        "".join(" " if char in "[]:*?/\\" else char for char in clean(page.title))[:31]
    )
    on_paper(sheet)
    number = 1
    columns = max((len(table.head) for table in page.tables), default=1) or 1
    widths = _column_widths(page, columns)
    for text, font in ((page.title, Font(bold=True, size=14)), *((n, Font()) for n in page.notes)):
        _heading(sheet, number, columns, text, font)
        number += 1
    for table in page.tables:
        number = _fill(sheet, number, columns, table)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width + 2
    target = io.BytesIO()
    book.save(target)
    return settled(target.getvalue())


def _column_widths(page: Page, columns: int) -> list[int]:
    widths = [8] * columns
    for table in page.tables:
        for row in (table.head, *table.rows) if table.head else ():
            for n, value in enumerate(row):
                widths[n] = max(widths[n], min(MAX_WIDTH, _width(value)))
    return widths


def _fill(sheet: Any, number: int, columns: int, table: Table) -> int:
    """Write a table from row `number` on and return the first row after it."""
    title = " ".join(filter(None, (table.title, table.note)))
    _heading(sheet, number, columns, title, Font(bold=True))
    for row in (table.head, *table.rows) if table.head else table.rows:
        number += 1
        if not table.head:
            _heading(sheet, number, columns, " ".join(row), Font())
            continue
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = clean(value, LONGEST_CELL)
            cell.data_type = "s"  # a name such as =HYPERLINK(...) must stay text
            cell.alignment, cell.border = WRAPPED, BOXED
            if row is table.head:
                cell.font = Font(bold=True)
        lines = max(1 + _whole_width(value) // MAX_WIDTH for value in row)
        sheet.row_dimensions[number].height = min(MAX_HEIGHT, LINE * lines + 3)
    return number + 2


def _heading(sheet: Any, number: int, columns: int, text: str, font: Font) -> None:
    """Write a line over the whole width, as high as its text needs."""
    cell = sheet.cell(number, 1)
    cell.value, cell.data_type, cell.font = clean(text, LONGEST_CELL), "s", font
    cell.alignment = WRAPPED
    if columns > 1:
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=columns)
    size = font.size or 11
    lines = 1 + _whole_width(text) // (MAX_WIDTH * 2)
    sheet.row_dimensions[number].height = min(MAX_HEIGHT, (size + 5) * lines)


def _whole_width(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text[:LONGEST_CELL])

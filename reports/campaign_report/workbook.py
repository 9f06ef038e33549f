"""The workbook of a campaign, written row by row: a hundred thousand apps need no more memory
than one.
"""

from collections.abc import Iterable, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX

from reports.clean import clean

Row = Sequence[object]
Sheet = tuple[str, Sequence[str], Iterable[Row]]
LONGEST_CELL = 4000
MOST_ROWS = 1_048_574
"""So many rows fit below the head, with one left to say that there are more."""
WIDTH = 22
ACTIVE = frozenset("=#0123456789+-")
"""What may start a formula, an error value or something else than text."""


def write(target: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook with one sheet per (title, head, rows).

    Every value is a number or text: what looks like a formula is text. When a sheet cannot hold
    all rows its last row is an ellipsis.
    """
    book = Workbook(write_only=True)
    for title, head, rows in sheets:
        sheet = book.create_sheet(INVALID_TITLE_REGEX.sub(" ", title)[:31])
        sheet.freeze_panes = "A2"
        for column in range(1, len(head) + 1):
            sheet.column_dimensions[get_column_letter(column)].width = WIDTH
        sheet.append([_cell(sheet, name, bold=True) for name in head])
        for number, row in enumerate(rows):
            if number == MOST_ROWS:
                sheet.append(["…"])
                break
            sheet.append([_cell(sheet, value) for value in row])
    book.save(target)


def _cell(sheet: Any, value: object, *, bold: bool = False) -> object:
    if isinstance(value, int | float):
        return value
    text = clean(str(value), LONGEST_CELL)
    if not bold and text[:1] not in ACTIVE:
        return text  # a cell of its own costs more than the value
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # a name such as =HYPERLINK(...) must stay text
    if bold:
        cell.font = Font(bold=True)
    return cell

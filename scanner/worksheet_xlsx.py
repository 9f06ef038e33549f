"""The worksheet as an XLSX workbook: one row a question, the answer's columns at the end."""

import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from scanner.model.base import Text
from scanner.model.errors import InputError
from scanner.worksheet import ANSWERS, WORDS, Item, Reply, Worksheet

MAX_UNPACKED = 64 << 20
MAX_ROWS = 5000
_LONGEST = 4000
_QUESTIONS, _ABOUT = "worksheet", "about"
_ASKED = ("regulation", "clause", "title", "coverage", "machine", "do", "found")
_ANSWERED = ("outcome", "who", "when", "note", "screenshot")
_COLUMNS = (*_ASKED, *_ANSWERED)
_HEAD = {
    "regulation": Text(zh="规则", en="rule"),
    "clause": Text(zh="条款", en="clause"),
    "title": Text(zh="内容", en="what it asks"),
    "coverage": Text(zh="检查方式", en="coverage"),
    "machine": Text(zh="机器结论", en="machine"),
    "do": Text(zh="检测方法", en="what to do"),
    "found": Text(zh="已有发现", en="found so far"),
    "outcome": Text(zh="判断", en="outcome"),
    "who": Text(zh="检测人员", en="who"),
    "when": Text(zh="日期（YYYY-MM-DD）", en="when (YYYY-MM-DD)"),
    "note": Text(zh="说明（符合、不适用时必填）", en="note (needed for pass, not applicable)"),
    "screenshot": Text(zh="截图文件名", en="screenshot file"),
}
_WIDTHS = (12, 8, 36, 10, 14, 48, 48, 12, 12, 14, 36, 20)


def dump(sheet: Worksheet, lang: str = "zh") -> bytes:
    """Return the workbook. Every cell is text: nothing that an app says becomes a formula."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = _QUESTIONS
    _write(page, 1, [_say(_HEAD[name], lang) for name in _COLUMNS])
    for number, item in enumerate(sheet.items, 2):
        _write(page, number, _cells(item, lang))
    _dress(page, len(sheet.items) + 1, lang)
    about = book.create_sheet(_ABOUT)
    for number, name in enumerate(("schema", "package", "version", "sha256"), 1):
        _write(about, number, [name, getattr(sheet, name)])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _say(text: Text, lang: str) -> str:
    return text.zh if lang == "zh" else text.en


def _cells(item: Item, lang: str) -> list[str]:
    answer = msgspec.structs.asdict(item.answer)
    said = next((_say(w, lang) for o, w in WORDS.items() if o.value == item.answer.outcome), "")
    asked = [getattr(item, name) for name in _ASKED[:-1]]
    return [*asked, "\n".join(item.found), said, *(answer[name] for name in _ANSWERED[1:])]


def _write(page: Any, row: int, values: Sequence[str]) -> None:
    for column, value in enumerate(values, 1):
        cell = page.cell(row, column)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value[:_LONGEST])
        cell.data_type = "s"


def _dress(page: Any, last: int, lang: str) -> None:
    """Give the page widths, wrapped text, a fixed head, and the list of outcomes to choose from."""
    wrapped, open_ = Alignment(wrap_text=True, vertical="top"), PatternFill("solid", "FFF8E1")
    for row in page.iter_rows(max_row=last):
        for cell in row:
            cell.alignment = wrapped
            if cell.column > len(_ASKED) and cell.row > 1:
                cell.fill = open_
    for cell in page[1]:
        cell.font = Font(bold=True)
    for number, width in enumerate(_WIDTHS, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    words = ",".join(_say(word, lang) for word in WORDS.values())
    choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    column = get_column_letter(_COLUMNS.index("outcome") + 1)
    choice.add(f"{column}2:{column}{max(last, 2)}")
    page.add_data_validation(choice)
    page.freeze_panes = "D2"


# back -----------------------------------------------------------------------------------------


def read(path: Path) -> Worksheet:
    """Return the worksheet of a workbook. Formulas are not computed: their last value counts.

    Raises `InputError` that names the file and what is wrong with it.
    """
    try:
        _look_inside(path)
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            about = dict(_pairs(book[_ABOUT]))
            items = tuple(_items(book[_QUESTIONS], path.name))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError,
            SyntaxError, AttributeError, IndexError) as error:  # fmt: skip
        raise InputError(f"{path.name}: this is not a worksheet workbook") from error
    try:
        return Worksheet(
            **{n: about[n] for n in ("schema", "package", "version", "sha256")}, items=items
        )
    except KeyError as error:
        raise InputError(f"{path.name}: the sheet `{_ABOUT}` lacks {error}") from error


def _look_inside(path: Path) -> None:
    """Refuse what unpacks too far, and XML that declares entities."""
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise InputError(f"{path.name}: unpacks to more than {MAX_UNPACKED >> 20} MB")
        for entry in archive.infolist():
            with archive.open(entry) as part:
                if b"<!DOCTYPE" in part.read(MAX_UNPACKED):
                    raise InputError(f"{path.name}: {entry.filename} declares a document type")


def _pairs(page: Any) -> Iterator[tuple[str, str]]:
    for row in page.iter_rows(max_row=20, max_col=2, values_only=True):
        yield str(row[0]), _text(row[1])


def _items(page: Any, name: str) -> Iterator[Item]:
    rows = page.iter_rows(min_row=2, max_row=MAX_ROWS + 2, max_col=len(_COLUMNS), values_only=True)
    for number, row in enumerate(rows, 2):
        if number > MAX_ROWS + 1:
            raise InputError(f"{name}: more than {MAX_ROWS} rows")
        cell = dict(zip(_COLUMNS, map(_text, row), strict=False))
        if not cell["regulation"] and not cell["clause"]:
            continue
        reply = {n: cell[n] for n in _ANSWERED} | {"outcome": _outcome(cell["outcome"])}
        asked = {n: cell[n] for n in _ASKED[:-1]}
        yield Item(
            **asked, found=tuple(filter(None, cell["found"].split("\n"))), answer=Reply(**reply)
        )


def _text(value: object) -> str:
    """Return a cell as text; a spreadsheet turns what looks like a date into one."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "" if value is None else str(value).strip()


def _outcome(text: str) -> str:
    """Return the outcome of a word in either language; another word stays and is refused later."""
    named: Iterable[tuple[str, str]] = (
        (said.casefold(), outcome.value)
        for outcome, word in WORDS.items()
        for said in (word.zh, word.en, outcome.value)
    )
    return text if text in ANSWERS else dict(named).get(text.casefold(), text)

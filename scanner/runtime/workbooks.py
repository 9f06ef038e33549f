"""Excel logs of hook tools: camille and PrivacySentry. Both write BIFF whatever the suffix says."""

import re
from collections.abc import Iterator
from typing import Any

from scanner.model.errors import InputError
from scanner.runtime.raw import Access, Log, frames

_MAX_ROWS = 200_000
_CAMILLE = ("隐私政策状态", "操作行为")
_SENTRY = ("调用时间", "函数名")
_COUNTS = ("调用次数",)
_DIGITS = re.compile(r"\d+")
_MONTHS = 12


def read_workbook(data: bytes, log: Log) -> Iterator[Access]:
    """Yield the accesses of every sheet that is understood. Raises `InputError`."""
    import xlrd  # noqa: PLC0415 - only for these logs

    try:
        book = xlrd.open_workbook(file_contents=data, on_demand=True)
        sheets = [book.sheet_by_index(number) for number in range(book.nsheets)]
    except Exception as error:
        raise InputError(f"not a usable Excel file ({type(error).__name__})") from error
    for sheet in sheets:
        yield from _sheet(sheet, log)


def _sheet(sheet: Any, log: Log) -> Iterator[Access]:
    if sheet.nrows < 1:
        return
    head = [str(value).strip() for value in sheet.row_values(0)]
    if all(name in head for name in _CAMILLE):
        log.format = "camille"
        row_of = _camille
    elif all(name in head for name in _SENTRY):
        log.format = "privacysentry"
        row_of = _sentry
    else:
        if not any(name in head for name in _COUNTS):
            log.lose("unknown-sheet", sheet.name[:30])
        return
    for number in range(1, min(sheet.nrows, _MAX_ROWS)):
        values = [str(value) for value in sheet.row_values(number)]
        cells = dict(zip(head, values, strict=False))
        if any(value.strip() for value in values):
            access = row_of(cells)
            if not access.time:
                log.lose("bad-time")
            yield access


def _camille(cells: dict[str, str]) -> Access:
    return Access(
        words=f"{cells.get('操作行为', '')} {cells.get('行为描述', '')}",
        phase=cells.get("隐私政策状态", "").strip(),
        time=camille_time(cells.get("时间点", "")),
        stack=frames(cells.get("调用堆栈", "").splitlines()),
    )


def camille_time(text: str) -> str:
    """Return a time of camille as ISO 8601: its month comes from a call that counts from zero,
    and nothing is padded.
    """
    parts = [int(part) for part in _DIGITS.findall(text)[:6]]
    if len(parts) < 6 or parts[1] >= _MONTHS:  # noqa: PLR2004 - year to second
        return ""
    year, month, day, hour, minute, second = parts
    return f"{year:04}-{month + 1:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"


def _sentry(cells: dict[str, str]) -> Access:
    return Access(
        api=cells.get("函数名", "").strip(),
        words=f"{cells.get('别名', '')} {cells.get('函数名', '')}",
        time=cells.get("调用时间", "").strip()[:40],
        stack=frames(cells.get("调用堆栈", "").split(" <- ")),
    )

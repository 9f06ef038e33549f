"""An XLSX workbook: findings, clauses, permissions, SDKs, destinations, what was not examined."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from reports.archive import settled
from reports.clean import clean
from reports.words import Words
from scanner.model.result import Result

Row = Sequence[object]
LONGEST_CELL = 4000
MAX_WIDTH = 60
A4 = 9
"""The number of the paper size in a workbook."""
WRAPPED = Alignment(wrap_text=True, vertical="top")


def render(result: Result, lang: str) -> bytes:
    """Return the workbook. Every value is text or number: a value that looks like a formula is
    text.
    """
    words = Words(result, lang)
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, head, rows in (
        ("findings", "severity outcome confidence check finding evidence clauses remediation id",
         _findings(result, words)),
        ("clauses", "rule clause policy.item who outcome basis tester answer",
         _clauses(result, words)),
        ("permissions", "permission name protection declared used_by explained necessary",
         _permissions(result, words)),
        ("sdks", "sdk vendor country version present initialised observed declared markers link",
         _sdks(result, words)),
        ("destinations", "host operator country hosting outside personal_data exchanges cleartext",
         _destinations(result, words)),
        ("not_examined", "part policy.item gap.affects count", _gaps(result, words)),
    ):  # fmt: skip
        _sheet(book, words.t(title), [words.t(name) for name in head.split()], rows)
    target = io.BytesIO()
    book.save(target)
    return settled(target.getvalue())


def _sheet(book: Workbook, title: str, head: list[str], rows: Iterable[Row]) -> None:
    sheet = book.create_sheet(title[:31])
    widths = [len(name) * 2 for name in head]
    for number, row in enumerate([head, *rows], 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            if isinstance(value, int):
                cell.value = value
                continue
            text = clean(str(value), LONGEST_CELL)
            cell.value = text
            cell.data_type = "s"  # a name such as =HYPERLINK(...) must stay text
            if len(text) > MAX_WIDTH or "\n" in text:  # a style costs more than the value
                cell.alignment = WRAPPED
            widths[column - 1] = max(widths[column - 1], min(MAX_WIDTH, _width(text)))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width + 2
    on_paper(sheet)
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def on_paper(sheet: Any) -> None:
    """Have a sheet printed on A4 on its side, all columns on one page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0


def _width(text: str) -> int:
    line = max(text.split("\n"), key=len)
    return sum(1 if char.isascii() else 2 for char in line[:MAX_WIDTH])


def _findings(result: Result, words: Words) -> Iterable[Row]:
    titles = {f"{c.regulation}:{c.clause}": words.say(c.title) for c in result.clauses}
    for f in result.findings:
        evidence = "\n".join(
            f"{words.say(item.title)} {item.uri}{f':{item.line}' if item.line else ''}".strip()
            for item in f.evidence
        )
        clauses = "\n".join(f"{name} {titles.get(name, '')}".strip() for name in f.clauses)
        yield (
            words.t(f"severity.{f.severity}"), words.t(f"outcome.{f.outcome.value}"),
            words.t(f"confidence.{f.confidence}"), words.say(f.title), words.say(f.message),
            evidence, clauses, words.say(f.remediation), f.id,
        )  # fmt: skip


def _clauses(result: Result, words: Words) -> Iterable[Row]:
    rules = {rule.id: words.say(rule.title) for rule in result.regulations}
    for c in result.clauses:
        answer = c.answer
        yield (
            rules.get(c.regulation, c.regulation), c.clause, words.say(c.title),
            words.t(f"coverage.{c.coverage}"), words.t(f"outcome.{c.outcome.value}"),
            words.say(c.reason), words.say(c.tester),
            "" if answer is None else f"{words.t(f'outcome.{answer.outcome.value}')} {answer.who}"
            f" {answer.when} {answer.note}",
        )  # fmt: skip


def _yes(value: bool | None, words: Words) -> str:
    return words.t("not_known" if value is None else "yes" if value else "no")


def _permissions(result: Result, words: Words) -> Iterable[Row]:
    for p in result.permissions:
        necessary = "" if p.necessary is None else words.t(f"necessary.{_key(p.necessary)}")
        yield (
            words.say(p.label), p.name, words.coded("protection", p.protection),
            _yes(p.declared, words), words.t("comma").join(map(words.label, p.used_by)),
            _yes(p.explained, words), necessary,
        )  # fmt: skip


def _key(value: bool) -> str:
    return "yes" if value else "no"


def _sdks(result: Result, words: Words) -> Iterable[Row]:
    for s in result.sdks:
        states = (s.present, s.initialised, s.observed, s.declared)
        yield (
            words.say(s.name), words.say(s.vendor), s.country, s.version,
            *(_yes(state, words) for state in states), "\n".join(s.markers), s.link,
        )  # fmt: skip


def _destinations(result: Result, words: Words) -> Iterable[Row]:
    for d in result.destinations:
        yield (
            d.host, d.company, d.operator_country, d.hosting_country, words.t(f"fact.{d.fact}"),
            words.t("comma").join(map(words.say, d.personal_data)), d.exchanges,
            _yes(d.cleartext, words),
        )  # fmt: skip


def _gaps(result: Result, words: Words) -> Iterable[Row]:
    for gap in result.gaps:
        detail = f"{words.say(gap.detail)} {gap.subject}".strip()
        yield (words.t(f"part.{gap.part}"), detail, ", ".join(gap.blocks), gap.count)

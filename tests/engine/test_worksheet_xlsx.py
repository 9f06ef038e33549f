"""The worksheet as a workbook: what goes out comes back, and a hostile file is a clear error."""

import datetime
import io
import zipfile
from pathlib import Path

import msgspec
import pytest
from openpyxl import Workbook, load_workbook

from scanner.model.errors import InputError
from scanner.worksheet import SCHEMA, Item, Reply, Worksheet
from scanner.worksheet_file import dump, read
from scanner.worksheet_xlsx import MAX_ROWS

HOSTILE = '=HYPERLINK("http://evil.example","x")\x07'
SHEET = Worksheet(
    schema=SCHEMA,
    package="a.b",
    version="1.0",
    sha256="00" * 32,
    items=(
        Item(
            regulation="cn-191",
            clause="3.7",
            title="以欺诈手段骗取同意",
            coverage="manual",
            machine="not_assessed",
            do="核对界面",
            found=(HOSTILE, "第二行"),
        ),
        Item(
            regulation="cn-191",
            clause="3.10",
            title="t",
            coverage="manual",
            machine="review",
            do="d",
            answer=Reply(outcome="pass", who="王五", when="2026-11-24", note="已看"),
        ),
    ),
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "w.xlsx"
    path.write_bytes(dump(SHEET, path.name))
    return path


def fill(path: Path, **cells: object) -> None:
    """Write cells such as `H2=...` as a tester would."""
    book = load_workbook(path)
    for place, value in cells.items():
        book["worksheet"][place] = value
    book.save(path)


def test_it_comes_back_as_it_went_out(book: Path) -> None:
    back = read(book)
    assert back.items[1] == SHEET.items[1]
    assert back.items[0].found == (HOSTILE.replace("\x07", "\ufffd"), "第二行")
    assert msgspec.structs.replace(back, items=()) == msgspec.structs.replace(SHEET, items=())


def test_nothing_is_a_formula(book: Path) -> None:
    page = load_workbook(book)["worksheet"]
    assert "f" not in {cell.data_type for row in page.iter_rows() for cell in row}
    assert page["G2"].value.startswith("=HYPERLINK")
    assert [str(r.sqref) for r in page.data_validations.dataValidation] == ["H2:H3"]


@pytest.mark.parametrize(
    ("word", "outcome"),
    [("不符合", "fail"), ("Not applicable", "not_applicable"), ("review", "review"), ("嗯", "嗯")],
)
def test_an_outcome_is_understood_in_both_languages(book: Path, word: str, outcome: str) -> None:
    fill(book, H2=word, I2="李四", J2=datetime.date(2026, 11, 25))
    answer = read(book).items[0].answer
    assert (answer.outcome, answer.who, answer.when) == (outcome, "李四", "2026-11-25")


def test_a_formula_in_an_answer_is_not_computed(book: Path) -> None:
    fill(book, K2='=CONCATENATE("a","b")')
    assert read(book).items[0].answer.note == ""


def test_a_screenshot_must_lie_beside_it(book: Path) -> None:
    fill(book, H2="fail", L2="../x.png")
    with pytest.raises(InputError, match="beside the worksheet"):
        read(book)


def test_english_heads(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(dump(SHEET, path.name, "en"))
    assert [c.value for c in load_workbook(path)["worksheet"][1]][7:9] == ["outcome", "who"]


def rewritten(path: Path, name: str, change: bytes | None) -> None:
    """Change one part of the workbook, or drop it."""
    with zipfile.ZipFile(path) as old:
        parts = {entry: old.read(entry) for entry in old.namelist()}
    parts.pop(name) if change is None else parts.update({name: change})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry, data in parts.items():
            new.writestr(entry, data)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", None),
        ("xl/workbook.xml", b"<x"),
        ("xl/worksheets/sheet1.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"),
        ("xl/worksheets/sheet1.xml", b"\x00\xff"),
        ("xl/worksheets/sheet2.xml", None),
        ("xl/media/big.bin", b"0" * (65 << 20)),
    ],
)
def test_a_broken_workbook_is_named(book: Path, part: str, content: bytes | None) -> None:
    rewritten(book, part, content)
    with pytest.raises(InputError, match=r"w\.xlsx"):
        read(book)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\x00" * 100])
def test_a_torn_archive_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w.xlsx").write_bytes(content)
    with pytest.raises(InputError, match=r"w\.xlsx"):
        read(tmp_path / "w.xlsx")


def test_rows_are_bounded(book: Path) -> None:
    fill(book, **{f"A{MAX_ROWS + 3}": "cn-191"})
    with pytest.raises(InputError, match="more than"):
        read(book)


def test_a_workbook_of_another_kind(tmp_path: Path) -> None:
    target = io.BytesIO()
    Workbook().save(target)
    (tmp_path / "w.xlsx").write_bytes(target.getvalue())
    with pytest.raises(InputError, match=r"w\.xlsx"):
        read(tmp_path / "w.xlsx")

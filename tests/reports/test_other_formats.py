"""JUnit, Markdown, XLSX, DOCX, inventories: read back, and inert to what they show."""

import io
import zipfile
from xml.etree import ElementTree as ET

import msgspec
import pytest
import sample
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

import reports
from reports.clean import clean
from reports.inventory import inventory
from reports.md_report import plain
from reports.pages import Page, Table, to_html, to_markdown
from reports.words import strings
from scanner.model.base import same
from scanner.model.result import Outcome

COMMENT_LIMIT = 65536
FORMULA = '=HYPERLINK("http://a.example","x")'


def test_junit_fails_skips_and_errs_but_never_passes_in_silence() -> None:
    root = ET.fromstring(reports.render(sample.result(), "junit", "zh"))  # noqa: S314 - ours
    suite = root[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "1")
    assert suite[0][0].tag == "failure"
    assert "0" * 16 in (suite[0][0].text or "")


@pytest.mark.parametrize("changes", [{"outcome": Outcome.REVIEW}, {"waived": "reason"}])
def test_junit_skips_what_a_person_decides(changes: dict[str, object]) -> None:
    result = sample.result((sample.finding(**changes),))
    root = ET.fromstring(reports.render(result, "junit", "en"))  # noqa: S314 - ours
    assert root[0][0][0].tag == "skipped"


@given(st.text(max_size=60))
def test_junit_is_well_formed_whatever_an_app_says(text: str) -> None:
    result = sample.result((sample.finding(message=same(text)),))
    ET.fromstring(reports.render(result, "junit", "zh"))  # noqa: S314 - ours


def test_a_comment_fits_and_does_nothing() -> None:
    evil = "@all <img src=x> [x](http://a.example) `#1` | **b**\n# h"
    many = tuple(sample.finding(n, message=same(evil * 50)) for n in range(300))
    text = reports.render(sample.result(many, label=evil), "md", "zh").decode()
    assert len(text) < COMMENT_LIMIT
    assert "<img" not in text
    assert "\\@all" in text
    assert "http://" not in text
    assert "\n# h" not in text


@given(st.text(max_size=40))
def test_markdown_text_has_no_line_and_no_tag(text: str) -> None:
    shown = plain(text)
    assert "\n" not in shown
    assert "<" not in shown


def test_a_workbook_holds_text_not_formulas() -> None:
    finding = sample.finding(message=same(FORMULA + "\x07"))
    book = load_workbook(io.BytesIO(reports.render(sample.result((finding,)), "xlsx", "zh")))
    assert book.sheetnames == [
        "发现的问题",
        "逐条结论",
        "权限",
        "第三方 SDK",
        "通信对象",
        "未能检查",
    ]
    sheet = book["发现的问题"]
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    cell = sheet["E2"]
    assert cell.data_type == "s"
    assert cell.value == FORMULA + "\ufffd"


@pytest.mark.parametrize("fmt", ["xlsx", "docx"])
def test_office_files_do_not_tell_the_time(fmt: str) -> None:
    with zipfile.ZipFile(io.BytesIO(reports.render(sample.result(), fmt, "en"))) as pack:
        assert {entry.date_time[0] for entry in pack.infolist()} == {1980}
        assert b"1980-01-01" in pack.read("docProps/core.xml")


def test_a_notice_names_failures_and_leaves_decisions_blank() -> None:
    review = sample.finding(1, outcome=Outcome.REVIEW, message=same("only a question"))
    waived = sample.finding(2, waived="x", message=same("accepted"))
    result = sample.result((sample.finding(), review, waived))
    paper = Document(io.BytesIO(reports.render(result, "docx", "zh")))
    text = "\n".join(p.text for p in paper.paragraphs)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "整改通知书" in text
    assert "＿＿＿＿年＿＿月＿＿日前" in text
    assert "com.example.demo" in cells
    facts = "\n".join(cells)
    assert "应用在用户同意前读取 IMEI" in facts
    assert "认定方法 191-3.1" in facts
    assert "only a question" not in facts
    assert "accepted" not in facts


@pytest.mark.parametrize("lang", reports.LANGUAGES)
def test_an_inventory_marks_what_nobody_knows(lang: str) -> None:
    page = inventory(sample.result(), lang)
    collected = page.tables[0]
    blank = strings()["inventory.blank"]
    assert collected.rows[0][0] == "IMEI"
    assert collected.rows[0][2] == (blank.zh if lang == "zh" else blank.en)
    assert len(collected.rows) == 1  # the e-mail address is only declared


def test_pages_are_inert() -> None:
    page = Page(
        title="<b>",
        lang="en",
        tables=(Table(title="t", head=("<i>",), rows=(("</td><script>",),)),),
    )
    html = to_html(page).decode()
    assert "<script" not in html
    assert "<b>" not in html
    assert "script-src &#x27;none&#x27;" in html
    assert "<script" not in to_markdown(page).decode()


def test_unseen_characters_are_shown_and_length_is_bounded() -> None:
    assert clean("a\u202eb\x1b") == "a\ufffdb\ufffd"
    assert clean("字" * 3000) == "字" * 1999 + "…"
    assert clean("多\n行\t") == "多\n行\t"


def test_a_large_report_stays_small() -> None:
    one = sample.result().destinations[0]
    findings = tuple(sample.finding(n) for n in range(5000))
    result = msgspec.structs.replace(
        sample.result(findings),
        destinations=tuple(msgspec.structs.replace(one, host=f"{n}.example") for n in range(2000)),
    )
    assert len(reports.render(result, "html", "zh")) < 10_000_000

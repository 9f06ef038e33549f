"""Notices list what failed and was not waived, in the authority's words, and leave blanks."""

import io
from zipfile import ZipFile

import msgspec
import pytest
import sample
from docx import Document
from openpyxl import load_workbook

import reports
from reports import office
from reports.notices import forms, notice
from reports.pages import Page, Table, to_html, to_markdown
from reports.words import strings
from scanner.commands.notice import FORMS
from scanner.model.base import same
from scanner.model.result import ClauseResult, Outcome, Result
from scanner.model.result import TesterAnswer as Answer

BLANK = "＿＿＿＿＿＿＿＿"


def clause(number: str, regulation: str = "miit-issues", **changes: object) -> ClauseResult:
    fields: dict[str, object] = {
        "regulation": regulation, "clause": number, "group": "g", "title": same(f"Issue {number}"),
        "coverage": "partial", "outcome": Outcome.FAIL, "examined": True,
        "findings": (sample.finding().id,),
    }  # fmt: skip
    return ClauseResult(**{**fields, **changes})  # type: ignore[arg-type]


def result(*clauses: ClauseResult, **changes: object) -> Result:
    return msgspec.structs.replace(sample.result(), clauses=clauses, **changes)


def text_of(page: Page) -> str:
    return to_markdown(page).decode()


def test_the_forms_are_known_to_the_command_and_their_columns_have_words() -> None:
    assert set(FORMS) == set(forms())
    for form in forms().values():
        assert set(form.columns) <= set(strings())
        assert form.source
        assert form.checked


def test_one_row_per_app_with_its_problems_and_blanks() -> None:
    page = notice([result(clause("a"), clause("b"), clause("c", "other"))], "miit", "zh")
    assert page.tables[0].head == (
        "序号", "应用名称", "应用开发者", "应用来源", "应用版本", "所涉问题",
    )  # fmt: skip
    assert page.tables[0].rows == (("1", "晴空天气", BLANK, BLANK, "1.2", "Issue a；Issue b"),)


@pytest.mark.parametrize(
    "clauses",
    [
        (clause("a", outcome=Outcome.REVIEW),),
        (clause("a", outcome=Outcome.NOT_ASSESSED),),
        (clause("a", findings=()),),
        (clause("a", "cn-191"),),
    ],
)
def test_only_what_failed_is_listed(clauses: tuple[ClauseResult, ...]) -> None:
    page = notice([result(*clauses)], "miit", "zh")
    assert page.tables[0].rows == (("没有应通报的问题。",),)


def test_a_waived_finding_is_no_problem_but_a_testers_answer_is() -> None:
    waived = (sample.finding(waived="reason (owner)"),)
    page = notice([result(clause("a"), findings=waived)], "miit", "zh")
    assert "Issue a" not in text_of(page)
    said = Answer(outcome=Outcome.FAIL, who="t", when="2026-01-01")
    page = notice([result(clause("a", answer=said), findings=waived)], "miit", "zh")
    assert "Issue a" in text_of(page)


def test_problems_are_numbered_and_name_their_apps() -> None:
    first = result(*(clause(f"C-{n:02}", "cac-cverc") for n in range(12)))
    second = result(
        clause("C-00", "cac-cverc"), app=msgspec.structs.replace(first.app, label="第二")
    )
    page = notice([first, second], "cverc", "zh")
    titles = [table.title for table in page.tables]
    assert titles[0] == "一、Issue C-00"
    assert titles[9:12] == ["十、Issue C-09", "十一、Issue C-10", "十二、Issue C-11"]
    assert page.tables[0].rows == (
        (f"涉及 2 款应用：《晴空天气》（版本1.2，{BLANK}）、《第二》（版本1.2，{BLANK}）",),
    )
    assert notice([first], "cverc", "en").tables[0].title == "1. Issue C-00"


def test_every_sample_is_identified_even_a_clean_one() -> None:
    page = notice([result()], "cac", "en")
    assert sample.result().app.sha256 in page.tables[-1].rows[0]


@pytest.mark.parametrize("lang", reports.LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_a_notice_opens_in_every_format(form: str, lang: str) -> None:
    page = notice([result(clause("a"), clause("b", "cac-cverc"))], form, lang)
    words = Document(io.BytesIO(office.to_docx(page)))
    assert words.paragraphs[0].text == page.title
    sheet = load_workbook(io.BytesIO(office.to_xlsx(page))).worksheets[0]
    assert sheet.cell(1, 1).value == page.title
    assert page.title in to_html(page).decode()
    assert office.to_docx(page) == office.to_docx(page)
    assert office.to_xlsx(page) == office.to_xlsx(page)


EVIL = Page(
    title="a/b[c]",
    lang="zh",
    tables=(
        Table(title="t", head=("x", "y"), rows=(('=HYPERLINK("http://x")', "a\u202eb\x00<w:p>"),)),
        Table(title="l", rows=(("=1+1",),)),
    ),
    notes=("+1",),
)


def test_what_an_app_says_is_text_in_office_files() -> None:
    sheet = load_workbook(io.BytesIO(office.to_xlsx(EVIL))).worksheets[0]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    with ZipFile(io.BytesIO(office.to_docx(EVIL))) as pack:
        body = pack.read("word/document.xml").decode()
    assert "\u202e" not in body
    assert "&lt;w:p&gt;" in body


def test_a_table_repeats_its_head_and_long_rows_may_break() -> None:
    made = office.paper()
    office.add_table(made, ("a", "b"), [["x", "y"], ["x", "y" * office.SHORT]])
    rows = made.tables[0].rows
    assert "w:tblHeader" in rows[0]._tr.xml
    assert ["w:cantSplit" in row._tr.xml for row in rows[1:]] == [True, False]

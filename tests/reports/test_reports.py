"""Every report is a pure function of the result, in both languages, and inert to what it shows."""

import json
import re

import msgspec
import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st

import reports
from reports.html_report.view import View
from reports.words import Words, strings
from scanner.model.base import same
from scanner.model.matrix import Cell, Matrix
from scanner.model.result import Outcome, Result


@pytest.mark.parametrize("lang", reports.LANGUAGES)
@pytest.mark.parametrize("fmt", sorted(reports.FORMATS))
def test_a_report_is_a_function_of_the_result(fmt: str, lang: str) -> None:
    first, second = sample.result(), sample.result()
    assert reports.render(first, fmt, lang) == reports.render(second, fmt, lang)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no report"):
        reports.render(sample.result(), "doc", "zh")


def test_json_reads_back_to_the_same_result() -> None:
    document = reports.render(sample.result(), "json", "zh")
    assert msgspec.json.decode(document, type=Result) == sample.result()


@given(st.text(min_size=1, max_size=40))
def test_html_escapes_what_the_app_says(name: str) -> None:
    evil = sample.finding(message=same(f"<img src=x>{name}</script><script>"))
    page = reports.render(sample.result((evil,), label=f"</title><b>{name}"), "html", "zh").decode()
    assert "<img" not in page
    assert "</title><b>" not in page
    assert page.count("<script>") == 1


def test_html_needs_nothing_from_outside() -> None:
    page = reports.render(sample.result(), "html", "en").decode()
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)
    assert not re.search(r"""\son\w+=|\sstyle=""", page)


def test_html_is_in_the_language_asked_for() -> None:
    page = reports.render(sample.result(label="Demo"), "html", "en").decode()
    main = page[page.index("<main>") : page.index("</main>")]
    # The policy is quoted in its own language, whatever the report's.
    assert set(re.findall(r"[\u4e00-\u9fff]+", main)) <= {"号", "我们不会收集您的", "检测", "依据"}


def test_text_fits_the_screen_and_cannot_steer_the_terminal() -> None:
    wide = sample.finding(message=same("\x1b[31m" + "宽" * 100))
    text = reports.render(sample.result((wide,)), "text", "zh").decode()
    assert "\x1b" not in text
    assert all(sum(2 if ord(c) > 0x2E7F else 1 for c in line) <= 80 for line in text.splitlines())


def test_sarif_declares_every_check_and_points_into_the_app() -> None:
    review = sample.finding(1, outcome=Outcome.REVIEW, evidence=())
    log = json.loads(reports.render(sample.result((sample.finding(), review)), "sarif", "en"))
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["collection-before-consent", "undisclosed-sdk"]
    first, second = run["results"]
    assert first["level"] == "error"
    location = first["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "classes.dex/demo/App.java"
    assert second["kind"] == "review"
    assert second["level"] == "none"
    assert first["partialFingerprints"] != second["partialFingerprints"]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_every_word_has_both_languages_and_equal_placeholders() -> None:
    for key, text in strings().items():
        assert re.findall(r"\{\w+\}", text.zh) == re.findall(r"\{\w+\}", text.en), key


def test_a_long_matrix_shows_first_what_was_found() -> None:
    quiet = tuple(Cell(data_type=f"t{n}", actor="app", reachable=True) for n in range(60))
    result = sample.result()
    result = msgspec.structs.replace(result, matrix=Matrix(cells=(*result.matrix.cells, *quiet)))
    view = View(result, Words(result, "en"))
    assert [row.cell.data_type for row in view.rows] == ["imei"]
    assert len(view.quiet_rows) == 60
    assert "60 rows in code only" in reports.render(result, "html", "en").decode()

"""The rectification notice (整改通知) as DOCX, with blanks where a person decides.

The fields are RN-01 to RN-11 of the usual notices: title and number, addressee, app, test, list of
problems with basis, facts and evidence, what to rectify, deadline, how to report, consequence,
contact, signature. The tool fills what it knows; number, addressee, dates, deadline, consequence,
contact and seal are decisions and stay blank.
"""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from reports.archive import settled
from reports.clean import clean
from reports.words import Words
from scanner.model.result import Finding, Outcome, Result

FONT, FONT_ZH = "Times New Roman", "仿宋"
MAX_PROBLEMS = 200
MAX_FACTS = 8


def render(result: Result, lang: str) -> bytes:
    """Return the notice. Only findings of outcome FAIL that are not waived are problems."""
    words = Words(result, lang)
    paper = _paper()
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(words.t("notice.title"))
    run.bold, run.font.size = True, Pt(18)
    _line(paper, words.t("notice.number"))
    _line(paper, words.t("notice.addressee"))
    _line(paper, words.t("notice.opening"))
    _table(paper, [words.t("policy.item"), words.t("notice.content")], _sample(result, words))
    paper.add_heading(words.t("notice.problems"), level=2)
    columns = ("notice.no", "notice.problem", "notice.basis", "notice.facts", "remediation")
    problems = _problems(result, words)
    _table(
        paper, [words.t(name) for name in columns], problems or [["", words.t("none"), "", "", ""]]
    )
    for key in ("demands", "deadline", "reporting", "overdue", "contact"):
        paper.add_heading(words.t(f"notice.{key}"), level=2)
        _line(paper, words.t(f"notice.{key}.text"))
    paper.add_heading(words.t("notice.limits"), level=2)
    _line(paper, words.t("method.text"))
    for gap in result.gaps[:MAX_FACTS]:
        _line(paper, f"· {clean(words.say(gap.detail))}")
    for key in ("notice.signature", "notice.date"):
        _line(paper, words.t(key)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    target = io.BytesIO()
    paper.save(target)
    return settled(target.getvalue())


def _paper() -> Any:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    for name in ("Normal", "Heading 2"):
        style = paper.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT_ZH)
    paper.styles["Normal"].font.size = Pt(11)
    return paper


def _line(paper: Any, text: str) -> Any:
    return paper.add_paragraph(text)


def _table(paper: Any, head: list[str], rows: list[list[str]]) -> None:
    table = paper.add_table(rows=1, cols=len(head))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = clean(text)


def _sample(result: Result, words: Words) -> list[list[str]]:
    app = result.app
    signers = "\n".join(signer.sha256 for signer in app.signers) or words.t("unsigned")
    version = f"{app.version_name} ({app.version_code})" if app.version_code else app.version_name
    return [
        [words.t("app"), app.label or words.t("unknown")],
        [words.t("notice.package"), app.package],
        [words.t("version"), version],
        ["SHA-256", app.sha256],
        [words.t("signer"), signers],
        [words.t("category"), words.say(result.category.name)],
        [words.t("notice.store"), words.t("notice.blank")],
        [words.t("notice.filing"), words.t("notice.blank")],
        [words.t("notice.tested"), words.t("notice.blank")],
    ]


def _problems(result: Result, words: Words) -> list[list[str]]:
    """Return one row per check that failed: number, problem, basis, facts, what to change."""
    by_check: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if finding.outcome is Outcome.FAIL and not finding.waived:
            by_check.setdefault(finding.check, []).append(finding)
    return [
        [str(number), words.say(found[0].title), _basis(found[0], result, words),
         _facts(found, words), words.say(found[0].remediation)]
        for number, found in enumerate(list(by_check.values())[:MAX_PROBLEMS], 1)
    ]  # fmt: skip


def _basis(finding: Finding, result: Result, words: Words) -> str:
    rules = {rule.id: words.say(rule.title) for rule in result.regulations}
    titles = {f"{c.regulation}:{c.clause}": words.say(c.title) for c in result.clauses}
    lines = []
    for name in finding.clauses:
        rule, _, clause = name.partition(":")
        lines.append(f"{rules.get(rule, rule)} {clause} {titles.get(name, '')}".strip())
    return "\n".join(lines)


def _facts(found: list[Finding], words: Words) -> str:
    lines = [f"{words.say(f.message)} [{f.id}]" for f in found[:MAX_FACTS]]
    if len(found) > MAX_FACTS:
        lines.append(words.t("text.more", n=len(found) - MAX_FACTS))
    return "\n".join(lines)

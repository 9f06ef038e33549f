"""The rectification notice (整改通知) as DOCX, with blanks where a person decides.

The fields are RN-01 to RN-11 of the usual notices: title and number, addressee, app, test, list of
problems with basis, facts and evidence, what to rectify, deadline, how to report, consequence,
contact, signature. The tool fills what it knows; number, addressee, dates, deadline, consequence,
contact and seal are decisions and stay blank.
"""

import io
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from reports.archive import settled
from reports.clean import clean
from reports.office import add_table, paper
from reports.words import Words
from scanner.model.result import Finding, Outcome, Result

SHARES = (0.7, 2.2, 3.4, 5, 3)
MAX_PROBLEMS = 200
MAX_FACTS = 8


def render(result: Result, lang: str) -> bytes:
    """Return the notice. Only findings of outcome FAIL that are not waived are problems."""
    words = Words(result, lang)
    made = paper()
    heading = made.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(words.t("notice.title"))
    run.bold, run.font.size = True, Pt(18)
    _line(made, words.t("notice.number"))
    _line(made, words.t("notice.addressee"))
    _line(made, words.t("notice.opening"))
    add_table(
        made, (words.t("notice.item"), words.t("notice.content")), _sample(result, words), (1, 3)
    )
    made.add_heading(words.t("notice.problems"), level=2)
    columns = ("notice.no", "notice.problem", "notice.basis", "notice.facts", "remediation")
    problems = _problems(result, words)
    add_table(
        made,
        tuple(words.t(name) for name in columns),
        problems or [["", words.t("none"), "", "", ""]],
        SHARES,
    )
    for key in ("demands", "deadline", "reporting", "overdue", "contact"):
        made.add_heading(words.t(f"notice.{key}"), level=2)
        _line(made, words.t(f"notice.{key}.text"))
    made.add_heading(words.t("notice.limits"), level=2)
    _line(made, words.t("method.text"))
    for gap in result.gaps[:MAX_FACTS]:
        _line(made, f"· {clean(words.say(gap.detail))}")
    for key in ("notice.signature", "notice.date"):
        _line(made, words.t(key)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    target = io.BytesIO()
    made.save(target)
    return settled(target.getvalue())


def _line(made: Any, text: str) -> Any:
    return made.add_paragraph(text)


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
    """Return the clauses, one line per rule, in the order of the profile."""
    numbers: dict[str, list[str]] = {}
    for name in finding.clauses:
        rule, _, clause = name.partition(":")
        numbers.setdefault(rule, []).append(clause)
    rules = {rule.id: words.say(rule.title) for rule in result.regulations}
    order = [rule for rule in rules if rule in numbers]
    order += [rule for rule in numbers if rule not in rules]
    return "\n".join(
        f"{rules.get(rule, rule)} {words.t('comma').join(numbers[rule])}" for rule in order
    )


def _facts(found: list[Finding], words: Words) -> str:
    lines = [f"{words.say(f.message)} [{f.id}]" for f in found[:MAX_FACTS]]
    if len(found) > MAX_FACTS:
        lines.append(words.t("text.more", n=len(found) - MAX_FACTS))
    return "\n".join(lines)

"""Markdown of the size of a pull-request comment."""

import re

from reports.clean import clean
from reports.words import Words
from scanner.model.common import SEVERITIES
from scanner.model.result import Finding, Outcome, Result

MAX_FINDINGS = 20
MAX_REVIEW = 10
MAX_GAPS = 10
MAX_LINE = 300
# What Markdown or the HTML in it would act on; @ and # would notify people and link issues.
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#+!|@~$&])")
_ADDRESS = re.compile(r"(?i)(https?|www)([:.])")
MARKER = "<!-- mingcha -->"
"""First line, by which a job finds its own earlier comment."""


def render(result: Result, lang: str) -> bytes:
    """Return the answers, what was not examined, and the heaviest findings."""
    words = Words(result, lang)
    lines = [MARKER, *_head(result, words), *_findings(result, words), *_gaps(result, words)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _head(result: Result, words: Words) -> list[str]:
    app = result.app
    name = plain(f"{app.label or app.package} {app.version_name}")
    lines = [
        f"## {words.t('brand')} · {name}",
        "",
        f"`{_code(app.package)}` · SHA-256 `{app.sha256}`",
    ]
    if result.gate is not None:
        state = words.t("gate.passed" if result.gate.passed else "gate.failed")
        reasons = "; ".join(plain(words.say(reason)) for reason in result.gate.reasons)
        lines += ["", f"**{words.t('gate')}: {state}**" + (f" ({reasons})" if reasons else "")]
    lines += ["", f"| {words.t('core')} | {words.t('outcome')} |", "|---|---|"]
    for answer in result.summary.core:
        count = words.t("core.count", fail=answer.fail, review=answer.review)
        outcome = words.t(f"outcome.{answer.outcome.value}")
        said = count if answer.fail + answer.review else outcome
        lines.append(f"| {words.t(f'core.{answer.question}')} | {said} |")
    return lines


def _findings(result: Result, words: Words) -> list[str]:
    if not result.findings:
        return ["", words.t("findings.none")]
    open_ = [f for f in result.findings if not f.waived]
    failing = [f for f in open_ if f.outcome is Outcome.FAIL]
    review = [f for f in open_ if f.outcome is not Outcome.FAIL]
    counts = ", ".join(
        f"{words.t(f'severity.{name}')} {sum(f.severity == name for f in failing)}"
        for name in SEVERITIES
        if any(f.severity == name for f in failing)
    )
    title = f"{words.t('findings.fail')} ({len(failing)})" + (f": {counts}" if counts else "")
    lines = ["", f"### {title}", "", *_rows(failing, MAX_FINDINGS, words)]
    if review:
        summary = f"{words.t('findings.review')} ({len(review)})"
        lines += ["", f"<details><summary>{summary}</summary>", ""]
        lines += [*_rows(review, MAX_REVIEW, words), "", "</details>"]
    return lines


def _rows(findings: list[Finding], most: int, words: Words) -> list[str]:
    rows = []
    for f in findings[:most]:
        where = next((item for item in f.evidence if item.uri), None)
        place = f" — `{_code(where.uri)}{f':{where.line}' if where.line else ''}`" if where else ""
        severity = words.t(f"severity.{f.severity}")
        rows.append(f"- **{severity}** {plain(words.say(f.message))}{place}")
    if len(findings) > most:
        rows.append(f"- {words.t('text.more', n=len(findings) - most)}")
    return rows or [words.t("none")]


def _gaps(result: Result, words: Words) -> list[str]:
    if not result.gaps:
        return []
    lines = ["", f"### {words.t('not_examined')} ({len(result.gaps)})", ""]
    lines += [f"- {plain(words.say(gap.detail))}" for gap in result.gaps[:MAX_GAPS]]
    if len(result.gaps) > MAX_GAPS:
        lines.append(f"- {words.t('text.more', n=len(result.gaps) - MAX_GAPS)}")
    return lines


def plain(text: str) -> str:
    """Return `text` so that Markdown shows it and does nothing with it."""
    line = " ".join(clean(text, MAX_LINE).split())
    return _ADDRESS.sub("\\1\u2060\\2", _ACTIVE.sub(r"\\\1", line).replace("\\<", "&lt;"))


def _code(text: str) -> str:
    return clean(text, MAX_LINE).replace("`", "'").replace("\n", " ")

"""The terminal summary: one screen, at most 80 columns."""

from reports.terminal import fit, pad, printable
from reports.words import Words
from scanner.model.common import SEVERITIES
from scanner.model.result import Finding, Outcome, Result

MAX_FINDINGS = 10
MAX_REGULATIONS = 4
MAX_GAPS = 4


def render(result: Result, lang: str) -> bytes:
    """Return the summary as UTF-8 text, every line at most `WIDTH` columns wide."""
    words = Words(result, lang)
    lines = [*_head(result, words), "", *_findings(result, words), "", *_clauses(result, words)]
    lines += _gaps(result, words)
    if result.gate is not None:
        state = words.t("gate.passed" if result.gate.passed else "gate.failed")
        reasons = "; ".join(words.say(reason) for reason in result.gate.reasons)
        lines += ["", f"{words.t('gate')}: {state}" + (f" ({reasons})" if reasons else "")]
    return ("\n".join(fit(line) for line in lines) + "\n").encode()


def _head(result: Result, words: Words) -> list[str]:
    app = result.app
    name = app.label or app.package
    head = words.t("text.head", label=name, version=app.version_name, package=app.package)
    answers = [
        f"  {words.t(f'core.{a.question}')}: "
        + (words.t("core.count", fail=a.fail, review=a.review) if a.fail + a.review else
           words.t(f"outcome.{a.outcome.value}"))
        for a in result.summary.core
    ]  # fmt: skip
    return [printable(head), *answers]


def _findings(result: Result, words: Words) -> list[str]:
    counts = ", ".join(
        f"{words.t(f'severity.{name}')} {result.summary.findings[name]}"
        for name in SEVERITIES
        if result.summary.findings.get(name)
    )
    if not counts:
        return [words.t("findings.none")]
    shown = [finding for finding in result.findings if not finding.waived][:MAX_FINDINGS]
    lines = [words.t("text.findings", counts=counts), *(_row(f, words) for f in shown)]
    if len(result.findings) > len(shown):
        lines.append("  " + words.t("text.more", n=len(result.findings) - len(shown)))
    return lines


def _row(finding: Finding, words: Words) -> str:
    severity = pad(words.t(f"severity.{finding.severity}"), 8)
    mark = "!" if finding.outcome is Outcome.FAIL else "?"
    return printable(f"  {mark} {severity} {words.say(finding.message)}")


def _clauses(result: Result, words: Words) -> list[str]:
    lines = [words.t("text.clauses")]
    for regulation in result.regulations[:MAX_REGULATIONS]:
        counts = result.summary.clauses.get(regulation.id, {})
        examined, total = result.summary.examined.get(regulation.id, (0, 0))
        states = " ".join(f"{words.t(f'outcome.{name}')} {n}" for name, n in counts.items() if n)
        lines.append(f"  {words.say(regulation.title)} ({examined}/{total}): {states}")
    if len(result.regulations) > MAX_REGULATIONS:
        lines.append("  " + words.t("text.more", n=len(result.regulations) - MAX_REGULATIONS))
    return lines


def _gaps(result: Result, words: Words) -> list[str]:
    if not result.gaps:
        return []
    lines = ["", words.t("text.gaps", n=len(result.gaps))]
    lines += [printable(f"  {words.say(gap.detail)}") for gap in result.gaps[:MAX_GAPS]]
    if len(result.gaps) > MAX_GAPS:
        lines.append("  " + words.t("text.more", n=len(result.gaps) - MAX_GAPS))
    return lines

"""JUnit XML: one test case per check, so that a build server shows what failed."""

from xml.sax.saxutils import escape, quoteattr

from reports.clean import clean
from reports.words import Words
from scanner.model.result import CheckResult, Finding, Outcome, Result

MAX_FINDINGS = 50
SKIPPED = (Outcome.NOT_ASSESSED, Outcome.NOT_APPLICABLE)


def render(result: Result, lang: str) -> bytes:
    """Return the checks as JUnit XML.

    A failed check is a failure, unless all its failed findings are waived; a check for review
    or one that could not run is skipped with the reason, never passed silently.
    """
    words = Words(result, lang)
    by_check: dict[str, list[Finding]] = {}
    for finding in result.findings:
        by_check.setdefault(finding.check, []).append(finding)
    cases = [_case(check, by_check.get(check.id, []), words) for check in result.checks]
    kinds = [kind for kind, _ in cases]
    counts = " ".join(
        f'{name}="{kinds.count(kind)}"'
        for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    )
    suite = f'<testsuite name={_attribute(result.app.package)} tests="{len(cases)}" {counts}>'
    body = "\n".join(text for _, text in cases)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    page = f"{head}<testsuites>\n{suite}\n{body}\n</testsuite>\n</testsuites>\n"
    return page.encode("utf-8", "replace")


def _case(check: CheckResult, findings: list[Finding], words: Words) -> tuple[str, str]:
    """Return the kind of a test case ("" when it passed) and its element."""
    kind, message, lines = _verdict(check, findings, words)
    name = f"{words.say(check.title)} [{check.id}]"
    opening = f"<testcase classname={_attribute('mingcha.' + check.group)} name={_attribute(name)}"
    if not kind:
        return "", f"{opening}/>"
    text = escape("\n".join(clean(line) for line in lines))
    return kind, f"{opening}><{kind} message={_attribute(message)}>{text}</{kind}></testcase>"


def _verdict(
    check: CheckResult, findings: list[Finding], words: Words
) -> tuple[str, str, list[str]]:
    failing = [f for f in findings if f.outcome is Outcome.FAIL and not f.waived]
    if failing:
        lines = [
            f"[{words.t(f'severity.{f.severity}')}] {words.say(f.message)} ({f.id})"
            for f in failing[:MAX_FINDINGS]
        ]
        return "failure", words.t("instances", n=len(failing)), lines
    reason = words.say(check.reason)
    if check.outcome is Outcome.ERROR:
        return "error", reason or check.id, []
    if findings:
        lines = [f"{words.say(f.message)} ({f.id})" for f in findings[:MAX_FINDINGS]]
        waived = all(f.waived for f in findings)
        return "skipped", words.t("waived" if waived else "outcome.review"), lines
    if check.outcome in SKIPPED:
        return "skipped", f"{words.t(f'outcome.{check.outcome.value}')}: {reason}", []
    return "", "", []


def _attribute(text: str) -> str:
    return quoteattr(clean(text).replace("\n", " "))

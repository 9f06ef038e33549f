"""SARIF 2.1.0, in the shape that GitHub and GitLab accept."""

import msgspec

from reports.clean import clean, relative_uri
from reports.words import Words
from scanner.model.result import CheckResult, EvidenceItem, Finding, Outcome, Result

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
DEFAULT_URI = "AndroidManifest.xml"
# The numbers by which GitHub sorts (its documentation of `security-severity`).
SECURITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0"}
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}

Json = dict[str, object]


def render(result: Result, lang: str) -> bytes:
    """Return the findings as SARIF. Every check is declared as a rule, fired or not."""
    words = Words(result, lang)
    index = {check.id: number for number, check in enumerate(result.checks)}
    run: Json = {
        "tool": {
            "driver": {
                "name": "Mingcha",
                "version": result.tool.version,
                "semanticVersion": result.tool.version,
                "rules": [_rule(check, words) for check in result.checks],
            }
        },
        "automationDetails": {"id": f"mingcha/{result.profile}/{result.app.package}/"},
        "columnKind": "unicodeCodePoints",
        "language": "zh-CN" if lang == "zh" else "en-US",
        "results": [_result(finding, index, words) for finding in result.findings],
        "invocations": [_invocation(result, words)],
        "properties": {"package": result.app.package, "sha256": result.app.sha256},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=1) + b"\n"


def _rule(check: CheckResult, words: Words) -> Json:
    text = words.say(check.rationale) or words.say(check.title)
    return {
        "id": check.id,
        "name": "".join(part.capitalize() for part in check.id.split("-")),
        "shortDescription": {"text": words.say(check.title)},
        "fullDescription": {"text": text},
        "help": {"text": words.say(check.limits) or text},
        "defaultConfiguration": {"level": LEVELS[check.severity]},
        "properties": {
            "tags": ["privacy", check.group],
            "security-severity": SECURITY[check.severity],
        },
    }


def _result(finding: Finding, index: dict[str, int], words: Words) -> Json:
    items = finding.evidence
    failed = finding.outcome is Outcome.FAIL
    document: Json = {
        "ruleId": finding.check,
        "ruleIndex": index[finding.check],
        # SARIF 2.1.0, 3.27.10: a result that is not of kind "fail" has level "none".
        "level": LEVELS[finding.severity] if failed else "none",
        "kind": "fail" if failed else "review",
        "message": {"text": _message(finding, words)},
        "locations": [_location(items[0] if items else None, words)],
        "relatedLocations": [
            {"id": number, **_location(item, words)} for number, item in enumerate(items[1:], 1)
        ],
        "partialFingerprints": {"mingchaFinding/v1": finding.id},
        "properties": {
            "severity": finding.severity,
            "confidence": finding.confidence,
            "outcome": finding.outcome.value,
            "clauses": list(finding.clauses),
        },
    }
    if finding.waived:
        document["suppressions"] = [{"kind": "external", "justification": finding.waived}]
    return document


def _message(finding: Finding, words: Words) -> str:
    """Say first that a finding is for review: viewers show the text, not all show the kind."""
    mark = "" if finding.outcome is Outcome.FAIL else f"[{words.t('findings.review')}] "
    return clean(f"{mark}{words.say(finding.message)} {words.say(finding.remediation)}")


def _location(item: EvidenceItem | None, words: Words) -> Json:
    uri = relative_uri(item.uri) if item is not None else ""
    uri = uri or DEFAULT_URI
    line = item.line if item is not None and item.line else 1
    location: Json = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": line},
        }
    }
    if item is not None:
        location["message"] = {"text": clean(words.say(item.title))}
    return location


def _invocation(result: Result, words: Words) -> Json:
    """Say what could not be examined where a SARIF viewer shows it."""
    notes = [
        {
            "level": "note",
            "message": {"text": words.say(gap.detail)},
            "descriptor": {"id": gap.code},
        }
        for gap in result.gaps
    ]
    errors = [
        {
            "level": "error",
            "message": {"text": words.say(check.reason) or check.id},
            "descriptor": {"id": check.id},
        }
        for check in result.checks
        if check.outcome is Outcome.ERROR
    ]
    return {
        "executionSuccessful": not errors,
        "toolExecutionNotifications": [*errors, *notes],
    }

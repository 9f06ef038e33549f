"""GitLab's code quality report, which every edition of GitLab shows in a merge request."""

import msgspec

from reports.clean import clean, relative_uri
from reports.sarif_report import DEFAULT_URI
from reports.words import Words
from scanner.model.result import Outcome, Result

SEVERITIES = {
    "critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info",
}  # fmt: skip


def render(result: Result, lang: str) -> bytes:
    """Return the findings that stand. What was waived is accepted; what a person must still
    confirm is at most `info`, and says so.
    """
    words = Words(result, lang)
    entries = []
    for finding in result.findings:
        if finding.waived:
            continue
        failed = finding.outcome is Outcome.FAIL
        place = next((item for item in finding.evidence if item.uri), None)
        mark = "" if failed else f"[{words.t('findings.review')}] "
        entries.append(
            {
                "description": clean(f"{mark}{words.say(finding.message)}"),
                "check_name": f"mingcha/{finding.check}",
                "fingerprint": finding.id,
                "severity": SEVERITIES[finding.severity] if failed else "info",
                "location": {
                    "path": (relative_uri(place.uri) if place else "") or DEFAULT_URI,
                    "lines": {"begin": (place.line if place else None) or 1},
                },
            }
        )
    return msgspec.json.format(msgspec.json.encode(entries), indent=1) + b"\n"

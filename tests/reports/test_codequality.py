"""GitLab's code quality report: what stands, where it is, and no accusation without proof."""

import json
from typing import Any

import pytest
import sample

import reports
from scanner.model.base import same
from scanner.model.result import EvidenceItem, Outcome


def entries(lang: str = "en", **changes: object) -> list[dict[str, Any]]:
    result = sample.result((sample.finding(**changes),))
    found: list[dict[str, Any]] = json.loads(reports.render(result, "codequality", lang))
    return found


def test_an_entry_has_what_gitlab_asks_for() -> None:
    (entry,) = entries()
    assert entry == {
        "description": "The app reads the IMEI before consent.",
        "check_name": "mingcha/collection-before-consent",
        "fingerprint": "0" * 16,
        "severity": "critical",
        "location": {"path": "classes.dex/demo/App.java", "lines": {"begin": 12}},
    }


def test_review_informs_and_a_waiver_silences() -> None:
    (entry,) = entries(outcome=Outcome.REVIEW)
    assert entry["severity"] == "info"
    assert entry["description"].startswith("[For review]")
    assert entries(waived="reason (owner)") == []


@pytest.mark.parametrize("uri", ["", "/", "../.."])
def test_a_place_is_always_named(uri: str) -> None:
    item = EvidenceItem(ref="x", kind="code", title=same("t"), uri=uri)
    (entry,) = entries(evidence=(item,))
    assert entry["location"] == {"path": "AndroidManifest.xml", "lines": {"begin": 1}}

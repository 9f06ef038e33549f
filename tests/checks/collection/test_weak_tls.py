"""Certificates that nobody verifies."""

import made
import pytest
from judge import hits, one

NAME = "weak-tls"


@pytest.mark.parametrize("kind", ["trust-all-tls", "hostname-verifier", "webview-ssl-error"])
def test_reachable_code_fails(kind: str) -> None:
    code = made.static(behaviours=(made.behaviour(kind, reach=made.reach()),))
    hit = one(NAME, static=code)
    assert (hit.outcome, hit.severity) == ("fail", "medium")


@pytest.mark.parametrize("reachable", [False, None])
def test_code_that_may_not_run_is_for_review(reachable: bool | None) -> None:
    code = made.static(behaviours=(made.behaviour("trust-all-tls", reach=made.reach(reachable)),))
    assert one(NAME, static=code).outcome == "review"


def test_other_behaviours_are_no_hit() -> None:
    assert hits(NAME, static=made.static(behaviours=(made.behaviour("overlay"),))) == []

"""Certificates that nobody verifies."""

import made
import msgspec
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


@pytest.mark.parametrize(("steps", "outcome"), [(10, "fail"), (11, "review")])
def test_a_long_chain_is_for_a_person(steps: int, outcome: str) -> None:
    chain = tuple(f"a.b.C{number}.run" for number in range(steps))
    reach = msgspec.structs.replace(made.reach(), chain=chain)
    fact = made.behaviour("trust-all-tls", reach=reach)
    assert one(NAME, static=made.static(behaviours=(fact,))).outcome == outcome

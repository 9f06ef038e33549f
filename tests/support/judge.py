"""Run one check on literals, as the engine would: exactly the parts it asks for."""

from contextlib import suppress
from typing import Any

import made

from checks.api import Context, Hit, NotAssessed
from checks.matrix import build_matrix
from checks.registry import load_checks
from profiles.load import load_knowledge

KNOW = load_knowledge()
CHECKS = {check.card.id: check for check in load_checks()}


def hits(name: str, ctx: Context | None = None, **parts: Any) -> list[Hit]:
    """Return the hits of a check, each worded in both languages on the way.

    Raises what the check raises (`NotAssessed`, `NotApplicable`).
    """
    found: list[Hit] = []
    _run(name, ctx, parts, found)
    return found


def partial(name: str, ctx: Context | None = None, **parts: Any) -> list[Hit]:
    """Return the hits of a check up to the point where it gives up, if it does."""
    found: list[Hit] = []
    with suppress(NotAssessed):
        _run(name, ctx, parts, found)
    return found


def one(name: str, ctx: Context | None = None, **parts: Any) -> Hit:
    """Return the only hit of a check that may give up after it."""
    found = partial(name, ctx, **parts)
    assert len(found) == 1, found
    return found[0]


def _run(name: str, ctx: Context | None, parts: dict[str, Any], found: list[Hit]) -> None:
    check = CHECKS[name]
    evidence = made.evidence(**parts)
    given = {
        "app": evidence.app,
        "static": evidence.static,
        "traffic": evidence.traffic,
        "runtime": evidence.runtime,
        "policy": evidence.policy,
        "matrix": build_matrix(evidence, KNOW),
        "ctx": ctx or Context(),
        "know": KNOW,
    }
    for hit in check.run(**{take: given[take] for take in check.takes}):
        text = check.card.messages[hit.message].fill(hit.args)
        assert text.zh
        assert text.en
        found.append(hit)

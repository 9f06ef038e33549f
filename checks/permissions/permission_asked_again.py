"""Permissions that are asked for again whenever the screen returns, or right after a refusal."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import judging
from checks.names import permission_name
from profiles.model import Knowledge
from scanner.model.static import PermissionFact, StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each permission with such a request."""
    rules = judging(know)
    for number, fact in enumerate(static.permissions):
        methods = _methods(fact)
        refused = methods & set(rules.answer_methods)
        again = methods & set(rules.returning_methods)
        if refused or again:
            yield Hit(
                subject=fact.name,
                message="after_refusal" if refused else "on_return",
                args={
                    "permission": permission_name(know, fact.name),
                    "method": min(refused or again),
                },
                evidence=(f"static/permissions/{number}",),
                confidence="tentative",
            )


def _methods(fact: PermissionFact) -> set[str]:
    """Return the methods that ask, and those on the way to the earliest request."""
    steps = {step.rpartition(".")[2] for step in fact.request_reach.chain}
    return steps | {place.method for place in fact.requested_at}

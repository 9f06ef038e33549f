"""Data that the policy takes for nothing but a better service, push or research."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import Judging, judging
from checks.names import join, type_name
from profiles.model import Knowledge
from scanner.model.common import APP
from scanner.model.policy import PolicyEvidence, Statement


def run(policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each statement of the app whose data is told for such a purpose only.

    Whether consent to it is forced is seen on the device only: always for review. Technical data
    that nearly every request carries, and data told for another purpose elsewhere, are left out.
    """
    limits = judging(know)
    told = [
        (number, one)
        for number, one in enumerate(policy.statements)
        if one.actor == APP and one.polarity == "positive" and one.purpose
    ]
    elsewhere = {name for _, one in told if not _improves(one, limits) for name in one.data_types}
    for number, one in told:
        types = sorted(set(one.data_types) - elsewhere - set(limits.trivial))
        if types and _improves(one, limits):
            yield Hit(
                subject="+".join(types),
                message="only",
                args={
                    "data": join(tuple(type_name(know, name) for name in types)),
                    "purpose": one.purpose,
                },
                evidence=(f"policy/statements/{number}",),
                confidence="tentative",
            )


def _improves(one: Statement, limits: Judging) -> bool:
    """Tell whether the purpose speaks of a better service, push or research and of no other aim."""
    return (
        any(word in one.purpose for word in limits.improving_words)
        and any(word in one.purpose for word in limits.improving_things)
        and not any(word in one.purpose for word in limits.other_aims)
    )

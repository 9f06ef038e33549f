"""Permissions that reachable code needs and the manifest does not declare."""

from collections.abc import Iterator

from checks.api import Hit
from checks.names import actor_name, join, permission_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each undeclared run-time permission with a sure use."""
    for number, fact in enumerate(static.permissions):
        known = know.permissions.get(fact.name)
        if fact.declared or fact.element == "implied" or not fact.used_by or known is None:
            continue
        if known.protection == "dangerous" and fact.use_confidence != "tentative":
            yield Hit(
                subject=fact.name,
                message="found",
                args={
                    "permission": permission_name(know, fact.name),
                    "actor": join(actor_name(know, actor) for actor in fact.used_by),
                },
                evidence=(f"static/permissions/{number}",),
            )

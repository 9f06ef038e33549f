"""Permissions that the manifest declares and no call needs."""

from collections.abc import Iterator

from checks.api import Hit
from checks.names import permission_name
from checks.permission_facts import is_judgeable, related_use
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each run-time permission that is declared and unused.

    Of a group whose other member is used (fine for coarse location, read for write storage) only
    the group is needed, so the member is for review.
    """
    for number, fact in enumerate(static.permissions):
        known = know.permissions.get(fact.name)
        if known is None or not fact.declared or fact.used_by or fact.used_at:
            continue
        if known.protection != "dangerous" or not is_judgeable(known, know):
            continue
        related = related_use(fact, static, know)
        yield Hit(
            subject=fact.name,
            message="requested" if fact.requested_at else "unused",
            args={"permission": permission_name(know, fact.name)},
            evidence=(f"static/permissions/{number}", f"absence/use/{fact.name}"),
            confidence="tentative" if related else "firm",
            severity="medium" if known.risk == "high" and not related else "low",
        )

"""Permissions that only third-party SDKs use."""

from collections.abc import Iterator

from checks.api import Hit
from checks.names import actor_name, join, permission_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each declared run-time permission whose users are all SDKs."""
    for number, fact in enumerate(static.permissions):
        known = know.permissions.get(fact.name)
        if known is None or known.protection != "dangerous" or not fact.declared:
            continue
        if fact.used_by and all(actor in know.sdks for actor in fact.used_by):
            yield Hit(
                subject=fact.name,
                message="found",
                args={
                    "permission": permission_name(know, fact.name),
                    "actors": join(actor_name(know, actor) for actor in fact.used_by),
                },
                evidence=(f"static/permissions/{number}",),
                confidence=fact.use_confidence,
            )

"""Entries by which the app starts without the user."""

from collections.abc import Iterator

from checks.api import Hit
from checks.matrix import owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each component that starts on a system event."""
    for number, fact in enumerate(static.behaviours):
        if fact.kind == "auto-start":
            actor = owner(fact.actor, know)
            yield Hit(
                subject=f"{fact.place.cls}/{fact.detail}",
                message="found",
                args={
                    "actor": actor_name(know, actor),
                    "detail": f"{fact.place.cls} {fact.detail}".strip(),
                },
                evidence=(f"static/behaviours/{number}",),
                confidence=fact.confidence,
                actor=actor,
            )

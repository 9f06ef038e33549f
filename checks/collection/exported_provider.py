"""Content providers that other apps may read without a permission."""

from collections.abc import Iterator

from checks.api import Hit
from checks.matrix import owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each such provider."""
    for number, fact in enumerate(static.behaviours):
        if fact.kind == "exported-provider":
            actor = owner(fact.actor, know)
            yield Hit(
                subject=fact.place.cls,
                message="found",
                args={"actor": actor_name(know, actor), "provider": fact.place.cls},
                evidence=(f"static/behaviours/{number}",),
                confidence=fact.confidence,
                actor=actor,
            )

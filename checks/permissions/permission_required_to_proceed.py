"""Apps that quit when a permission is refused."""

from collections.abc import Iterator

from checks.api import Hit
from checks.matrix import owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each answer to a permission request that ends a screen or the app."""
    for number, fact in enumerate(static.behaviours):
        if fact.kind == "exit-on-permission-answer":
            actor = owner(fact.actor, know)
            yield Hit(
                subject=f"{fact.place.cls}.{fact.place.method}",
                message="found",
                args={
                    "place": f"{fact.place.cls}.{fact.place.method}",
                    "actor": actor_name(know, actor),
                },
                evidence=(f"static/behaviours/{number}",),
                confidence="tentative",
                actor=actor,
            )

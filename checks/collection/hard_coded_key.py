"""Keys of ciphers that stand in the code."""

from collections.abc import Iterator

from checks.api import Hit
from checks.matrix import owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each place whose code may run."""
    for number, fact in enumerate(static.behaviours):
        if fact.kind != "hard-coded-key" or fact.reach.reachable is False:
            continue
        actor = owner(fact.actor, know)
        yield Hit(
            subject=f"{fact.place.cls}.{fact.place.method}",
            message="found",
            args={"actor": actor_name(know, actor)},
            evidence=(f"static/behaviours/{number}",),
            confidence=fact.confidence if fact.reach.reachable else "tentative",
            actor=actor,
        )

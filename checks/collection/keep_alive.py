"""Means by which the app stays running or comes back after it was stopped."""

from collections.abc import Iterator

from checks.api import Hit
from checks.matrix import owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each class; what has an ordinary use as well is a note only."""
    seen: set[str] = set()
    for number, fact in enumerate(static.behaviours):
        if fact.kind != "keep-alive" or fact.reach.reachable is False or fact.place.cls in seen:
            continue
        seen.add(fact.place.cls)
        actor, cls = owner(fact.actor, know), fact.place.cls
        named = fact.detail if fact.detail.startswith(cls) else f"{cls} {fact.detail}".strip()
        yield Hit(
            subject=cls,
            message="restarts" if fact.place.method else "found",
            args={"actor": actor_name(know, actor), "detail": named},
            evidence=(f"static/behaviours/{number}",),
            confidence=fact.confidence,
            severity="info" if fact.confidence == "tentative" else "low",
            actor=actor,
        )

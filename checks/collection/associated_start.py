"""Apps that start each other without the user."""

from collections.abc import Iterator

from checks.api import Hit
from checks.matrix import owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence

_MESSAGES = {
    "starts-other-app": "starts",
    "starts-found-app": "finds",
    "associated-start": "woken",
}


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each class and what it starts, or by which action it finds or is found."""
    seen: set[str] = set()
    for number, fact in enumerate(static.behaviours):
        subject = f"{fact.place.cls}/{fact.detail}"
        runs = fact.reach.reachable is not False
        if fact.kind in _MESSAGES and runs and subject not in seen:
            seen.add(subject)
            actor = owner(fact.actor, know)
            yield Hit(
                subject=subject,
                message=_MESSAGES[fact.kind],
                args={"actor": actor_name(know, actor), "detail": fact.detail or fact.place.cls},
                evidence=(f"static/behaviours/{number}",),
                confidence=fact.confidence,
                severity="medium" if fact.reach.reachable else "low",
                actor=actor,
            )

"""Means by which the app stays running or comes back after it was stopped."""

from collections.abc import Iterator

from checks.api import Hit
from checks.matrix import owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.static import Behaviour, StaticEvidence

_TRICKS = frozenset(
    {
        "account-sync",
        "empty-notification",
        "empty-sync",
        "mutual-guard",
        "one-pixel-window",
        "restart",
        "silent-audio",
        "taken-notification",
        "timed-restart",
    }
)
"""What code shows; each has a message of its own."""

_PLAIN = ("found", "restart")
"""Known by the class alone."""


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each class and trick; what has an ordinary use as well is a note only."""
    seen: set[str] = set()
    for number, fact in enumerate(static.behaviours):
        if fact.kind != "keep-alive" or fact.reach.reachable is False:
            continue
        message, detail = _said(fact)
        cls = fact.place.cls
        subject = cls if message in _PLAIN else f"{cls}/{message}"
        if subject in seen:
            continue
        seen.add(subject)
        actor = owner(fact.actor, know)
        yield Hit(
            subject=subject,
            message=message,
            args={"actor": actor_name(know, actor), "detail": detail},
            evidence=(f"static/behaviours/{number}",),
            confidence=fact.confidence,
            severity="info" if fact.confidence == "tentative" else "low",
            actor=actor,
        )


def _said(fact: Behaviour) -> tuple[str, str]:
    """Return the message and what it names: the class, or the place and what it concerns."""
    trick, _, more = fact.detail.partition(": ")
    if trick in _TRICKS:
        return trick, f"{fact.place.cls}.{fact.place.method} {more}".strip()
    return "found", f"{fact.place.cls} {fact.detail}".strip()

"""Screens that take going on for consent."""

from collections.abc import Iterator

from checks.api import Hit
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence) -> Iterator[Hit]:
    """Yield one hit for each text that says so."""
    for number, fact in enumerate(static.ui):
        if fact.kind == "implied-consent":
            yield Hit(
                subject=f"{fact.place}/{fact.text[:40]}",
                message="found",
                args={"place": fact.place},
                evidence=(f"static/ui/{number}",),
                confidence=fact.confidence,
            )

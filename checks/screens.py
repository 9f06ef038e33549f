"""Whether an app's screens can be read at all."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import judging
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def drawn_by_engine(static: StaticEvidence, know: Knowledge) -> bool:
    """Tell whether a cross-platform framework or game engine draws the screens, so that layouts
    and strings show nothing of them.
    """
    owners = {match.sdk for match in static.sdks}
    owners |= {match.library for match in static.libraries}
    return bool(owners & set(judging(know).drawing_sdks))


def shown(static: StaticEvidence, kind: str) -> Iterator[Hit]:
    """Yield one hit for each thing of a kind that a user would see, as sure as its reading."""
    for number, fact in enumerate(static.ui):
        if fact.kind == kind:
            yield Hit(
                subject=f"{fact.place}/{fact.text[:40]}",
                message="found",
                args={"place": fact.place},
                evidence=(f"static/ui/{number}",),
                confidence=fact.confidence,
            )

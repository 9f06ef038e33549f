"""Screens that take going on for consent."""

from collections.abc import Iterator

from checks.api import Hit
from checks.screens import shown
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence) -> Iterator[Hit]:
    """Yield one hit for each text that says so."""
    return shown(static, "implied-consent")

"""Consent boxes that are ticked before the user acts."""

from collections.abc import Iterator

from checks.api import Hit
from checks.screens import shown
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence) -> Iterator[Hit]:
    """Yield one hit for each such box."""
    return shown(static, "default-ticked-consent")

"""App data that the platform may back up."""

from collections.abc import Iterator

from checks.api import Hit
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence) -> Iterator[Hit]:
    """Yield one hit unless backup is forbidden."""
    allowed = static.manifest.allow_backup
    if allowed is not False:
        yield Hit(
            subject="application",
            message="default" if allowed is None else "stated",
            evidence=("manifest/allowBackup",),
            confidence="certain",
            severity="info" if allowed is None else "low",
        )

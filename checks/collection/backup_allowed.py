"""App data that the platform may back up."""

from collections.abc import Iterator

from checks.api import Hit
from checks.names import join
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence) -> Iterator[Hit]:
    """Yield one hit unless backup is forbidden. Rules that leave data out are for a person."""
    allowed, rules = static.manifest.allow_backup, static.manifest.backup_rules
    if allowed is not False:
        message = "default" if allowed is None else "stated"
        yield Hit(
            subject="application",
            message="rules" if rules else message,
            args={"rules": join(rules)},
            evidence=("manifest/allowBackup",),
            confidence="certain",
            severity="low" if allowed and not rules else "info",
        )

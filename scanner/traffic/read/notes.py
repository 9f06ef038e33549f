"""What an importer tells besides its records."""

from collections import Counter
from dataclasses import dataclass, field

from scanner.traffic.record import Link

_MAX_REASONS = 12


@dataclass(slots=True)
class Notes:
    """Losses with their reasons, proxy mode, links and names of addresses of one capture."""

    format: str = ""
    mode: str = ""
    losses: Counter[str] = field(default_factory=Counter)
    links: list[Link] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Address -> host name, as DNS replies in the capture gave it."""
    metadata_only: bool = False

    def lose(self, reason: str, count: int = 1) -> None:
        """Count entries that could not be read."""
        self.losses[reason] += count

    @property
    def lost(self) -> int:
        """Return how many entries were lost."""
        return sum(self.losses.values())

    def reasons(self) -> tuple[str, ...]:
        """Return the reasons with counts, most frequent first."""
        rows = sorted(self.losses.items(), key=lambda row: (-row[1], row[0]))[:_MAX_REASONS]
        return tuple(f"{reason} ({count})" if count > 1 else reason for reason, count in rows)

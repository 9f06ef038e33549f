"""What an importer tells besides its records."""

from collections import Counter
from dataclasses import dataclass, field

from scanner.traffic.record import Link
from scanner.traffic.words import Lost


@dataclass(slots=True)
class Notes:
    """Losses with their reasons, proxy mode, links and names of addresses of one capture."""

    format: str = ""
    mode: str = ""
    losses: Counter[Lost] = field(default_factory=Counter)
    links: list[Link] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Address -> host name, as DNS replies in the capture gave it."""
    metadata_only: bool = False

    def lose(self, code: str, detail: str = "", count: int = 1) -> None:
        """Count entries that could not be read: why, as a code of `traffic_words`."""
        self.losses[Lost(code, detail)] += count

    @property
    def lost(self) -> int:
        """Return how many entries were lost."""
        return sum(self.losses.values())

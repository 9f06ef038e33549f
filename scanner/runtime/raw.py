"""What every log reader yields: one recorded access, and what it lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from scanner.model.runtime import NetworkUse


@dataclass(frozen=True, slots=True)
class Access:
    """One access as the log tells it. `api` is `class.method` or an AppOps name; `words` are
    descriptions in any language; `data_type` what the log itself says; `stack` innermost first.
    """

    api: str = ""
    words: str = ""
    data_type: str = ""
    phase: str = ""
    time: str = ""
    package: str = ""
    stack: tuple[str, ...] = ()
    allowed: bool | None = None
    permission: str = ""
    count: int = 1


@dataclass(slots=True)
class Log:
    """A log being read: its format, losses by reason, and network counters."""

    format: str = ""
    losses: Counter[tuple[str, str]] = field(default_factory=Counter)
    network: list[NetworkUse] = field(default_factory=list)

    def lose(self, code: str, detail: str = "", count: int = 1) -> None:
        """Count rows that could not be read: why, as a code of the table `traffic_words`."""
        self.losses[code, detail] += count


class Reader(Protocol):
    """Reads one log format."""

    def __call__(self, data: bytes, log: Log) -> Iterator[Access]:
        """Yield the accesses in `data`."""


MAX_STACK = 30
_MAX_FRAME = 300


def frames(lines: list[str]) -> tuple[str, ...]:
    """Return stack lines without indentation, the word `at`, and excess."""
    cleaned = [line.strip().removeprefix("at ").strip()[:_MAX_FRAME] for line in lines]
    return tuple(line for line in cleaned if line and "." in line)[:MAX_STACK]

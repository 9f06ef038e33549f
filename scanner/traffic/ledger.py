"""One verdict per host: what could be read of its connections."""

from collections import defaultdict
from dataclasses import dataclass, field

from scanner.model.common import Phase
from scanner.model.traffic import ConnectionFact
from scanner.traffic.phases import Phases
from scanner.traffic.record import Link, Record
from scanner.traffic.words import TrafficWords

READ = frozenset({"decrypted", "cleartext"})
METADATA_ONLY = "metadata-only"
NO_REQUEST = "no-request"
"""Verdict of one connection: handshake, then nothing. A host is `suspected-pinning` only when all
its connections ended so."""
_SILENT = frozenset({"no-data", "upstream-unreachable"})


@dataclass(slots=True)
class _Row:
    connections: int = 0
    size: int = 0
    phases: set[Phase] = field(default_factory=set)
    reason: str = ""
    detail: str = ""


class Ledger:
    """Counts connections per host and verdict. Imported exchanges count one connection each."""

    def __init__(self, words: TrafficWords) -> None:
        """Start empty."""
        self._words = words
        self._rows: defaultdict[tuple[str, str], _Row] = defaultdict(_Row)

    def exchange(self, record: Record, phase: Phase, readable: str) -> None:
        """Add an exchange of a capture that has no ledger of its own."""
        if record.method in ("TCP", "UDP"):
            verdict = "private-protocol" if readable == "opaque" else "decrypted"
        else:
            verdict = "cleartext" if record.cleartext else "decrypted"
        size = record.request_size + record.response_size
        self._add((record.host, verdict), 1, size, phase)

    def link(self, link: Link, phases: Phases) -> None:
        """Add connections as a capture or the recorder's ledger reports them."""
        phase = phases.at(link.time, link.phase)
        size = link.sent + link.received
        self._add((link.host, link.verdict), link.count, size, phase, (link.reason, link.detail))

    def _add(
        self,
        key: tuple[str, str],
        count: int,
        size: int,
        phase: Phase,
        why: tuple[str, str] = ("", ""),
    ) -> None:
        row = self._rows[key[0].lower(), key[1]]
        row.connections += count
        row.size += size
        row.phases.add(phase)
        if not row.reason and not row.detail:
            row.reason, row.detail = why

    def evidence(self) -> tuple[ConnectionFact, ...]:
        """Return the ledger in fixed order."""
        hosts: defaultdict[str, set[str]] = defaultdict(set)
        for host, verdict in self._rows:
            hosts[host].add(verdict)
        facts: list[ConnectionFact] = []
        for (host, verdict), row in sorted(self._rows.items()):
            name = verdict
            if verdict == NO_REQUEST:
                name = "suspected-pinning" if hosts[host] <= {NO_REQUEST, *_SILENT} else "no-data"
            facts.append(
                ConnectionFact(
                    host=host,
                    verdict=name,
                    connections=row.connections,
                    bytes=row.size,
                    reason=row.reason,
                    detail=row.detail,
                    text=self._words.reason(row.reason, row.detail)
                    or (None if name in READ else self._words.verdict(name)),
                    phases=tuple(sorted(row.phases)),
                )
            )
        return tuple(facts)

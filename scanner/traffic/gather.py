"""From capture files to traffic evidence."""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from profiles.model import Knowledge
from scanner.model.common import Gap, Input
from scanner.model.errors import InputError
from scanner.model.progress import Tell, silent
from scanner.model.traffic import Capture, TrafficEvidence
from scanner.traffic import gaps as words
from scanner.traffic.countries import embedded, open_source
from scanner.traffic.events import Events, beside, read_events
from scanner.traffic.ledger import METADATA_ONLY, READ
from scanner.traffic.masking import Keyed
from scanner.traffic.phases import Mark, Phases, iso, read_phases
from scanner.traffic.read.formats import Digest, digest, read, sniff
from scanner.traffic.read.notes import Notes
from scanner.traffic.study import Study, compile_tools
from scanner.traffic.subject import NOBODY, read_subject
from scanner.traffic.words import losses

_TELL_EVERY = 500
_HALF_A_YEAR = 183
_MAX_REASONS = 12
BUNDLE_FLOWS = "flows.mitm"


class TrafficGathering(NamedTuple):
    """What `gather_traffic` returns."""

    traffic: TrafficEvidence
    gaps: tuple[Gap, ...]
    inputs: tuple[Input, ...]


class _File(NamedTuple):
    """One capture before it is read: `kind` of format, digest, and its sidecar."""

    path: Path
    kind: str
    digest: Digest
    events: Events


class _Times:
    """The first and last moment of a capture."""

    def __init__(self) -> None:
        self.first = self.last = 0.0

    def note(self, time: float) -> None:
        if time:
            self.first = min(self.first or time, time)
            self.last = max(self.last, time)


def gather_traffic(
    paths: Sequence[Path],
    know: Knowledge,
    *,
    subject: Path | None = None,
    phases: Path | None = None,
    geoip: Path | None = None,
    tell: Tell = silent,
) -> TrafficGathering:
    """Return what captures show.

    A path is a capture file or a bundle folder of `mingcha capture`. `subject` holds the values
    of the test device, `phases` times of phases for captures that carry none, `geoip` a second
    country database. Raises `InputError` for a file that is no capture at all; what is lost
    inside a capture becomes a gap.
    """
    who = read_subject(subject, know) if subject is not None else NOBODY
    marks = read_phases(phases) if phases is not None else []
    sources = [embedded(), *([open_source(geoip)] if geoip is not None else [])]
    files = [_open(path) for path in paths]
    inputs = [_input("traffic", file.path.name, file.digest) for file in files]
    secret = [file.digest.secret for file in files]
    if subject is not None:
        seen = digest(subject)
        inputs.append(_input("subject", subject.name, seen))
        secret = [seen.secret]
    study = Study(
        compile_tools(know, sources), who, Keyed(hashlib.blake2b(b"".join(secret)).digest())
    )
    captures: list[Capture] = []
    gaps: list[Gap] = []
    spans: list[Mark] = list(marks)
    for file in files:
        spans += file.events.marks
        study.phases = Phases(marks or file.events.marks)
        capture = _read(file, study, gaps, tell)
        captures.append(capture)
    traffic = TrafficEvidence(
        captures=tuple(captures),
        exchanges=tuple(study.exchanges.kept),
        sightings=study.sightings.evidence(),
        destinations=study.destinations(),
        connections=study.ledger.evidence(),
        phases=Phases(spans).spans(),
        seeds=who.data_types,
        geoip=embedded().attribution,
    )
    gaps += _gaps(traffic, study)
    return TrafficGathering(traffic, tuple(gaps), tuple(inputs))


def _open(path: Path) -> _File:
    if path.is_dir():
        inner = path / BUNDLE_FLOWS
        if not inner.is_file():
            raise InputError(f"{path}: a folder without {BUNDLE_FLOWS}", "give the capture file")
        path = inner
    seen = digest(path)
    kind = sniff(path)
    sidecar = beside(path) if kind == "mitm" else None
    return _File(path, kind, seen, read_events(sidecar) if sidecar is not None else Events())


def _input(role: str, name: str, seen: Digest) -> Input:
    return Input(
        role="subject" if role == "subject" else "traffic",
        name=name,
        sha256=seen.sha256,
        size=seen.size,
    )


def _read(file: _File, study: Study, gaps: list[Gap], tell: Tell) -> Capture:
    """Study every record of one capture and return its fact."""
    notes = Notes(mode=file.events.mode)
    study.names = dict(file.events.names)
    study.has_ledger = bool(file.events.links)
    count, times = 0, _Times()
    phases: set[str] = set()
    with closing(read(file.path, file.kind, notes)) as records:
        for record in records:
            study.names.update(notes.names)
            exchange = study.add(record)
            count += 1
            phases.add(exchange.phase)
            times.note(record.time)
            if count % _TELL_EVERY == 0:
                tell(f"{file.path.name}: {count} exchanges")
    study.names.update(notes.names)
    _links(file, notes, study)
    for link in notes.links:
        times.note(link.time)
    if file.events.bad:
        notes.lose("bad-event", count=file.events.bad)
    loss = losses(study.words, notes.losses, _MAX_REASONS)
    if notes.lost:
        gaps.append(words.lost_entries(file.path.name, loss, notes.lost))
    if not count and not notes.links:
        gaps.append(words.nothing_read(file.path.name))
    elif notes.metadata_only and notes.links:
        size = sum(link.sent + link.received for link in notes.links)
        why = study.words.verdict(METADATA_ONLY)
        gaps.append(words.unread(file.path.name, METADATA_ONLY, why, len(notes.links), size))
    return Capture(
        name=file.path.name,
        format=notes.format,
        sha256=file.digest.sha256,
        exchanges=count,
        lost=notes.lost,
        loss=loss,
        started=iso(times.first),
        ended=iso(times.last),
        mode=notes.mode,
        phases=tuple(sorted(phases)),  # type: ignore[arg-type]
    )


def _links(file: _File, notes: Notes, study: Study) -> None:
    """Add connections without exchanges: they are destinations too."""
    for link in (*notes.links, *file.events.links):
        host = study.names.get(link.host, link.host) or link.ip
        link.host = host.lower().rstrip(".")
        if not link.host:
            continue
        study.ledger.link(link, study.phases)
        known = link.host in study.hosts
        tally = study.hosts[link.host]
        tally.saw(link.ip)
        if link.verdict not in READ or not known:
            tally.phases.add(study.phases.at(link.time, link.phase))
            tally.sent += link.sent
            tally.received += link.received


def _gaps(traffic: TrafficEvidence, study: Study) -> list[Gap]:
    """Return what the captures together leave open."""
    found: list[Gap] = []
    marked = {phase for capture in traffic.captures for phase in capture.phases}
    if marked <= {"unknown", "boundary"}:
        found.append(words.no_phases())
    if not traffic.seeds:
        found.append(words.no_subject())
    found += _unread(traffic, study)
    if study.limits():
        found.append(words.limits(study.limits(), study.words))
    if study.damage():
        found.append(words.damaged(study.damage(), study.words))
    dropped = study.exchanges.dropped + study.sightings.dropped
    if dropped:
        found.append(words.too_many(dropped))
    return found + _old(traffic)


def _unread(traffic: TrafficEvidence, study: Study) -> list[Gap]:
    """Return a gap for every host whose contents stayed closed."""
    found: list[Gap] = []
    for name, host in sorted(study.hosts.items()):
        if host.opaque:
            found.append(words.opaque(name, host.opaque, host.opaque_bytes))
        if host.absent:
            found.append(words.absent(name, host.absent))
    return found + [
        words.unread(
            fact.host, fact.verdict, study.words.verdict(fact.verdict), fact.connections, fact.bytes
        )
        for fact in traffic.connections
        if fact.verdict not in (*READ, "no-data", METADATA_ONLY)
    ]


def _old(traffic: TrafficEvidence) -> list[Gap]:
    """Warn when the country table is much older than the capture."""
    ended = max((capture.ended[:10] for capture in traffic.captures), default="")
    label = embedded().label
    if not ended:
        return []
    from datetime import date  # noqa: PLC0415 - two dates of the data, no clock

    age = date.fromisoformat(ended) - date.fromisoformat(label.rpartition(" ")[2])
    return [words.old_countries(label)] if age.days > _HALF_A_YEAR else []

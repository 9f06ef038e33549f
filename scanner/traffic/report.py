"""`mingcha traffic`: what captures show, on their own. Pure functions of the evidence."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.base import Doc, Text
from scanner.model.common import Gap, Input
from scanner.model.traffic import Destination, Sighting, TrafficEvidence
from scanner.traffic.gather import TrafficGathering
from scanner.traffic.words import layer_text, traffic_words

Lang = Literal["zh", "en"]
_SHOWN_EXCHANGES = 200
_WIDEST = 48


class TrafficDocument(Doc, tag_field="schema", tag="mingcha.traffic/1"):
    """What `mingcha traffic --json` prints."""

    inputs: tuple[Input, ...]
    traffic: TrafficEvidence
    gaps: tuple[Gap, ...]


class ReportWords(Doc):
    """Table `traffic_report`: headings and codes in both languages."""

    words: dict[str, Text]


def to_json(seen: TrafficGathering) -> bytes:
    """Return the evidence as indented JSON: same captures, same bytes."""
    document = TrafficDocument(inputs=seen.inputs, traffic=seen.traffic, gaps=seen.gaps)
    encoded = msgspec.json.encode(document, order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def to_text(seen: TrafficGathering, know: Knowledge, lang: Lang) -> str:
    """Return the evidence as tables for a terminal."""
    return _Text(know, lang).render(seen)


class _Text:
    """Writes the tables in one language."""

    def __init__(self, know: Knowledge, lang: Lang) -> None:
        self._know = know
        self._lang = lang
        self._layers = traffic_words(know)
        self._words = table(know, "traffic_report", ReportWords).words

    def say(self, name: str) -> str:
        """Return a word of the table, or of the shared words, or the code itself."""
        found = self._words.get(name) or self._know.words.get(name)
        if found is None:
            return name.rpartition(".")[2]
        return found.zh if self._lang == "zh" else found.en

    def render(self, seen: TrafficGathering) -> str:
        traffic = seen.traffic
        parts = [self._captures(traffic)]
        parts.append(self._part("sightings", self._sightings(traffic.sightings)))
        parts.append(self._part("destinations", self._destinations(traffic.destinations)))
        parts.append(self._part("ledger", self._ledger(traffic)))
        parts.append(self._part("exchange-list", self._exchanges(traffic)))
        parts.append(self._gaps(seen.gaps))
        if any(destination.hosting_country for destination in traffic.destinations):
            parts.append(traffic.geoip)
        return "\n\n".join(part for part in parts if part) + "\n"

    def _captures(self, traffic: TrafficEvidence) -> str:
        lines: list[str] = []
        for capture in traffic.captures:
            lost = f", {self.say('lost')} {capture.lost}" if capture.lost else ""
            span = f"{capture.started} – {capture.ended}" if capture.started else ""
            lines.append(
                f"{capture.name} ({capture.format}): {capture.exchanges} {self.say('exchanges')}"
                f"{lost}  {span}".rstrip()
            )
            lines += [
                f"  ! {self._text(loss.text)}{f' ×{loss.count}' if loss.count > 1 else ''}"
                for loss in capture.loss
            ]
        return "\n".join(lines)

    def _part(self, name: str, rows: list[Sequence[str]]) -> str:
        heading = f"{self.say(name)} ({len(rows) - 1})"
        if len(rows) == 1:
            return f"{heading}\n  {self.say('nothing')}"
        return f"{heading}\n{columns(rows)}"

    def _head(self, *names: str) -> tuple[str, ...]:
        return tuple(self.say(f"column.{name}") for name in names)

    def _text(self, text: Text | None) -> str:
        if text is None:
            return ""
        return text.zh if self._lang == "zh" else text.en

    def _type(self, data_type: str) -> str:
        entry = self._know.data_types.get(data_type)
        if entry is None:
            return data_type
        return entry.name.zh if self._lang == "zh" else entry.name.en

    def _sightings(self, sightings: Iterable[Sighting]) -> list[Sequence[str]]:
        rows: list[Sequence[str]] = [
            self._head("type", "value", "actor", "host", "phase", "how", "where", "layers", "times")
        ]
        rows += [
            (
                self._type(s.data_type),
                s.value,
                s.actor,
                s.host + (f" [{self.say('cleartext')}]" if s.cleartext else ""),
                self.say(f"phase.{s.phase}"),
                f"{self.say(f'how.{s.how}')}, {self.say(f'confidence.{s.confidence}')}",
                f"{'' if s.side == 'request' else '< '}{s.field}",
                self._text(layer_text(self._layers, s.encodings)),
                str(s.count),
            )
            for s in sightings
        ]
        return rows

    def _destinations(self, destinations: Iterable[Destination]) -> list[Sequence[str]]:
        rows: list[Sequence[str]] = [
            self._head("host", "country", "mainland", "company", "operator", "received", "bytes")
        ]
        rows += [
            (
                d.host,
                d.hosting_country or "-",
                self._mainland(d),
                d.company or "-",
                d.operator_country or "-",
                ", ".join(map(self._type, d.personal_data)) or self.say("connection-only"),
                f"{d.request_bytes}/{d.response_bytes}",
            )
            for d in destinations
        ]
        return rows

    def _mainland(self, destination: Destination) -> str:
        if destination.outside is None:
            return f"{self.say('undecidable')}: {self.say(f'place.{destination.reason}')}"
        word = self.say(f"fact.{destination.fact}")
        return f"{word} ({self.say('place.mixed')})" if destination.reason else word

    def _ledger(self, traffic: TrafficEvidence) -> list[Sequence[str]]:
        rows: list[Sequence[str]] = [
            self._head("host", "verdict", "connections", "bytes", "reason")
        ]
        rows += [
            (
                f.host,
                self.say(f"verdict.{f.verdict}"),
                str(f.connections),
                str(f.bytes),
                self._text(f.text),
            )
            for f in traffic.connections
        ]
        return rows

    def _exchanges(self, traffic: TrafficEvidence) -> list[Sequence[str]]:
        rows: list[Sequence[str]] = [
            self._head("id", "time", "request", "status", "phase", "actor", "readable")
        ]
        rows += [
            (
                e.id,
                e.time,
                f"{e.method} {e.scheme}://{e.host}{e.path}",
                str(e.status or "-"),
                self.say(f"phase.{e.phase}"),
                e.actor,
                self.say(f"readable.{e.readable}"),
            )
            for e in traffic.exchanges[:_SHOWN_EXCHANGES]
        ]
        return rows

    def _gaps(self, gaps: Sequence[Gap]) -> str:
        if not gaps:
            return self.say("no-gaps")
        lines = [self.say("gaps")]
        for gap in gaps:
            detail = gap.detail.zh if self._lang == "zh" else gap.detail.en
            about = f"{gap.subject}: " if gap.subject else ""
            counted = gap.code != "lost-entries"  # its words count each kind
            times = f" ×{gap.count}" if gap.count > 1 and counted else ""
            lines.append(f"  - {about}{detail}{times}")
        return "\n".join(lines)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned columns; Chinese letters count double, long cells are cut."""
    cells = [[_cut(clean(cell)) for cell in row] for row in rows]
    widths = [max(_width(row[place]) for row in cells) for place in range(len(cells[0]))]
    return "\n".join(
        "  "
        + "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in cells
    )


def clean(text: str) -> str:
    """Return text without control characters: captures must not steer a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _cut(text: str) -> str:
    if _width(text) <= _WIDEST:
        return text
    out = ""
    for letter in text:
        if _width(out) >= _WIDEST - 1:
            break
        out += letter
    return out + "…"

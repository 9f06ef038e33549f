"""`mingcha traffic FILE` for a person: what captures show, in 80 columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TypeVar

from reports.terminal import fit, flow, printable, wrapped
from reports.words import Voice
from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.traffic import ConnectionFact, Destination, Exchange, Sighting, TrafficEvidence

MOST_EXCHANGES = 200
T = TypeVar("T")


class TrafficText(Voice):
    """Says what captures show in one language."""

    def __init__(self, names: Mapping[str, Text], lang: str) -> None:
        """Take words by id; `lang` is `zh` or `en`.

        Ids are those of data types, actors and coded values; layers are `layer.NAME`.
        """
        super().__init__(names, lang)
        self._between = "；" if lang == "zh" else ", "

    def render(self, traffic: TrafficEvidence, gaps: Sequence[Gap]) -> str:
        """Return lines of at most 80 columns, without control characters."""
        parts = [
            self._captures(traffic),
            self._part("sightings", traffic.sightings, self._sightings),
            self._part("destinations", traffic.destinations, self._destinations),
            self._part("ledger", traffic.connections, self._ledger),
            self._part("exchange-list", traffic.exchanges, self._exchanges),
            self._gaps(gaps),
        ]
        if any(destination.hosting_country for destination in traffic.destinations):
            parts.append(wrapped("", traffic.geoip))
        return "\n\n".join("\n".join(fit(printable(x)) for x in part) for part in parts) + "\n"

    def _captures(self, traffic: TrafficEvidence) -> Iterator[str]:
        for capture in traffic.captures:
            lost = f", {self.name('lost')} {capture.lost}" if capture.lost else ""
            yield f"{capture.name} ({capture.format}): {capture.exchanges} " + (
                self.name("exchanges") + lost
            )
            if capture.started:
                yield f"  {capture.started} – {capture.ended}"
            for loss in capture.loss:
                yield from wrapped("  ! ", self.say(loss.text) + _times(loss.count))

    def _part(
        self, name: str, items: Sequence[T], tell: Callable[[Sequence[T]], Iterator[str]]
    ) -> Iterator[str]:
        yield f"{self.name(name)} ({len(items)})"
        if not items:
            yield f"  {self.name('nothing')}"
        yield from tell(items)

    def _sightings(self, sightings: Iterable[Sighting]) -> Iterator[str]:
        """Yield per kind of data and party where it went, then each place it was read at."""
        for data_type, same in groupby(sightings, key=lambda s: s.data_type):
            yield f"  {self.name(data_type)}"
            for head, places in groupby(same, key=self._party):
                yield f"    {head}"
                for sighting in places:
                    yield from self._place(sighting)

    def _party(self, sighting: Sighting) -> str:
        clear = f" [{self.name('cleartext')}]" if sighting.cleartext else ""
        phase = self.name(f"phase.{sighting.phase}")
        return f"{self.name(sighting.actor)} → {sighting.host}{clear} · {phase}"

    def _place(self, sighting: Sighting) -> Iterator[str]:
        side = "" if sighting.side == "request" else "< "
        layers = " → ".join(self.name(f"layer.{layer}") for layer in sighting.encodings)
        parts = [
            f"{side}{sighting.field} = {sighting.value}{_times(sighting.count)}",
            *([layers] if layers else []),
            self.name(f"how.{sighting.how}"),
            self.t(f"confidence.{sighting.confidence}"),
        ]
        yield from flow("      ", parts, " · ")

    def _destinations(self, destinations: Iterable[Destination]) -> Iterator[str]:
        for found in destinations:
            yield from flow(f"  {found.host}: ", self._where(found), " · ")
            if found.personal_data:
                yield from flow("      ", map(self.name, found.personal_data), self._between)

    def _where(self, found: Destination) -> Iterator[str]:
        if found.hosting_country:
            yield f"{self.name('column.country')} {found.hosting_country}"
        yield self._mainland(found)
        if found.company:
            country = f" ({found.operator_country})" if found.operator_country else ""
            yield f"{found.company}{country}"
        if not found.personal_data and found.fact != "outside-connection":
            yield self.name("connection-only")
        yield f"{self.name('column.bytes')} {found.request_bytes:,}/{found.response_bytes:,}"

    def _mainland(self, found: Destination) -> str:
        if found.outside is None:
            return f"{self.name('undecidable')}: {self.name(f'place.{found.reason}')}"
        word = self.name(f"fact.{found.fact}")
        return f"{word} ({self.name('place.mixed')})" if found.reason else word

    def _ledger(self, connections: Iterable[ConnectionFact]) -> Iterator[str]:
        for found in connections:
            parts = [
                self.name(f"verdict.{found.verdict}"),
                f"{self.name('column.connections')} {found.connections}",
                f"{self.name('column.bytes')} {found.bytes:,}",
                *([self.say(found.text)] if found.text else []),
            ]
            yield from flow(f"  {found.host}: ", parts, " · ")

    def _exchanges(self, exchanges: Sequence[Exchange]) -> Iterator[str]:
        for found in exchanges[:MOST_EXCHANGES]:
            parts = (
                found.time,
                str(found.status or "-"),
                self.name(f"phase.{found.phase}"),
                self.name(found.actor),
                self.name(f"readable.{found.readable}"),
            )
            yield from flow(f"  {found.id}  ", parts, " · ")
            yield f"      {found.method} {found.scheme}://{found.host}{found.path}"
        if len(exchanges) > MOST_EXCHANGES:
            yield "  " + self.t("policy_text.more", n=len(exchanges) - MOST_EXCHANGES)

    def _gaps(self, gaps: Sequence[Gap]) -> Iterator[str]:
        yield self.name("gaps" if gaps else "no-gaps")
        for gap in gaps:
            about = f"{gap.subject}: " if gap.subject else ""
            counted = gap.code == "lost-entries"  # its words count each kind
            times = "" if counted else _times(gap.count)
            yield from wrapped("  - ", f"{about}{self.say(gap.detail)}{times}")

    def name(self, id_: str) -> str:
        """Return the word for an id; one without a word is a code, told without its kind."""
        return super().name(id_) if id_ in self._names else id_.rpartition(".")[2]


def _times(count: int) -> str:
    return f" ×{count}" if count > 1 else ""

"""Personal data that was seen leaving the mainland, by host."""

from typing import NamedTuple

from checks.judging import grade, is_sensitive
from checks.names import join, type_name
from profiles.model import Knowledge
from scanner.model.base import Text, same
from scanner.model.common import SEVERITIES, Confidence, Severity
from scanner.model.traffic import Destination, Sighting, TrafficEvidence


class Export(NamedTuple):
    """What went to one host outside the mainland. Hong Kong, Macao and Taiwan count as outside."""

    place: Destination
    types: tuple[str, ...]
    refs: tuple[str, ...]
    severity: Severity
    sensitive: bool
    confidence: Confidence

    def args(self, know: Knowledge) -> dict[str, str | Text]:
        """Return the arguments `host`, `country`, `company` and `data` of a message."""
        return {
            "host": self.place.host,
            "country": country_name(self.place.hosting_country, know),
            "company": self.place.company or Text(zh="运营者未知", en="operator unknown"),
            "data": join(type_name(know, name) for name in self.types),
        }

    @property
    def data_type(self) -> str:
        """The type that weighs most."""
        return self.types[0]


def exports(traffic: TrafficEvidence, know: Knowledge) -> list[Export]:
    """Return what was seen going to hosts that surely lie outside, by host."""
    found = []
    for place in sorted(traffic.destinations, key=lambda d: d.host):
        sent = [s for s in traffic.sightings if s.host == place.host and s.side == "request"]
        if not place.outside or not sent:
            continue
        weights = {s.data_type: grade(know, s.data_type, "observed") for s in sent}
        types = sorted(weights, key=lambda name: (SEVERITIES.index(weights[name]), name))
        best = sorted(sent, key=lambda s: (types.index(s.data_type), s.id))
        found.append(
            Export(
                place=place,
                types=tuple(types),
                refs=(
                    f"traffic/destinations/{place.host}",
                    *(f"traffic/sightings/{s.id}" for s in best[:5]),
                ),
                severity=weights[types[0]],
                sensitive=any(is_sensitive(know, name) for name in types),
                confidence=_confidence(place, sent),
            )
        )
    return found


def _confidence(place: Destination, sent: list[Sighting]) -> Confidence:
    """Return the confidence of the surest sighting, never surer than the place."""
    if not place.decidable or all(s.confidence == "tentative" for s in sent):
        return "tentative"
    return "firm"


def has_undecided(traffic: TrafficEvidence) -> bool:
    """Tell whether personal data went to a host whose place could not be decided."""
    sent = {s.host for s in traffic.sightings if s.side == "request"}
    return any(d.outside is None for d in traffic.destinations if d.host in sent)


def country_name(code: str, know: Knowledge) -> Text:
    """Return the name of a country or region, or its code."""
    return know.words.get(f"country.{code}", same(code or "?"))

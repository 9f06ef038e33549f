"""The calls that reach personal data: which of them, and as JSON: `mingcha calls`.

Pure functions of the static evidence.
"""

from collections.abc import Iterable, Sequence

import msgspec

from scanner.model.base import Doc
from scanner.model.static import CollectionSite, StaticEvidence

SCHEMA = "mingcha.calls/1"


class CallsReport(Doc, tag_field="schema", tag=SCHEMA):
    """The JSON document: the sites, and how many there are per data type."""

    counts: dict[str, int]
    calls: tuple[CollectionSite, ...]


def select_calls(
    static: StaticEvidence,
    data_types: Iterable[str] = (),
    *,
    actors: Iterable[str] = (),
    early_only: bool = False,
) -> tuple[CollectionSite, ...]:
    """Return the sites of these data types and actors (none given = all), early ones first.

    The order is: before consent, data type, actor, place.
    """
    wanted, owners = frozenset(data_types), frozenset(actors)
    found = [
        site
        for site in static.calls
        if (not wanted or site.data_type in wanted)
        and (not owners or site.actor in owners)
        and (site.reach.before_consent or not early_only)
    ]
    return tuple(sorted(found, key=_order))


def _order(site: CollectionSite) -> tuple[bool, str, str, str, str, int]:
    at = site.place
    return (
        not site.reach.before_consent,
        site.data_type,
        site.actor,
        at.cls,
        at.method + at.descriptor,
        at.offset,
    )


def calls_json(sites: Sequence[CollectionSite]) -> bytes:
    """Return the sites as an indented JSON document with a final line break."""
    counts: dict[str, int] = {}
    for data_type in sorted(site.data_type for site in sites):
        counts[data_type] = counts.get(data_type, 0) + 1
    report = CallsReport(counts=counts, calls=tuple(sites))
    raw = msgspec.json.encode(report, order="deterministic")
    return msgspec.json.format(raw, indent=2) + b"\n"

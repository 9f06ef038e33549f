"""Turn evidence references into items that a report can show without the evidence."""

from collections.abc import Callable

import msgspec

from profiles.model import Knowledge
from scanner.describe_absence import absence
from scanner.describe_code import behaviour, bridge, call, flow, ui
from scanner.describe_package import component, endpoint, manifest, permission, sdk
from scanner.describe_policy import cross_border, element, policy_sdk, readability, statement
from scanner.describe_traffic import destination, event, exchange, sighting
from scanner.model.evidence import Evidence
from scanner.model.result import EvidenceItem
from scanner.wording import spaced

Describe = Callable[[str, str, Evidence, Knowledge], EvidenceItem]

_KINDS: dict[str, Describe] = {
    "static/calls/": call,
    "static/flows/": flow,
    "static/permissions/": permission,
    "static/sdks/": sdk,
    "static/ui/": ui,
    "static/behaviours/": behaviour,
    "static/bridges/": bridge,
    "static/components/": component,
    "static/endpoints/": endpoint,
    "traffic/sightings/": sighting,
    "traffic/destinations/": destination,
    "traffic/exchanges/": exchange,
    "runtime/events/": event,
    "policy/statements/": statement,
    "policy/sdks/": policy_sdk,
    "policy/elements/": element,
    "policy/cross-border/": cross_border,
    "policy/readability/": readability,
    "manifest/": manifest,
    "absence/": absence,
}


def describe(ref: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Return the piece of evidence that `ref` points at.

    Raises `LookupError` when there is no such reference: a check that cites what is not there
    must not go unnoticed.
    """
    for prefix, make in _KINDS.items():
        if ref.startswith(prefix):
            item = make(ref, ref.removeprefix(prefix), evidence, know)
            return msgspec.structs.replace(item, title=spaced(item.title))
    raise LookupError(f"unknown evidence reference: {ref}")

"""`mingcha traffic --json`: what captures show, on their own."""

import msgspec

from scanner.model.base import Doc
from scanner.model.common import Gap, Input
from scanner.model.traffic import TrafficEvidence
from scanner.traffic.gather import TrafficGathering


class TrafficDocument(Doc, tag_field="schema", tag="mingcha.traffic/1"):
    """What `mingcha traffic --json` prints."""

    inputs: tuple[Input, ...]
    traffic: TrafficEvidence
    gaps: tuple[Gap, ...]


def to_json(seen: TrafficGathering) -> bytes:
    """Return the evidence as indented JSON: same captures, same bytes."""
    document = TrafficDocument(inputs=seen.inputs, traffic=seen.traffic, gaps=seen.gaps)
    encoded = msgspec.json.encode(document, order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"

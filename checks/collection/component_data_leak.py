"""Personal data that a component hands to any app that asks for it or listens."""

from collections.abc import Iterator
from typing import NamedTuple

from checks.api import Hit
from checks.cells import words
from checks.guards import guard_words, keeps_nobody_out
from checks.judging import grade
from checks.matrix import is_any_data, owner
from profiles.model import Knowledge
from scanner.model.static import DataFlow, StaticEvidence


class _Way(NamedTuple):
    """By what the data leaves: message, name of the component or class, owner, permission."""

    message: str
    name: str
    actor: str
    permission: str
    refs: tuple[str, ...] = ()


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each component, way and data type."""
    seen: set[str] = set()
    for number, flow in enumerate(static.flows):
        way = _way(static, flow)
        if way is None or not keeps_nobody_out(static, know, way.permission):
            continue
        subject = f"{way.name}/{way.message}/{flow.data_type}"
        if subject not in seen:
            seen.add(subject)
            actor = owner(way.actor, know)
            yield Hit(
                subject=subject,
                message=way.message,
                args={
                    **words(know, flow.data_type, actor),
                    "component": way.name,
                    "guard": guard_words(way.permission),
                },
                evidence=(f"static/flows/{number}", *way.refs),
                confidence="tentative" if is_any_data(flow.data_type, know) else flow.confidence,
                severity=grade(know, flow.data_type, "leaves"),
                data_type=flow.data_type,
                actor=actor,
            )


def _way(static: StaticEvidence, flow: DataFlow) -> _Way | None:
    """Return how other apps get the data; None when they do not."""
    if flow.recipient == "receivers":
        return _Way("broadcast", flow.sink.cls, flow.actor, flow.guard)
    if not flow.recipient:
        return None
    for number, found in enumerate(static.components):
        if found.name == flow.component:
            if not found.exported:
                return None
            kind = found.kind.removesuffix("-alias")
            refs = (f"static/components/{number}",)
            guard = flow.guard if kind == "provider" else found.permission
            return _Way(kind, found.name, found.actor, guard, refs)
    return _Way("registered", flow.component, flow.actor, flow.guard)

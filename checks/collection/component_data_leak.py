"""Personal data that a component hands to any app that asks for it or listens."""

from collections.abc import Iterator
from typing import NamedTuple

from checks.api import Hit
from checks.cells import words
from checks.guards import keeps_nobody_out
from checks.judging import grade
from checks.matrix import is_any_data, owner
from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.static import DataFlow, StaticEvidence

_UNGUARDED = Text(zh="未要求权限", en="without a permission")
_NORMAL = Text(
    zh="只要求普通级权限 {name}（任何应用申请即得）",
    en="guarded only by the normal permission {name}, which any app gets by asking",
)


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
                    "guard": _guard(way.permission),
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
            return _Way(kind, found.name, found.actor, found.permission, refs)
    return _Way("registered", flow.component, flow.actor, flow.guard)


def _guard(permission: str) -> Text:
    if not permission:
        return _UNGUARDED
    return Text(zh=_NORMAL.zh.format(name=permission), en=_NORMAL.en.format(name=permission))

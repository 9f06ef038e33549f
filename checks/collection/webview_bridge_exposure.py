"""Personal data that a web page can have through a bridge to the app's code."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.judging import grade
from checks.matrix import owner
from checks.names import actor_name, join, type_name
from checks.reasons import UNKNOWN_BRIDGE
from profiles.model import Knowledge
from scanner.model.common import SEVERITIES
from scanner.model.static import BridgeAccess, StaticEvidence, WebBridge


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each bridge by which a page can ask for personal data and be answered.

    A bridge alone is no finding. Raises `NotAssessed` after the hits when a bridge that may run
    gives an object whose class is not known, or whose methods were not followed.
    """
    live = [(n, b) for n, b in enumerate(static.bridges) if b.reach.reachable is not False]
    for number, bridge in live:
        opens = [access for access in bridge.opens if access.answers]
        if opens:
            yield _hit(number, bridge, opens, know)
    if any(not bridge.cls or not bridge.followed for _, bridge in live):
        raise NotAssessed(UNKNOWN_BRIDGE)


def _hit(number: int, bridge: WebBridge, opens: list[BridgeAccess], know: Knowledge) -> Hit:
    actor = owner(bridge.actor, know)
    types = sorted(
        {access.data_type for access in opens},
        key=lambda name: (SEVERITIES.index(grade(know, name, "reachable")), name),
    )
    firm = bool(bridge.reach.reachable) and any(a.confidence != "tentative" for a in opens)
    methods = dict.fromkeys(access.method.rpartition(".")[2] for access in opens)
    return Hit(
        subject=bridge.cls,
        message="opens",
        args={
            "actor": actor_name(know, actor),
            "methods": join(methods),
            "data": join(type_name(know, name) for name in types),
        },
        evidence=(f"static/bridges/{number}",),
        confidence="firm" if firm else "tentative",
        severity=grade(know, types[0], "reachable"),
        data_type=types[0] if len(types) == 1 else "",
        actor=actor,
    )

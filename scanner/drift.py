"""Drift: what an app does newly, and its policy does not say.

Compares two results of one app. What was there before is old news for the ordinary gate; what the
policy declares clearly is no drift; what could not be judged is said to be so and accuses nobody.
"""

import msgspec

from scanner.model.base import Text, same
from scanner.model.matrix import Cell
from scanner.model.result import DestinationInfo, PolicyReading, Result
from scanner.policy.drift import drift_of_readings, unanswered

UNTOLD = frozenset({"omitted", "incorrect", "ambiguous"})
NOTHING = PolicyReading(documents=(), statements=(), elements=(), parties=())
NO_POLICY = Text(
    zh="没有读到新版的隐私政策，不能判断行为变化是否已告知",
    en="no policy was read for the new version, so drift could not be judged",
)


class Drift(msgspec.Struct, frozen=True):
    """New behaviour that the policy does not declare, and why nothing could be said."""

    undeclared: tuple[Text, ...] = ()
    unjudged: Text | None = None


def behaviour(result: Result) -> dict[tuple[str, str], Cell]:
    """Return by (data type, actor) what code or traffic shows; what is only said is none."""
    cells = result.matrix.cells
    return {(c.data_type, c.actor): c for c in cells if c.reachable or c.leaves or c.observed_count}


def drift_between(old: Result, new: Result) -> Drift:
    """Return what the new version does beyond the old one and does not declare."""
    added = _added_data(old, new) or _added_sdks(old, new) or _added_permissions(old, new)
    if new.policy is None:
        return Drift(unjudged=NO_POLICY if added or _added_hosts(old, new) else None)
    return Drift(
        undeclared=(
            *_untold_data(old, new),
            *_untold_sdks(old, new),
            *_untold_permissions(old, new),
            *_untold_hosts(old, new),
        )
    )


def _added_data(old: Result, new: Result) -> list[Cell]:
    before = behaviour(old)
    return [cell for key, cell in behaviour(new).items() if key not in before]


def _untold_data(old: Result, new: Result) -> list[Text]:
    """Return new data on which the policy is silent or wrong; or vague, as vague as it was."""
    said = drift_of_readings(old.policy or NOTHING, new.policy or NOTHING)
    fresh = {(c.data_type, c.actor): c.declared for c in _added_data(old, new)}
    vague = unanswered((key for key, declared in fresh.items() if declared == "vague"), said)
    silent = sorted({*vague, *(key for key, declared in fresh.items() if declared in UNTOLD)})
    words = {label.id: label.text for label in new.labels}
    pairs = [(words.get(kind, same(kind)), words.get(actor, same(actor))) for kind, actor in silent]
    return [
        Text(
            zh=f"新增个人信息：{kind.zh}（{actor.zh}），政策没有告知",
            en=f"new personal data: {kind.en} ({actor.en}), not in the policy",
        )
        for kind, actor in pairs
    ]


def _added_sdks(old: Result, new: Result) -> list[str]:
    before = {sdk.sdk for sdk in old.sdks if sdk.present or sdk.observed}
    return [s.sdk for s in new.sdks if (s.present or s.observed) and s.sdk not in before]


def _untold_sdks(old: Result, new: Result) -> list[Text]:
    fresh = set(_added_sdks(old, new))
    return [
        Text(
            zh=f"新增 SDK：{s.name.zh}，政策没有列明", en=f"new SDK: {s.name.en}, not in the policy"
        )
        for s in new.sdks
        if s.sdk in fresh and s.declared is False
    ]


def _added_permissions(old: Result, new: Result) -> list[str]:
    before = {p.name for p in old.permissions if p.declared}
    return [p.name for p in new.permissions if p.declared and p.name not in before]


def _untold_permissions(old: Result, new: Result) -> list[Text]:
    """Return new permissions that need the user's consent and are not explained."""
    fresh = set(_added_permissions(old, new))
    return [
        Text(
            zh=f"新增权限：{p.label.zh} {p.name}，政策没有说明",
            en=f"new permission: {p.label.en} {p.name}, not explained in the policy",
        )
        for p in new.permissions
        if p.name in fresh and p.explained is False and p.protection in {"dangerous", "appop"}
    ]


def _added_hosts(old: Result, new: Result) -> list[DestinationInfo]:
    before = {d.host for d in old.destinations}
    return [d for d in new.destinations if d.outside and d.host not in before]


def _untold_hosts(old: Result, new: Result) -> list[Text]:
    return [
        Text(
            zh=f"新增境外主机：{d.host}（{d.hosting_country}），政策没有列明接收方",
            en=f"new host abroad: {d.host} ({d.hosting_country}), receiver not in the policy",
        )
        for d in _added_hosts(old, new)
        if d.declared is not True
    ]

"""Statements of the policy that contradict each other."""

from collections import defaultdict
from collections.abc import Iterator

from checks.api import Hit
from checks.names import type_name
from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.policy import PolicyEvidence

_ACTIONS = {
    "collect": Text(zh="收集", en="collected"),
    "share": Text(zh="共享", en="shared"),
    "transfer_abroad": Text(zh="向境外提供", en="sent abroad"),
}


def run(policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each type that the same actor both does and does not handle."""
    sides: defaultdict[tuple[str, str, str], dict[str, list[int]]] = defaultdict(dict)
    for number, statement in enumerate(policy.statements):
        side = {"positive": "yes", "negative": "no"}.get(statement.polarity)
        if side is None or statement.action not in _ACTIONS or statement.confidence == "tentative":
            continue
        for data_type in statement.data_types:
            key = (data_type, statement.actor, statement.action)
            sides[key].setdefault(side, []).append(number)
    for (data_type, actor, action), found in sorted(sides.items()):
        said, denied = found.get("yes", []), found.get("no", [])
        apart = [(a, b) for a in said for b in denied if not _beside(policy, a, b)]
        if apart:
            yield Hit(
                subject=f"{data_type}/{actor}/{action}",
                message="found",
                args={"data": type_name(know, data_type), "action": _ACTIONS[action]},
                evidence=(f"policy/statements/{apart[0][0]}", f"policy/statements/{apart[0][1]}"),
                data_type=data_type,
                actor=actor,
            )


def _beside(policy: PolicyEvidence, a: int, b: int) -> bool:
    """Tell whether two statements come from one sentence: "we take X but do not store it"."""
    one, other = policy.statements[a], policy.statements[b]
    return one.document == other.document and one.start < other.end and other.start < one.end

"""Personal data that goes abroad although the policy denies it."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.exports import exports, has_undecided
from checks.matrix import owner
from checks.reasons import UNDECIDED
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence
from scanner.model.traffic import TrafficEvidence


def run(traffic: TrafficEvidence, policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each host outside the mainland; a loose denial is for review."""
    said = policy.cross_border
    if said.stance != "denied":
        return
    quotes = tuple(f"policy/cross-border/{n}" for n in range(min(2, len(said.quotes))))
    for export in exports(traffic, know):
        sure = said.confidence != "tentative"
        yield Hit(
            subject=export.place.host,
            message="found",
            args=export.args(know),
            evidence=(*export.refs, *quotes),
            confidence=export.confidence if sure else "tentative",
            severity="critical" if export.sensitive and sure else export.severity,
            data_type=export.data_type,
            actor=owner(export.place.actor, know),
        )
    if has_undecided(traffic):
        raise NotAssessed(UNDECIDED)

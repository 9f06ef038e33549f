"""Personal data that goes abroad while the policy is silent about export."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.exports import exports, has_undecided
from checks.matrix import owner
from checks.reasons import UNDECIDED
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence
from scanner.model.traffic import TrafficEvidence


def run(traffic: TrafficEvidence, policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each host outside the mainland that got personal data."""
    if policy.cross_border.stance == "none":
        for export in exports(traffic, know):
            yield Hit(
                subject=export.place.host,
                message="found",
                args=export.args(know),
                evidence=(*export.refs, "absence/cross-border/"),
                confidence=export.confidence,
                severity=export.severity,
                data_type=export.data_type,
                actor=owner(export.place.actor, know),
            )
    if has_undecided(traffic):
        raise NotAssessed(UNDECIDED)

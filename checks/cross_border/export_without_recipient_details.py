"""A notice on export without all the items it must have."""

from collections.abc import Iterator

from checks.api import Hit, NotApplicable
from checks.exports import exports
from checks.names import join
from checks.reasons import NO_EXPORT
from profiles.model import Knowledge
from scanner.model.base import same
from scanner.model.policy import PolicyEvidence
from scanner.model.traffic import TrafficEvidence

ITEMS = ("receiver", "contact", "purpose", "method", "types", "rights")


def run(policy: PolicyEvidence, traffic: TrafficEvidence | None, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit that names the missing items, when the policy speaks of export at all."""
    said = policy.cross_border
    if said.stance not in ("declared", "conditional"):
        raise NotApplicable(NO_EXPORT)
    missing = [item for item in ITEMS if item not in said.items]
    if not missing:
        return
    seen = exports(traffic, know) if traffic is not None else []
    yield Hit(
        subject="notice",
        message="observed" if seen else "text",
        args={"items": join(know.words.get(f"export_item.{i}", same(i)) for i in missing)},
        evidence=(
            *(f"policy/cross-border/{n}" for n in range(min(2, len(said.quotes)))),
            *(ref for export in seen[:2] for ref in export.refs[:2]),
        ),
        confidence=said.confidence,
        severity="medium" if seen else "low" if said.stance == "declared" else "info",
        outcome="fail" if seen and said.stance == "declared" else "review",
    )

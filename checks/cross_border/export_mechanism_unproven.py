"""Export takes place or is declared: which mechanism does it need, by the facts given."""

from collections.abc import Iterator

from checks.api import Context, Hit, NotApplicable, NotAssessed
from checks.export_rules import decide, open_questions, too_early
from checks.exports import exports
from checks.names import join
from checks.reasons import NO_EXPORT, TOO_EARLY
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence
from scanner.model.traffic import TrafficEvidence


def run(
    policy: PolicyEvidence | None, traffic: TrafficEvidence | None, ctx: Context, know: Knowledge
) -> Iterator[Hit]:
    """Yield one hit when there is export, with the mechanism or with the open questions."""
    seen = exports(traffic, know) if traffic is not None else []
    declared = policy is not None and policy.cross_border.stance == "declared"
    if not seen and not declared:
        raise NotApplicable(NO_EXPORT)
    if too_early(ctx.as_of, know):
        raise NotAssessed(TOO_EARLY)
    quotes = policy.cross_border.quotes[:1] if policy is not None and declared else ()
    mechanism = decide(ctx.export_facts, know)
    facts = ", ".join(f"{name}={value}" for name, value in sorted(ctx.export_facts.items()))
    yield Hit(
        subject="mechanism",
        message="open" if mechanism is None else "decided",
        args={"questions": join(open_questions(ctx.export_facts, know), separators=("", " "))}
        if mechanism is None
        else {"facts": facts, "mechanism": mechanism.name, "still": mechanism.still},
        evidence=(
            *(ref for export in seen[:2] for ref in export.refs[:2]),
            *(f"policy/cross-border/{n}" for n in range(len(quotes))),
        ),
        severity="info" if mechanism is not None and mechanism.id.startswith("none") else "low",
    )

"""Promises to answer that take longer than the rules allow."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import judging
from checks.policy_text import element, numbers
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence

_REF = "policy/elements/E14"


def run(policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for the longest promise beyond the limit, or when there is none at all."""
    found, limits = element(policy, "E14"), judging(know)
    if found.found == "not_found":
        yield Hit(
            subject="time",
            message="none",
            evidence=(_REF,),
            confidence=found.confidence,
            severity="low",
            outcome="review",
        )
        return
    texts = [found.value] if found.value else [quote.text for quote in found.quotes]
    working = [n for text in texts for n in numbers(text, "工作日")]
    natural = [n for text in texts for n in numbers(text, "(?:自然日|日|天)(?!内?容)")]
    for message, longest, limit in (
        ("working", max(working, default=0), limits.answer_working_days),
        ("natural", max(natural, default=0), limits.answer_natural_days),
    ):
        if longest > limit:
            yield Hit(
                subject="time",
                message=message,
                args={"days": str(longest)},
                evidence=(_REF,),
                confidence=found.confidence,
            )
            return

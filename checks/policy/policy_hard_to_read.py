"""A policy that ordinary users can hardly read."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import judging
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence

_REF = "policy/readability/measures"


def run(policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each measure beyond the table: language, length, sentences."""
    limits, measured = judging(know), policy.readability
    if not measured.chars:
        return
    if measured.simplified_share < limits.least_simplified:
        yield Hit(
            subject="language",
            message="language",
            args={"share": f"{measured.simplified_share:.0%}"},
            evidence=(_REF,),
            severity="medium",
        )
    if measured.chars > limits.long_policy_chars:
        yield Hit(
            subject="length",
            message="long",
            args={"chars": str(measured.chars)},
            evidence=(_REF,),
            severity="info",
        )
    if measured.mean_sentence > limits.long_sentence_mean:
        yield Hit(
            subject="sentences",
            message="sentences",
            args={"mean": f"{measured.mean_sentence:.0f}"},
            evidence=(_REF,),
        )

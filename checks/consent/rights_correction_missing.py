"""No way to correct one's data."""

from collections.abc import Iterator

from checks.api import Hit
from checks.policy_text import missing_right
from scanner.model.policy import PolicyEvidence


def run(policy: PolicyEvidence) -> Iterator[Hit]:
    """Yield one hit when the policy does not offer it, or does not say how."""
    yield from missing_right(policy, None, "E13.correct", (), "medium")

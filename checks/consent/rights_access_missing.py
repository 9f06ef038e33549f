"""No way to access one's data."""

from collections.abc import Iterator

from checks.api import Hit
from checks.policy_text import missing_right
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence


def run(policy: PolicyEvidence, static: StaticEvidence | None) -> Iterator[Hit]:
    """Yield one hit when neither policy nor screens offer it, or only half of it."""
    yield from missing_right(policy, static, "E13.access", ("data-export",), "medium")

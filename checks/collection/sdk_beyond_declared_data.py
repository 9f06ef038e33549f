"""What SDKs take beyond what the policy, or their own statement, says of them."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import subject, words
from checks.judging import grade, strength
from checks.sdk_list import spoken_of
from profiles.model import Knowledge
from scanner.model.common import Severity
from scanner.model.matrix import Matrix
from scanner.model.policy import PolicyEvidence


def run(policy: PolicyEvidence, matrix: Matrix, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each data type of a named SDK that neither list nor text covers."""
    named = spoken_of(policy, know)
    rows = {row.sdk: f"policy/sdks/{number}" for number, row in enumerate(policy.sdks)}
    for cell in matrix.cells:
        strong = strength(cell)
        if strong is None or cell.actor not in know.sdks or cell.actor not in named:
            continue
        beyond = cell.declared == "omitted"
        if not beyond and cell.sdk_declares is not False:
            continue
        severity = grade(know, cell.data_type, strong)
        row = (rows[cell.actor],) if cell.actor in rows else ()
        absence = (f"absence/declared/{cell.data_type}",) if beyond else ()
        yield Hit(
            subject=subject(cell),
            message="policy" if beyond else "statement",
            args=words(know, cell.data_type, cell.actor),
            evidence=(*cell.evidence, *row, *absence),
            confidence="firm" if beyond else "tentative",
            severity=severity if beyond else _at_most_low(severity),
            outcome="fail" if beyond and strong != "reachable" else "review",
            data_type=cell.data_type,
            actor=cell.actor,
        )


def _at_most_low(severity: Severity) -> Severity:
    """Return at most low: a statement may belong to another version."""
    return "info" if severity == "info" else "low"

"""Personal data that the policy covers only by a wider term or a general actor."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import confidence, subject, words
from checks.judging import grade, lower, sensitivity, strength
from checks.sdk_list import spoken_of
from profiles.model import Knowledge
from scanner.model.matrix import Matrix
from scanner.model.policy import PolicyEvidence


def run(matrix: Matrix, policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each cell with behaviour that is declared vaguely.

    What an unnamed SDK merely could read is told once, by `undisclosed-sdk`. For third-party code
    listing one by one is a duty of its own; for the app itself a vague word is worth a note, and
    none at all for technical data.
    """
    named = spoken_of(policy, know)
    for cell in matrix.cells:
        strong = strength(cell)
        if strong is None or cell.declared != "vague":
            continue
        is_sdk = cell.actor in know.sdks
        if is_sdk and strong == "reachable" and cell.actor not in named:
            continue
        if not is_sdk and sensitivity(know, cell.data_type) == "trivial":
            continue
        firm = is_sdk and strong != "reachable"
        yield Hit(
            subject=subject(cell),
            message="sdk" if is_sdk else "app",
            args=words(know, cell.data_type, cell.actor),
            evidence=cell.evidence,
            confidence=confidence(cell),
            severity=lower(grade(know, cell.data_type, strong)) if firm else "low",
            outcome="fail" if firm else "review",
            data_type=cell.data_type,
            actor=cell.actor,
        )

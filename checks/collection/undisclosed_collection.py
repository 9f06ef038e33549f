"""Personal data that somebody takes and the policy does not mention."""

from collections.abc import Iterator

from checks.api import Hit
from checks.cells import confidence, subject, words
from checks.judging import grade, strength
from checks.sdk_list import spoken_of
from profiles.model import Knowledge
from scanner.model.matrix import Matrix
from scanner.model.policy import PolicyEvidence


def run(matrix: Matrix, policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each cell with behaviour that the policy omits.

    SDKs that the policy names with other data belong to `sdk-beyond-declared-data`; what an
    unnamed SDK merely could read is told once, by `undisclosed-sdk`.
    """
    named = spoken_of(policy, know)
    for cell in matrix.cells:
        strong = strength(cell)
        if strong is None or cell.declared != "omitted" or cell.actor in named:
            continue
        if strong == "reachable" and cell.actor in know.sdks:
            continue
        yield Hit(
            subject=subject(cell),
            message=strong,
            args=words(know, cell.data_type, cell.actor),
            evidence=(*cell.evidence, f"absence/declared/{cell.data_type}"),
            confidence=confidence(cell),
            severity=grade(know, cell.data_type, strong),
            outcome="review" if strong == "reachable" else "fail",
            data_type=cell.data_type,
            actor=cell.actor,
        )

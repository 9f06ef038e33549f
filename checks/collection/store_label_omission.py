"""Personal data that the app takes and its store label does not name."""

from collections.abc import Iterator

from checks.api import Context, Hit
from checks.cells import confidence, refs, subject, words
from checks.judging import Strength, grade, strength
from checks.store_label import answers_for, given, named
from profiles.model import Knowledge
from scanner.model.matrix import Cell, Matrix


def run(matrix: Matrix, ctx: Context, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each cell that no answer of the form covers.

    The form asks for what leaves the device: what was seen in traffic fails; what flows out in
    code, was only read on the device, or could be read, is for review.
    """
    label = given(ctx.store_label)
    for cell in matrix.cells:
        answers = answers_for(cell.data_type, know)
        strong = _strength(cell)
        if strong is None or not answers or label.declares(one.id for one in answers):
            continue
        yield Hit(
            subject=subject(cell),
            message=strong,
            args={**words(know, cell.data_type, cell.actor), "answers": named(answers)},
            evidence=cell.evidence,
            confidence=confidence(cell),
            severity=grade(know, cell.data_type, strong),
            outcome="fail" if strong == "observed" else "review",
            data_type=cell.data_type,
            actor=cell.actor,
        )


def _strength(cell: Cell) -> Strength | None:
    """Return the strength of the evidence that data leaves the device."""
    strong = strength(cell)
    if strong != "observed" or refs(cell, "traffic/"):
        return strong
    return "leaves" if cell.leaves else "reachable"

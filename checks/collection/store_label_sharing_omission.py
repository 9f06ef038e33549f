"""Personal data that goes to a third party although the store label tells of no sharing."""

from collections.abc import Iterator

from checks.api import Context, Hit
from checks.cells import confidence, is_nobody, refs, subject, words
from checks.judging import grade, lower
from checks.store_label import answers_for, given, named
from profiles.model import Knowledge
from scanner.model.common import APP
from scanner.model.matrix import Matrix


def run(matrix: Matrix, ctx: Context, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each data type seen going to a named third party without such a tick.

    A processor that acts for the developer is no sharing by the form's own rules, which no
    capture can tell: always for review. Data that is not declared at all is told elsewhere.
    """
    label = given(ctx.store_label)
    for cell in matrix.cells:
        if cell.actor == APP or is_nobody(cell.actor) or not refs(cell, "traffic/"):
            continue
        answers = answers_for(cell.data_type, know)
        ids = tuple(one.id for one in answers)
        if not answers or not label.declares(ids) or label.shares(ids):
            continue
        yield Hit(
            subject=subject(cell),
            message="observed",
            args={**words(know, cell.data_type, cell.actor), "answers": named(answers)},
            evidence=cell.evidence,
            confidence=confidence(cell),
            severity=lower(grade(know, cell.data_type, "observed")),
            data_type=cell.data_type,
            actor=cell.actor,
        )

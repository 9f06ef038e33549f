"""Personal data behind permission groups that apps of the category do not usually need."""

from collections.abc import Iterator

from checks.api import Context, Hit, NotAssessed
from checks.cells import subject, words
from checks.judging import judging, strength
from checks.reasons import NO_CATEGORY
from profiles.model import Knowledge
from scanner.model.matrix import Matrix


def run(matrix: Matrix, ctx: Context, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each cell whose type belongs only to groups that are unusual here."""
    category = know.categories.get(ctx.category)
    if category is None:
        raise NotAssessed(NO_CATEGORY)
    usual = {*category.permissions_basic, *category.permissions_with_function}
    groups: dict[str, set[str]] = {}
    for group in know.permission_groups.values():
        for data_type in group.data_types:
            groups.setdefault(data_type, set()).add(group.id)
    sure = ctx.category_confidence == "certain"
    for cell in matrix.cells:
        strong = strength(cell)
        typed = cell.data_type in judging(know).typed_by_users
        if typed and not (cell.reachable or cell.leaves):
            continue
        of = groups.get(cell.data_type, set())
        if strong is None or not of or of & usual:
            continue
        if set(know.ancestors(cell.data_type)) & set(category.necessary):
            continue
        yield Hit(
            subject=subject(cell),
            message="found",
            args={**words(know, cell.data_type, cell.actor), "category": category.name},
            evidence=cell.evidence,
            confidence="firm" if sure else "tentative",
            severity="medium" if strong == "observed" and sure else "low",
            data_type=cell.data_type,
            actor=cell.actor,
        )

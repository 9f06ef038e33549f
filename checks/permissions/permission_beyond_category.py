"""Permissions outside the groups that apps of the category usually need."""

from collections.abc import Iterator

from checks.api import Context, Hit, NotAssessed
from checks.names import permission_name
from checks.permission_facts import is_personal
from checks.reasons import NO_CATEGORY
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, ctx: Context, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each declared run-time permission of an unusual group."""
    category = know.categories.get(ctx.category)
    if category is None:
        raise NotAssessed(NO_CATEGORY)
    usual = {*category.permissions_basic, *category.permissions_with_function}
    sure = ctx.category_confidence == "certain"
    for number, fact in enumerate(static.permissions):
        groups = {g.id for g in know.permission_groups.values() if fact.name in g.permissions}
        known = know.permissions.get(fact.name)
        if not fact.declared or not groups or groups & usual or known is None:
            continue
        if is_personal(known):
            yield Hit(
                subject=fact.name,
                message="found",
                args={
                    "permission": permission_name(know, fact.name),
                    "category": category.name,
                },
                evidence=(f"static/permissions/{number}",),
                confidence="firm" if sure else "tentative",
                severity="medium" if known.risk == "high" and sure else "low",
            )

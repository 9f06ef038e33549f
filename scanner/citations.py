"""Which regulations judge on a day, what they cite, and how a citation reads on that day."""

from collections.abc import Iterable

from profiles.model import Knowledge, LawRef, Profile, Regulation
from scanner.model.base import Text

NEWEST = "9999-12-31"
"""Stands for "no date given": the newest state of the rules that the knowledge holds."""


def in_force(
    profile: Profile, know: Knowledge, as_of: str, packs: tuple[str, ...] = ()
) -> tuple[Regulation, ...]:
    """Return the profile's regulations that judge on an ISO date ("" = newest state).

    An optional pack judges only when `packs` names it. A draft has no force date.
    """
    chosen = [know.regulations[name] for name in profile.regulations]
    return tuple(
        rule
        for rule in chosen
        if is_between(rule.in_force, rule.until, as_of) and (not rule.optional or rule.id in packs)
    )


def left_out(
    profile: Profile, know: Knowledge, as_of: str, packs: tuple[str, ...] = ()
) -> tuple[Regulation, ...]:
    """Return the regulations that would judge if they were in force on the day."""
    chosen = [know.regulations[name] for name in profile.regulations]
    return tuple(
        rule
        for rule in chosen
        if (not rule.optional or rule.id in packs)
        and not is_between(rule.in_force, rule.until, as_of)
    )


def is_between(start: str, end: str, as_of: str) -> bool:
    """Tell whether a day lies in a span of ISO dates; "" = open end, or the newest state."""
    day = as_of or NEWEST
    return (not start or start <= day) and (not end or (bool(as_of) and as_of <= end))


def cited_checks(regulations: Iterable[Regulation]) -> frozenset[str]:
    """Return the ids of all checks that clauses cite."""
    return frozenset(
        check for rule in regulations for clause in rule.clauses for check in clause.checks
    )


def citation(law: LawRef, as_of: str) -> Text | None:
    """Return an article as it is cited on a day, None when it is not in force then.

    After a renumbering the old number follows in brackets; before it, the old number is used.
    """
    day = as_of or NEWEST
    if not is_between(law.in_force, law.until, as_of):
        return None
    article, note_zh, note_en = law.article, "", ""
    if law.old_article and law.renumbered and day < law.renumbered:
        article = law.old_article
    elif law.old_article:
        note_zh, note_en = f"（原第{law.old_article}条）", f" (formerly article {law.old_article})"
    if not article[:1].isdigit():
        return Text(
            zh=f"《{law.law.zh}》{article}：{law.gist.zh}", en=f"{law.law.en}: {law.gist.en}"
        )
    return Text(
        zh=f"《{law.law.zh}》第{article}条{note_zh}：{law.gist.zh}",
        en=f"{law.law.en}, article {article}{note_en}: {law.gist.en}",
    )

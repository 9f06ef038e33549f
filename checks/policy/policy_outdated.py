"""A policy older than the rules it must follow."""

import re
from collections.abc import Iterator

from checks.api import Context, Hit, NotAssessed
from checks.judging import judging
from checks.policy_text import element
from checks.reasons import NO_DATE
from checks.times import days
from profiles.model import Knowledge, LawRef
from scanner.model.policy import Element, PolicyEvidence

_DATE = re.compile(r"(20\d{2})\s?[年./-]\s?(\d{1,2})\s?[月./-]\s?(\d{1,2})")
_REF = "policy/elements/E19"
_ID = "policy-outdated"


def run(policy: PolicyEvidence, ctx: Context, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit when the latest date in the policy precedes the newest rule that cites this
    check, else when it is old on the day of judging.
    """
    date = latest_date(element(policy, "E19"))
    if not date:
        raise NotAssessed(NO_DATE)
    rule = newest_rule(know, ctx.as_of)
    if rule is not None and date < rule.in_force:
        yield Hit(
            subject="date",
            message="older",
            args={"date": date, "law": rule.law, "since": rule.in_force},
            evidence=(_REF,),
        )
        return
    today, then, limit = days(ctx.as_of), days(date), judging(know).old_policy_days
    if today is not None and then is not None and today - then > limit:
        yield Hit(
            subject="date",
            message="old",
            args={"date": date, "today": ctx.as_of, "days": str(limit)},
            evidence=(_REF,),
            severity="info",
        )


def latest_date(found: Element) -> str:
    """Return the latest date that the element's value and quotes state, as ISO, or ""."""
    texts = (found.value, *(quote.text for quote in found.quotes))
    dates = [f"{y}-{int(m):02}-{int(d):02}" for t in texts for y, m, d in _DATE.findall(t)]
    return max((date for date in dates if days(date) is not None), default="")


def newest_rule(know: Knowledge, as_of: str) -> LawRef | None:
    """Return the newest article in force that clauses citing this check rest on."""
    cited = {
        name
        for regulation in know.regulations.values()
        if not regulation.draft
        for clause in regulation.clauses
        if _ID in clause.checks
        for name in clause.law
    }
    laws = [know.laws[name] for name in sorted(cited) if name in know.laws]
    return max(
        (law for law in laws if law.in_force and (not as_of or law.in_force <= as_of)),
        key=lambda law: law.in_force,
        default=None,
    )

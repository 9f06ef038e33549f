"""Early warning: what spreads from one campaign, or one stretch of time, to the next."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from scanner.fleet.tables import (
    cells,
    checks,
    coverage,
    destinations,
    findings,
    names,
    permissions,
    scans,
    sdks,
)
from scanner.model.base import Doc, Text, same
from scanner.model.errors import InputError

Z = 1.645
"""Two one-sided 95 % bounds: what lies between them may be chance."""
NAMED_APPS = 20

Kind = Literal["sdk", "host", "abroad", "check", "permission"]
Change = Literal["new", "rising"]


class Ground(msgspec.Struct, frozen=True):
    """The scans that are looked at: a campaign, or the part of it in a stretch of time.

    `since` and `until` are ISO 8601 in UTC, empty for no bound; `until` is not included.
    """

    engine: sa.Engine
    campaign: str
    since: str = ""
    until: str = ""

    def scans(self) -> sa.ColumnElement[bool]:
        """Return the condition that holds for the scans of this ground."""
        parts = [scans.c.campaign == self.campaign, scans.c.state == "done"]
        if self.since:
            parts.append(scans.c.finished >= self.since)
        if self.until:
            parts.append(scans.c.finished < self.until)
        return sa.and_(*parts)


class Trend(Doc):
    """Something that spreads. `before` of `before_of` apps had it, `now` of `now_of` have it."""

    kind: Kind
    id: str
    name: Text
    change: Change
    before: int
    before_of: int
    now: int
    now_of: int
    apps: tuple[str, ...] = ()


class Trends(Doc):
    """All of them, the widest spread first. `not_compared`: kinds that one side never examined."""

    old: str
    new: str
    before_of: int
    now_of: int
    trends: tuple[Trend, ...]
    not_compared: tuple[Kind, ...] = ()


class _Question(msgspec.Struct, frozen=True):
    """What is counted, in which apps, and of which apps: those whose `part` was examined, or
    with `checks` those in which the check itself came to an answer.
    """

    table: sa.Table
    column: sa.ColumnElement[Any]
    part: str
    names: str = ""
    where: tuple[sa.ColumnElement[bool], ...] = ()


QUESTIONS: dict[Kind, _Question] = {
    "sdk": _Question(sdks, sdks.c.sdk, "static", "sdk"),
    "host": _Question(
        destinations, destinations.c.host, "traffic", where=(destinations.c.outside.is_(sa.true()),)
    ),
    "abroad": _Question(
        cells,
        cells.c.data_type,
        "traffic",
        "label",
        (cells.c.outside.is_(sa.true()), cells.c.observed > 0),
    ),
    "check": _Question(
        findings,
        findings.c.check_id,
        "checks",
        "check",
        (findings.c.outcome.in_(["fail", "review"]),),
    ),
    "permission": _Question(permissions, permissions.c.permission, "static"),
}


def compare(old: Ground, new: Ground, least: int = 2) -> Trends:
    """Return what is new in at least `least` apps, or risen by more than chance explains.

    Risen: the lower Wilson bound of the present share lies above the upper bound of the former.
    """
    found: list[Trend] = []
    skipped: list[Kind] = []
    for kind, question in QUESTIONS.items():
        before = _counts(old, question)
        wholes = _wholes(old, question), _wholes(new, question)
        for name, now in _counts(new, question).items():
            before_of, now_of = (whole.get(name, whole.get("", 0)) for whole in wholes)
            if not before_of or not now_of:
                skipped.append(kind)
                continue
            change = _change(before.get(name, 0), before_of, now, now_of)
            if change and now >= least:
                found.append(
                    Trend(
                        kind=kind,
                        id=name,
                        name=_name(new, question.names, name),
                        change=change,
                        before=before.get(name, 0),
                        before_of=before_of,
                        now=now,
                        now_of=now_of,
                        apps=_apps(new, question, name),
                    )
                )
    found.sort(key=lambda t: (t.before / t.before_of - t.now / t.now_of, t.kind, t.id))
    return Trends(
        old=_called(old),
        new=_called(new),
        before_of=_examined(old, ""),
        now_of=_examined(new, ""),
        trends=tuple(found),
        not_compared=tuple(dict.fromkeys(skipped)),
    )


def last_days(ground: Ground, days: int) -> tuple[Ground, Ground]:
    """Return the ground before and in the last `days` days, counted from its newest scan.

    Raises `InputError` when the campaign has no times.
    """
    with ground.engine.connect() as db:
        newest = db.execute(sa.select(sa.func.max(scans.c.finished)).where(ground.scans())).scalar()
    if not newest:
        raise InputError(f"campaign {ground.campaign!r} has no scans with a time")
    edge = (datetime.fromisoformat(newest) - timedelta(days=days)).isoformat(timespec="seconds")
    return (
        msgspec.structs.replace(ground, until=edge),
        msgspec.structs.replace(ground, since=edge),
    )


def rows(found: Trends, lang: str) -> Iterator[tuple[object, ...]]:
    """Yield the table of trends, its head first."""
    yield ("kind", "change", "id", "name", "before", "before_of", "now", "now_of", "apps")
    for t in found.trends:
        name = t.name.zh if lang == "zh" else t.name.en
        apps = " ".join(t.apps)
        yield (t.kind, t.change, t.id, name, t.before, t.before_of, t.now, t.now_of, apps)


def bounds(hits: int, of: int) -> tuple[float, float]:
    """Return the Wilson bounds of a share."""
    share, square = hits / of, Z * Z
    middle = share + square / (2 * of)
    spread = Z * ((share * (1 - share) + square / (4 * of)) / of) ** 0.5
    return (middle - spread) / (1 + square / of), (middle + spread) / (1 + square / of)


def bytewise(engine: sa.Engine) -> str:
    """Return the collation that orders text as Python does."""
    return "C" if engine.dialect.name == "postgresql" else "BINARY"


def _change(before: int, before_of: int, now: int, now_of: int) -> Change | None:
    if not before:
        return "new"
    return "rising" if bounds(now, now_of)[0] > bounds(before, before_of)[1] else None


def _wholes(ground: Ground, question: _Question) -> dict[str, int]:
    """Return of how many apps a count is: by what is counted, or "" for all of it."""
    if question.part != "checks":
        return {"": _examined(ground, question.part)}
    return _counts(ground, _Question(checks, checks.c.check_id, ""))


def _examined(ground: Ground, part: str) -> int:
    query = sa.select(sa.func.count(sa.distinct(scans.c.package))).where(ground.scans())
    if part:
        query = query.join(coverage, coverage.c.scan == scans.c.key).where(
            coverage.c.part == part, coverage.c.examined.is_(sa.true())
        )
    with ground.engine.connect() as db:
        return int(db.execute(query).scalar() or 0)


def _counts(ground: Ground, question: _Question) -> dict[str, int]:
    query = (
        sa.select(question.column, sa.func.count(sa.distinct(scans.c.package)))
        .select_from(scans)
        .join(question.table, question.table.c.scan == scans.c.key)
        .where(ground.scans(), *question.where)
        .group_by(question.column)
    )
    with ground.engine.connect() as db:
        return {str(name): int(count) for name, count in db.execute(query)}


def _apps(ground: Ground, question: _Question, name: str) -> tuple[str, ...]:
    query = (
        sa.select(scans.c.package)
        .distinct()
        .join(question.table, question.table.c.scan == scans.c.key)
        .where(ground.scans(), *question.where, question.column == name)
        .order_by(scans.c.package)
        .limit(NAMED_APPS)
    )
    with ground.engine.connect() as db:
        return tuple(db.execute(query).scalars())


def _name(ground: Ground, kind: str, name: str) -> Text:
    query = sa.select(names.c.zh, names.c.en).where(names.c.kind == kind, names.c.id == name)
    with ground.engine.connect() as db:
        row = db.execute(query).first() if kind else None
    return same(name) if row is None else Text(zh=row.zh, en=row.en)


def _called(ground: Ground) -> str:
    if ground.since or ground.until:
        return f"{ground.campaign} {ground.since}..{ground.until}"
    return ground.campaign

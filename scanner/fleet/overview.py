"""The numbers on the first page of a campaign's report, and its comparison with the past."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from scanner import __version__
from scanner.fleet.latest import choose, latest
from scanner.fleet.survey import Survey
from scanner.fleet.tables import findings, scans
from scanner.fleet.trends import Ground, bytewise, compare
from scanner.model.base import Text
from scanner.model.campaign import Listed, Moved, Overview, Past, Spread
from scanner.model.result import Outcome

FIRST = 12
WORSE = 30
SPREADS = 200
QUESTIONS = ("permissions", "collection", "cross_border")


def overview(survey: Survey, earlier: Iterable[Ground] = ()) -> Overview:
    """Return the numbers of a campaign; `earlier` are campaigns to compare with, oldest first."""
    db, own = survey.db, scans.c.campaign == survey.campaign
    first, last = db.execute(
        sa.select(sa.func.min(scans.c.finished), sa.func.max(scans.c.finished)).where(own)
    ).one()
    states = sa.select(scans.c.state, sa.func.count()).where(own).group_by(scans.c.state)
    knowledge = (
        sa.select(scans.c.knowledge)
        .distinct()
        .join(latest, latest.c.key == scans.c.key)
        .order_by(scans.c.knowledge)
    )
    counts = _pairs(db, states)
    causes = survey.causes()
    before = [*earlier]
    return Overview(
        name=survey.campaign,
        first=first or "",
        last=last or "",
        knowledge=tuple(db.execute(knowledge).scalars()),
        version=__version__,
        apps=survey.value(sa.select(sa.func.count()).select_from(latest)),
        scans=counts.get("done", 0),
        states=counts,
        standing=_standing(survey),
        grades=tuple(_grades(survey)),
        core={question: _core(survey, question) for question in QUESTIONS},
        parts=survey.parts(),  # type: ignore[arg-type]
        issues=tuple(survey.issues()),
        clauses=tuple(survey.clauses()),
        sdks=tuple(survey.sdks()),
        makers=tuple(islice(survey.makers(), FIRST)),
        makers_total=survey.value(
            sa.select(sa.func.count(sa.distinct(scans.c.maker)))
            .join(latest, latest.c.key == scans.c.key)
            .where(scans.c.maker != "")
        ),
        causes=causes[:FIRST],
        causes_total=len(causes),
        past=tuple(_past(ground) for ground in [*before, _own(survey)]),
        moved=_moved(before[-1], _own(survey)) if before else None,
        spread=_spread(before[-1], _own(survey)) if before else (),
    )


def _pairs(db: sa.Connection, query: sa.Select[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in db.execute(query)}


def grounds(engine: sa.Engine, known: Iterable[str], campaign: str) -> list[Ground]:
    """Return the campaigns of a store that came before `campaign`."""
    order = list(known)
    before = order[: order.index(campaign)] if campaign in order else order
    return [Ground(engine, name) for name in before]


def _own(survey: Survey) -> Ground:
    return Ground(survey.db.engine, survey.campaign)


def _standing(survey: Survey) -> dict[str, int]:
    worst = sa.case(
        (scans.c.fails > 0, Outcome.FAIL.value),
        (scans.c.reviews > 0, Outcome.REVIEW.value),
        else_=Outcome.PASS.value,
    ).label("worst")
    query = (
        sa.select(worst, sa.func.count()).join(latest, latest.c.key == scans.c.key).group_by(worst)
    )
    return _pairs(survey.db, query)


def _grades(survey: Survey) -> Iterator[Listed]:
    """Yield the grades, the gravest first: they are ordered by the scores they stand for."""
    query = (
        sa.select(scans.c.grade, sa.func.count().label("apps"), sa.func.min(scans.c.score))
        .join(latest, latest.c.key == scans.c.key)
        .group_by(scans.c.grade)
        .order_by(sa.func.min(scans.c.score).desc())
    )
    for grade, apps, _ in survey.db.execute(query).all():
        yield Listed(id=grade, name=survey.name("grade", grade), apps=apps)


def _core(survey: Survey, question: str) -> dict[str, int]:
    column = scans.c[f"q_{question}"]
    query = (
        sa.select(column, sa.func.count())
        .join(latest, latest.c.key == scans.c.key)
        .group_by(column)
    )
    return {outcome: count for outcome, count in survey.db.execute(query) if outcome}


def _past(ground: Ground) -> Past:
    """Return how a campaign went, counting each app once, by its latest scan there."""
    with ground.engine.connect() as db:
        choose(db, ground.campaign)

        def apps(*conditions: sa.ColumnElement[bool]) -> int:
            query = sa.select(sa.func.count()).select_from(scans)
            query = query.join(latest, latest.c.key == scans.c.key)
            return int(db.execute(query.where(*conditions)).scalar() or 0)

        last = sa.select(sa.func.max(scans.c.finished)).where(ground.scans())
        return Past(
            name=ground.campaign,
            last=db.execute(last).scalar() or "",
            apps=apps(),
            failing=apps(scans.c.fails > 0),
            review=apps(scans.c.fails == 0, scans.c.reviews > 0),
            severe=apps(scans.c.worst.in_(["critical", "high"])),
        )


def _moved(old: Ground, new: Ground) -> Moved:
    """Compare the findings of the apps that are in both campaigns, app by app."""
    fresh = gone = still = apps = 0
    worse: list[tuple[str, str, int]] = []
    for package, label, before, now in _both(old, new):
        apps += 1
        added = len(now - before)
        fresh, gone = fresh + added, gone + len(before - now)
        still += len(now & before)
        if added:
            worse.append((package, label, added))
            if len(worse) > 2 * WORSE:
                worse = _worst(worse)
    return Moved(
        old=old.campaign, apps=apps, fresh=fresh, gone=gone, still=still,
        worse=tuple(_worst(worse)),
    )  # fmt: skip


def _worst(apps: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    return sorted(apps, key=lambda app: (-app[2], app[0]))[:WORSE]


def _both(old: Ground, new: Ground) -> Iterator[tuple[str, str, set[str], set[str]]]:
    """Yield (package, label, findings before, findings now) in order of the package."""
    earlier = _findings(old)
    package, _, before = next(earlier, ("", "", set[str]()))
    for name, label, now in _findings(new):
        while package and package < name:
            package, _, before = next(earlier, ("", "", set[str]()))
        if package == name:
            yield name, label, before, now


def _findings(ground: Ground) -> Iterator[tuple[str, str, set[str]]]:
    """Yield every app with the ids of its findings, in order of the package's bytes."""
    query = (
        sa.select(scans.c.package, scans.c.label, findings.c.finding)
        .join(
            findings,
            sa.and_(findings.c.scan == scans.c.key, findings.c.outcome.in_(["fail", "review"])),
            isouter=True,
        )
        .where(ground.scans(), scans.c.package != "")
        .order_by(sa.collate(scans.c.package, bytewise(ground.engine)))
    )
    with ground.engine.connect() as db:
        stream = db.execute(query, execution_options={"yield_per": 5000})
        for package, rows in groupby(stream, key=lambda row: str(row.package)):
            listed = list(rows)
            yield package, listed[0].label, {row.finding for row in listed if row.finding}


def _spread(old: Ground, new: Ground) -> tuple[Spread, ...]:
    return tuple(
        Spread(
            kind=t.kind, name=Text(zh=t.name.zh, en=t.name.en), change=t.change, before=t.before,
            before_of=t.before_of, now=t.now, now_of=t.now_of,
        )
        for t in compare(old, new).trends[:SPREADS]
    )  # fmt: skip

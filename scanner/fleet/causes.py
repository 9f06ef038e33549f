"""Root causes: what the same part of the same version does wrong in several apps."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scanner.fleet.latest import latest
from scanner.fleet.tables import findings, scans, sdks
from scanner.model.base import Text
from scanner.model.campaign import Cause

if TYPE_CHECKING:
    from scanner.fleet.survey import Survey

MOST_CAUSES = 1000
EXAMPLES = 5
ACCUSES = ("fail", "review")
Query = sa.Select[Any]
_WHAT = (findings.c.check_id, findings.c.actor)
_VERSION = sa.func.coalesce(sdks.c.version, "").label("version")
MOST_DATA = 12
Identity = tuple[Any, ...]


def found_causes(survey: "Survey") -> Iterator[Cause]:
    """Yield the causes in two apps or more, those in the most apps first."""
    apps = sa.func.count(sa.distinct(findings.c.scan)).label("apps")
    failing = sa.case((findings.c.outcome == "fail", findings.c.scan), else_=None)
    fails = sa.func.count(sa.distinct(failing)).label("fails")
    query = _from_findings(sa.select(*_WHAT, _VERSION, apps, fails))
    query = query.group_by(*_WHAT, _VERSION).having(apps > 1)
    order: tuple[Any, ...] = (sa.desc("apps"), sa.desc("fails"), *_WHAT, _VERSION)
    rows = survey.db.execute(query.order_by(*order).limit(MOST_CAUSES)).all()
    wanted = {tuple(row[:3]) for row in rows}
    examples, data = _examples(survey.db, wanted), _data(survey, wanted)
    for row in rows:
        yield Cause(
            check=row.check_id,
            check_name=survey.name("check", row.check_id),
            actor=row.actor,
            actor_name=survey.name("sdk", row.actor),
            version=row.version,
            apps=row.apps,
            fails=row.fails,
            data=tuple(data[tuple(row[:3])][:MOST_DATA]),
            examples=tuple(examples[tuple(row[:3])]),
        )


def _from_findings(query: Query) -> Query:
    """Return a query over findings of third-party code in the latest scans, with its version."""
    same = sa.and_(sdks.c.scan == findings.c.scan, sdks.c.sdk == findings.c.actor)
    return (
        query.select_from(findings)
        .join(latest, latest.c.key == findings.c.scan)
        .join(sdks, same, isouter=True)
        .where(findings.c.outcome.in_(ACCUSES), findings.c.actor.not_in(["", "app"]))
    )


def _examples(db: sa.Connection, wanted: set[Identity]) -> defaultdict[Identity, list[str]]:
    """Return the first few apps of every wanted cause, in one pass."""
    each = _from_findings(sa.select(*_WHAT, _VERSION, scans.c.package).distinct())
    each_app = each.join(scans, scans.c.key == latest.c.key).subquery()
    what = [each_app.c[name] for name in ("check_id", "actor", "version")]
    place = sa.func.row_number().over(partition_by=what, order_by=each_app.c.package)
    ranked = sa.select(*what, each_app.c.package, place.label("place")).subquery()
    query = sa.select(ranked).where(ranked.c.place <= EXAMPLES).order_by(ranked.c.place)
    found: defaultdict[Identity, list[str]] = defaultdict(list)
    for row in db.execute(query, execution_options={"yield_per": 5000}):
        if tuple(row[:3]) in wanted:
            found[tuple(row[:3])].append(row.package)
    return found


def _data(survey: "Survey", wanted: set[Identity]) -> defaultdict[Identity, list[tuple[Text, int]]]:
    """Return the personal data of every wanted cause, with the number of apps."""
    apps = sa.func.count(sa.distinct(findings.c.scan)).label("apps")
    query = _from_findings(sa.select(*_WHAT, _VERSION, findings.c.data_type, apps))
    query = query.where(findings.c.data_type != "")
    query = query.group_by(*_WHAT, _VERSION, findings.c.data_type)
    query = query.order_by(sa.desc("apps"), findings.c.data_type)
    found: defaultdict[Identity, list[tuple[Text, int]]] = defaultdict(list)
    for row in survey.db.execute(query, execution_options={"yield_per": 5000}):
        if tuple(row[:3]) in wanted:
            found[tuple(row[:3])].append((survey.name("label", row.data_type), row.apps))
    return found

"""The common questions to a store of scans."""

from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa

from scanner.fleet.tables import (
    cells,
    clauses,
    destinations,
    findings,
    permissions,
    scans,
    sdks,
    sightings,
)
from scanner.model.errors import InputError

Select = sa.Select[Any]
_ORDER = (scans.c.package, scans.c.version, scans.c.key)


class Answer(msgspec.Struct, frozen=True):
    """A table: column names, and rows of plain values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def _apps() -> Select:
    return sa.select(scans.c.campaign, scans.c.package, scans.c.version)


def _sdk(name: str, _: int) -> Select:
    """Which apps contain an SDK."""
    joined = _apps().add_columns(sdks.c.version.label("sdk_version"), sdks.c.declared)
    return joined.join(sdks, sdks.c.scan == scans.c.key).where(sdks.c.sdk == name)


def _sends_abroad(data_type: str, _: int) -> Select:
    """Which apps were seen sending a data type outside the mainland."""
    joined = _apps().add_columns(cells.c.actor, cells.c.observed)
    return joined.join(cells, cells.c.scan == scans.c.key).where(
        cells.c.data_type == data_type, cells.c.outside.is_(sa.true()), cells.c.observed > 0
    )


def _clause(name: str, _limit: int) -> Select:
    """Which apps fail a clause, or leave it to a person: `cn-191:3.1`, or `3.1` of any rule."""
    regulation, _, clause = name.rpartition(":")
    query = (
        _apps()
        .add_columns(clauses.c.regulation, clauses.c.outcome)
        .join(clauses, clauses.c.scan == scans.c.key)
        .where(clauses.c.clause == clause, clauses.c.outcome.in_(["fail", "review"]))
        .order_by(clauses.c.outcome)
    )
    return query.where(clauses.c.regulation == regulation) if regulation else query


def _check(name: str, limit: int) -> Select:
    """Which apps have a finding of a check."""
    condition = findings.c.check_id == name
    joined = _apps().add_columns(findings.c.severity, findings.c.zh, findings.c.en)
    joined = joined.join(findings, findings.c.scan == scans.c.key)
    return joined.where(condition, _first(findings, condition, limit))


def _first(table: sa.Table, condition: sa.ColumnElement[bool], limit: int) -> Any:
    """Return the condition that a scan is among the first that have a fact.

    What many apps have is found by going through the apps in order and stopping early; sorting
    all of it would take longer the more there is.
    """
    having = sa.exists().where(table.c.scan == scans.c.key, condition).correlate(scans)
    first = sa.select(scans.c.key).where(having).order_by(*_ORDER).limit(limit)
    return scans.c.key.in_(first.correlate(None))


def _host(name: str, _: int) -> Select:
    """Which apps talk to a host or one below it."""
    joined = _apps().add_columns(destinations.c.host, destinations.c.country)
    start = f"{name[::-1]}."
    below = destinations.c.backwards.between(start, f"{start}\uffff")
    return joined.join(destinations, destinations.c.scan == scans.c.key).where(
        sa.or_(destinations.c.backwards == name[::-1], below)
    )


def _permission(name: str, _: int) -> Select:
    """Which apps declare a permission, by its full name or its last word."""
    wanted = name if "." in name else f"android.permission.{name}"
    joined = _apps().join(permissions, permissions.c.scan == scans.c.key)
    return joined.where(permissions.c.permission == wanted)


def _collects(data_type: str, limit: int) -> Select:
    """Which apps can reach a data type or were seen using it, and who in them."""
    condition = sa.and_(
        cells.c.data_type == data_type,
        sa.or_(cells.c.reachable.is_(sa.true()), cells.c.observed > 0),
    )
    joined = _apps().add_columns(
        cells.c.actor, cells.c.reachable, cells.c.before_consent, cells.c.observed, cells.c.declared
    )
    joined = joined.join(cells, cells.c.scan == scans.c.key)
    return joined.where(condition, _first(cells, condition, limit))


def _seen(data_type: str, _: int) -> Select:
    """Which apps were seen sending a data type, when in the consent story, and to which host."""
    joined = _apps().add_columns(
        sightings.c.actor, sightings.c.host, sightings.c.phase, sightings.c.times
    )
    return joined.join(sightings, sightings.c.scan == scans.c.key).where(
        sightings.c.data_type == data_type
    )


def _app(package: str, _: int) -> Select:
    """Return the history of an app: every version in every campaign, and how it fared."""
    fared = (scans.c.state, scans.c.grade, scans.c.score, scans.c.fails, scans.c.reviews)
    return _apps().add_columns(*fared, scans.c.finished).where(scans.c.package == package)


def _worse(pair: str, _: int) -> Select:
    """Which apps have findings in campaign NEW that they had not in OLD; `pair` is `OLD..NEW`."""
    old, dots, new = pair.partition("..")
    if not dots:
        raise InputError("worse needs OLD..NEW, the names of two campaigns")
    before, earlier = findings.alias("before"), scans.alias("earlier")
    same = (
        sa.select(before.c.finding)
        .join(earlier, earlier.c.key == before.c.scan)
        .where(
            earlier.c.campaign == old,
            earlier.c.package == scans.c.package,
            before.c.finding == findings.c.finding,
        )
    )
    known = sa.select(earlier.c.key).where(
        earlier.c.campaign == old, earlier.c.package == scans.c.package
    )
    joined = _apps().add_columns(findings.c.severity, findings.c.zh, findings.c.en)
    return joined.join(findings, findings.c.scan == scans.c.key).where(
        scans.c.campaign == new, sa.exists(known), ~sa.exists(same)
    )


def _state(name: str, _: int) -> Select:
    """Which apps ended in a state other than done, and why."""
    return sa.select(scans.c.campaign, scans.c.path, scans.c.state, scans.c.detail).where(
        scans.c.state == name
    )


QUESTIONS: dict[str, Callable[[str, int], Select]] = {
    "sdk": _sdk,
    "sends-abroad": _sends_abroad,
    "clause": _clause,
    "check": _check,
    "host": _host,
    "permission": _permission,
    "collects": _collects,
    "seen": _seen,
    "app": _app,
    "worse": _worse,
    "state": _state,
}


def ask(
    engine: sa.Engine, question: str, about: str, limit: int = 1000, lang: str = "zh"
) -> Answer:
    """Answer one of `QUESTIONS`. Raises `InputError` for another."""
    if question not in QUESTIONS:
        raise InputError(
            f"there is no question {question!r}", f"Questions: {', '.join(QUESTIONS)}."
        )
    query = QUESTIONS[question](about, limit).order_by(*_ORDER).limit(limit)
    with engine.connect() as db:
        result = db.execute(query)
        columns = tuple(result.keys())
        shown = [n for n, name in enumerate(columns) if name not in {"zh", "en"} - {lang}]
        return Answer(
            tuple("message" if columns[n] == lang else columns[n] for n in shown),
            tuple(tuple(row[n] for n in shown) for row in result),
        )

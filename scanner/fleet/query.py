"""The common questions to a store of scans."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from scanner.fleet.store import cells, clauses, destinations, findings, scans, sdks
from scanner.model.errors import InputError

Select = sa.Select[Any]


class Answer(msgspec.Struct, frozen=True):
    """A table: column names, and rows of plain values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def _apps() -> Select:
    return sa.select(scans.c.campaign, scans.c.package, scans.c.version)


def _sdk(name: str) -> Select:
    """Which apps contain an SDK."""
    joined = _apps().add_columns(sdks.c.version.label("sdk_version"), sdks.c.declared)
    return joined.join(sdks, sdks.c.scan == scans.c.key).where(sdks.c.sdk == name)


def _sends_abroad(data_type: str) -> Select:
    """Which apps were seen sending a data type outside the mainland."""
    joined = _apps().add_columns(cells.c.actor, cells.c.observed)
    return joined.join(cells, cells.c.scan == scans.c.key).where(
        cells.c.data_type == data_type, cells.c.outside.is_(sa.true()), cells.c.observed > 0
    )


def _clause(name: str) -> Select:
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


def _check(name: str) -> Select:
    """Which apps have a finding of a check."""
    joined = _apps().add_columns(findings.c.severity, findings.c.zh.label("message"))
    return joined.join(findings, findings.c.scan == scans.c.key).where(findings.c.check_id == name)


def _host(name: str) -> Select:
    """Which apps talk to a host or one below it."""
    joined = _apps().add_columns(destinations.c.host, destinations.c.country)
    below = destinations.c.host.like(f"%.{_literal(name)}", escape="\\")
    return joined.join(destinations, destinations.c.scan == scans.c.key).where(
        sa.or_(destinations.c.host == name, below)
    )


def _worse(pair: str) -> Select:
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
    joined = _apps().add_columns(findings.c.severity, findings.c.zh.label("message"))
    return joined.join(findings, findings.c.scan == scans.c.key).where(
        scans.c.campaign == new, sa.exists(known), ~sa.exists(same)
    )


def _state(name: str) -> Select:
    """Which apps ended in a state other than done, and why."""
    return sa.select(scans.c.campaign, scans.c.path, scans.c.state, scans.c.detail).where(
        scans.c.state == name
    )


QUESTIONS: dict[str, Callable[[str], Select]] = {
    "sdk": _sdk,
    "sends-abroad": _sends_abroad,
    "clause": _clause,
    "check": _check,
    "host": _host,
    "worse": _worse,
    "state": _state,
}


def ask(engine: sa.Engine, question: str, about: str, limit: int = 1000) -> Answer:
    """Answer one of `QUESTIONS`. Raises `InputError` for another."""
    if question not in QUESTIONS:
        raise InputError(
            f"there is no question {question!r}", f"Questions: {', '.join(QUESTIONS)}."
        )
    query = QUESTIONS[question](about).order_by(scans.c.package, scans.c.version).limit(limit)
    with engine.connect() as db:
        result = db.execute(query)
        rows: Sequence[sa.Row[Any]] = result.all()
        return Answer(tuple(result.keys()), tuple(tuple(row) for row in rows))


def _literal(text: str) -> str:
    """Escape what LIKE would take for a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

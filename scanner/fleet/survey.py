"""What the store says about a campaign: counted in the database, read in small portions."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from scanner.fleet.causes import found_causes
from scanner.fleet.latest import choose, latest
from scanner.fleet.store import unpacked
from scanner.fleet.tables import clauses, coverage, findings, names, results, scans, sdks
from scanner.model.base import Text, same
from scanner.model.campaign import (
    AppPage,
    AppRow,
    Cause,
    Form,
    Listed,
    Notice,
    Room,
    Unexamined,
    Version,
)

PORTION = 500
MOST_NAMES = 100_000
MOST_LISTED = 1000
ACCUSES = ("fail", "review")
Query = sa.Select[Any]


class Survey:
    """One campaign, asked through one connection. Apps are counted once, by their latest scan."""

    def __init__(self, db: sa.Connection, campaign: str) -> None:
        """Find out which scan of each app is the latest."""
        self.db = db
        self.campaign = campaign
        self._causes: tuple[Cause, ...] | None = None
        self._names: dict[tuple[str, str], Text] = {}
        choose(db, campaign)

    def name(self, kind: str, name: str) -> Text:
        """Return what an id is called, or the id itself."""
        if (kind, name) not in self._names:
            row = self.db.execute(
                sa.select(names.c.zh, names.c.en).where(names.c.kind == kind, names.c.id == name)
            ).first()
            if len(self._names) > MOST_NAMES:  # developers: as many as the campaign has
                self._names.clear()
            known = row is not None and (row.zh or row.en)
            self._names[kind, name] = Text(zh=row.zh, en=row.en) if row and known else same(name)
        return self._names[kind, name]

    def value(self, query: Query) -> Any:
        """Return the one value that a query gives."""
        return self.db.execute(query).scalar()

    def apps(self) -> Iterator[list[AppRow]]:
        """Yield the apps in portions, those with the highest risk first."""
        query = _latest().order_by(scans.c.score.desc(), scans.c.package)
        yield from self._portions(query)

    def listed_under(self, room: Room, name: str) -> Iterator[list[AppRow]]:
        """Yield the apps that fail a check or clause, contain an SDK, or are of a developer; the
        first `MOST_LISTED` of them.
        """
        yield from self._portions(_UNDER[room](name).limit(MOST_LISTED))

    def pages(self) -> Iterator[AppPage]:
        """Yield everything that the page of an app shows, app by app."""
        query = (
            _latest()
            .add_columns(results.c.content)
            .join(results, results.c.scan == scans.c.key)
            .order_by(scans.c.package)
        )
        stream = self.db.execute(query, execution_options={"yield_per": 50})
        for portion in stream.partitions():
            history = self._history([row.package for row in portion])
            for row in portion:
                past = tuple(history.get(row.package, ()))
                yield AppPage(row=self._row(row), result=unpacked(row.content), history=past)

    def issues(self) -> Iterator[Listed]:
        """Yield the checks that some app fails, the most frequent first."""
        yield from self._counted(findings, findings.c.check_id, "check")

    def clauses(self) -> Iterator[Listed]:
        """Yield the clauses that some app fails, the most frequent first."""
        name = clauses.c.regulation + ":" + clauses.c.clause
        for one in self._counted(clauses, name, "clause"):
            about = self.name("regulation", one.id.partition(":")[0])
            yield Listed(
                id=one.id, name=one.name, about=about, apps=one.apps, fails=one.fails,
                reviews=one.reviews,
            )  # fmt: skip

    def sdks(self) -> Iterator[Listed]:
        """Yield the SDKs; `fails` and `reviews` count apps with a finding about the SDK."""
        query = sa.select(sdks.c.sdk, sa.func.count(sa.distinct(sdks.c.scan)).label("apps"))
        query = query.join(latest, latest.c.key == sdks.c.scan).group_by(sdks.c.sdk)
        blamed = {one.id: one for one in self._counted(findings, findings.c.actor, "sdk")}
        for row in self.db.execute(query.order_by(sa.desc("apps"), sdks.c.sdk)).all():
            found = blamed.get(row.sdk)
            yield Listed(
                id=row.sdk,
                name=self.name("sdk", row.sdk),
                about=self.name("vendor", row.sdk),
                apps=row.apps,
                fails=found.fails if found else 0,
                reviews=found.reviews if found else 0,
            )

    def makers(self) -> Iterator[Listed]:
        """Yield the developers, those with the most failing apps first."""
        failing = sa.func.sum(sa.case((scans.c.fails > 0, 1), else_=0))
        review = sa.func.sum(
            sa.case((sa.and_(scans.c.fails == 0, scans.c.reviews > 0), 1), else_=0)
        )
        query = (
            sa.select(
                scans.c.maker, sa.func.count().label("apps"), failing.label("fails"),
                review.label("reviews"), sa.func.max(scans.c.score).label("score"),
            )
            .join(latest, latest.c.key == scans.c.key)
            .where(scans.c.maker != "")
            .group_by(scans.c.maker)
            .order_by(sa.desc("fails"), sa.desc("apps"), sa.desc("score"), scans.c.maker)
        )  # fmt: skip
        stream = self.db.execute(query, execution_options={"yield_per": PORTION})
        for portion in stream.partitions():
            for row in portion:
                yield Listed(
                    id=row.maker,
                    name=self.name("maker", row.maker),
                    apps=row.apps,
                    fails=int(row.fails),
                    reviews=int(row.reviews),
                )

    def causes(self) -> tuple[Cause, ...]:
        """Return what the same part of the same version does wrong in two apps or more, what
        concerns the most apps first, and no more than `MOST_CAUSES`.
        """
        if self._causes is None:
            self._causes = tuple(found_causes(self))
        return self._causes

    def notices(self, form: Form) -> Iterator[list[Notice]]:
        """Yield the apps that a form names, in portions, with the issues they fail."""
        query = (
            _latest()
            .where(
                sa.exists().where(
                    clauses.c.scan == scans.c.key,
                    clauses.c.regulation == form.regulation,
                    clauses.c.outcome == "fail",
                )
            )
            .order_by(scans.c.score.desc(), scans.c.package)
        )
        for portion in self.db.execute(
            query, execution_options={"yield_per": PORTION}
        ).partitions():
            keys = [row.key for row in portion]
            failed = sa.select(clauses.c.scan, clauses.c.clause).where(
                clauses.c.scan.in_(keys),
                clauses.c.regulation == form.regulation,
                clauses.c.outcome == "fail",
            )
            issues: dict[str, list[Text]] = {}
            for scan, clause in self.db.execute(failed.order_by(clauses.c.clause)):
                words = self.name("clause", f"{form.regulation}:{clause}")
                issues.setdefault(scan, []).append(words)
            yield [Notice(app=self._row(row), issues=tuple(issues[row.key])) for row in portion]

    def noticed(self, form: Form) -> int:
        """Return how many apps a form names."""
        query = (
            sa.select(sa.func.count(sa.distinct(clauses.c.scan)))
            .join(latest, latest.c.key == clauses.c.scan)
            .where(clauses.c.regulation == form.regulation, clauses.c.outcome == "fail")
        )
        return int(self.value(query) or 0)

    def lost(self) -> int:
        """Return how many inputs gave no result."""
        own = scans.c.campaign == self.campaign
        return int(self.value(sa.select(sa.func.count()).where(own, scans.c.state != "done")) or 0)

    def unexamined(self) -> Iterator[list[Unexamined]]:
        """Yield the inputs that gave no result, in portions."""
        query = (
            sa.select(scans.c.path, scans.c.state, scans.c.detail)
            .where(scans.c.campaign == self.campaign, scans.c.state != "done")
            .order_by(scans.c.state, scans.c.path)
        )
        for portion in self.db.execute(
            query, execution_options={"yield_per": PORTION}
        ).partitions():
            yield [Unexamined(path=r.path, state=r.state, detail=r.detail) for r in portion]

    def parts(self) -> dict[str, int]:
        """Return in how many apps each part was examined."""
        query = (
            sa.select(coverage.c.part, sa.func.count(sa.distinct(coverage.c.scan)))
            .join(latest, latest.c.key == coverage.c.scan)
            .where(coverage.c.examined.is_(sa.true()))
            .group_by(coverage.c.part)
        )
        return {row[0]: row[1] for row in self.db.execute(query)}

    def _counted(
        self, table: sa.Table, column: sa.ColumnElement[str], kind: str
    ) -> Iterator[Listed]:
        """Yield how many apps fail under each value of a column, or leave it to a person."""
        failing = sa.case((table.c.outcome == "fail", table.c.scan), else_=None)
        fails = sa.func.count(sa.distinct(failing)).label("fails")
        apps = sa.func.count(sa.distinct(table.c.scan)).label("apps")
        query = (
            sa.select(column.label("id"), apps, fails)
            .select_from(table)
            .join(latest, latest.c.key == table.c.scan)
            .where(table.c.outcome.in_(ACCUSES), column != "")
            .group_by(column)
            .order_by(sa.desc("fails"), sa.desc("apps"), column)
        )
        for row in self.db.execute(query).all():
            yield Listed(
                id=row.id,
                name=self.name(kind, row.id),
                apps=row.apps,
                fails=row.fails,
                reviews=row.apps - row.fails,
            )

    def _history(self, packages: list[str]) -> dict[str, list[Version]]:
        query = (
            sa.select(scans, latest.c.key.label("newest"))
            .join(latest, latest.c.key == scans.c.key, isouter=True)
            .where(scans.c.package.in_(packages), scans.c.state == "done")
            .order_by(scans.c.package, scans.c.finished, scans.c.version_code, scans.c.key)
        )
        found: dict[str, list[Version]] = {}
        for row in self.db.execute(query):
            version = Version(
                campaign=row.campaign,
                version=row.version,
                finished=row.finished,
                fails=row.fails,
                reviews=row.reviews,
                grade_name=self.name("grade", row.grade),
                latest=row.newest is not None,
            )
            found.setdefault(row.package, []).append(version)
        return found

    def _portions(self, query: Query) -> Iterator[list[AppRow]]:
        for portion in self.db.execute(
            query, execution_options={"yield_per": PORTION}
        ).partitions():
            yield [self._row(row) for row in portion]

    def _row(self, row: sa.Row[Any]) -> AppRow:
        extra = row._mapping.get("note", "")  # noqa: SLF001 - its public name
        return AppRow(
            package=row.package,
            label=row.label,
            version=row.version,
            maker=row.maker,
            maker_name=self.name("maker", row.maker).zh if row.maker else "",
            store=row.store,
            category=self.name("category", row.category),
            grade=row.grade,
            grade_name=self.name("grade", row.grade),
            score=row.score,
            fails=row.fails,
            reviews=row.reviews,
            covered=row.covered,
            core=(row.q_permissions, row.q_collection, row.q_cross_border),
            finished=row.finished,
            note=str(extra or ""),
        )


def _latest() -> Query:
    return sa.select(scans).join(latest, latest.c.key == scans.c.key)


def _under_issue(name: str) -> Query:
    return _found(findings, findings.c.check_id == name)


def _under_clause(name: str) -> Query:
    regulation, _, clause = name.partition(":")
    return _found(clauses, sa.and_(clauses.c.regulation == regulation, clauses.c.clause == clause))


def _found(table: sa.Table, condition: sa.ColumnElement[bool]) -> Query:
    """Return the apps with rows that accuse; the note is the worst outcome there."""
    worst = (
        sa.select(table.c.scan, sa.func.min(table.c.outcome).label("note"))  # fail < review
        .where(condition, table.c.outcome.in_(ACCUSES))
        .group_by(table.c.scan)
        .subquery()
    )
    query = _latest().add_columns(worst.c.note).join(worst, worst.c.scan == scans.c.key)
    return query.order_by(worst.c.note, scans.c.score.desc(), scans.c.package)


def _under_sdk(name: str) -> Query:
    query = _latest().add_columns(sdks.c.version.label("note"))
    query = query.join(sdks, sdks.c.scan == scans.c.key).where(sdks.c.sdk == name)
    return query.order_by(scans.c.score.desc(), scans.c.package)


def _under_maker(name: str) -> Query:
    query = _latest().where(scans.c.maker == name)
    return query.order_by(scans.c.score.desc(), scans.c.package)


_UNDER = {
    "issue": _under_issue,
    "clause": _under_clause,
    "sdk": _under_sdk,
    "maker": _under_maker,
}

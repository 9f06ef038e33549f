"""The campaign's memory: whole results, and tables that can be asked."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import sqlalchemy as sa
import zstandard

from scanner.model.errors import InputError
from scanner.model.result import Result

VERSION = 1
BATCH = 500

meta = sa.MetaData()
info = sa.Table(
    "info", meta, sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.Text)
)
scans = sa.Table(
    "scans",
    meta,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("campaign", sa.String(200), nullable=False, index=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("detail", sa.Text, nullable=False, default=""),
    sa.Column("seconds", sa.Float, nullable=False, default=0.0),
    sa.Column("peak_bytes", sa.BigInteger, nullable=False, default=0),
    sa.Column("package", sa.String(255), nullable=False, default="", index=True),
    sa.Column("label", sa.Text, nullable=False, default=""),
    sa.Column("version", sa.Text, nullable=False, default=""),
    sa.Column("sha256", sa.String(64), nullable=False, default="", index=True),
    sa.Column("developer", sa.Text, nullable=False, default=""),
    sa.Column("store", sa.Text, nullable=False, default=""),
    sa.Column("category", sa.Text, nullable=False, default=""),
    sa.Column("result", sa.LargeBinary),
)


def _child(name: str, *columns: sa.Column[object]) -> sa.Table:
    """Return a table of facts that belong to one scan."""
    owner = sa.ForeignKey("scans.key", ondelete="CASCADE")
    key = sa.Column("scan", sa.String(64), owner, nullable=False, index=True)
    return sa.Table(name, meta, key, *columns)


findings = _child(
    "findings",
    sa.Column("finding", sa.String(16), index=True),
    sa.Column("check_id", sa.String(80), index=True),
    sa.Column("subject", sa.Text),
    sa.Column("outcome", sa.String(16)),
    sa.Column("severity", sa.String(16)),
    sa.Column("confidence", sa.String(16)),
    sa.Column("data_type", sa.String(60), index=True),
    sa.Column("actor", sa.String(200), index=True),
    sa.Column("zh", sa.Text),
    sa.Column("en", sa.Text),
)
clauses = _child(
    "clauses",
    sa.Column("regulation", sa.String(40)),
    sa.Column("clause", sa.String(40), index=True),
    sa.Column("outcome", sa.String(16)),
    sa.Column("examined", sa.Boolean),
)
permissions = _child("permissions", sa.Column("permission", sa.String(255), index=True))
sdks = _child(
    "sdks",
    sa.Column("sdk", sa.String(80), index=True),
    sa.Column("version", sa.Text),
    sa.Column("declared", sa.Boolean),
)
cells = _child(
    "cells",
    sa.Column("data_type", sa.String(60), index=True),
    sa.Column("actor", sa.String(200), index=True),
    sa.Column("reachable", sa.Boolean),
    sa.Column("before_consent", sa.Boolean),
    sa.Column("observed", sa.Integer),
    sa.Column("declared", sa.String(20)),
    sa.Column("outside", sa.Boolean),
)
destinations = _child(
    "destinations",
    sa.Column("host", sa.String(255), index=True),
    sa.Column("country", sa.String(2)),
    sa.Column("outside", sa.Boolean),
)
coverage = _child("coverage", sa.Column("part", sa.String(16)), sa.Column("examined", sa.Boolean))

FACTS = (findings, clauses, permissions, sdks, cells, destinations, coverage)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One scan as the store keeps it. `state`: done, refused, timeout, memory or crash."""

    key: str
    campaign: str
    path: str
    state: str
    detail: str = ""
    seconds: float = 0.0
    peak_bytes: int = 0
    developer: str = ""
    store: str = ""
    category: str = ""
    result: Result | None = None


class Store:
    """A database of scans. SQLite in a file by default, any SQLAlchemy URL otherwise."""

    def __init__(self, url: str) -> None:
        """Open or create. Raises `InputError` for a database of another version or kind."""
        try:
            self._engine = sa.create_engine(url)
        except (sa.exc.SQLAlchemyError, ModuleNotFoundError) as error:
            raise InputError(f"cannot open the store: {_first_line(error)}") from error
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _tune)
        try:
            self._prepare()
        except sa.exc.SQLAlchemyError as error:
            self.close()
            raise InputError(f"cannot open the store: {_first_line(error)}") from error
        except InputError:
            self.close()
            raise

    def _prepare(self) -> None:
        """Make the tables where there are none, and insist on our version."""
        meta.create_all(self._engine)
        with self._engine.begin() as db:
            found = db.execute(sa.select(info.c.value).where(info.c.name == "version")).scalar()
            if found is None:
                db.execute(info.insert().values(name="version", value=str(VERSION)))
            elif int(found) != VERSION:
                raise InputError(f"the store has version {found}, this Mingcha writes {VERSION}")

    @classmethod
    def in_folder(cls, folder: Path) -> "Store":
        """Open the store of a campaign folder."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{folder / 'campaign.sqlite'}")

    @property
    def engine(self) -> sa.Engine:
        """Return the database, for questions."""
        return self._engine

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def put(self, entries: Iterable[Entry]) -> None:
        """Write scans, each replacing an earlier one with the same key, in one transaction."""
        with self._engine.begin() as db:
            for entry in entries:
                db.execute(scans.delete().where(scans.c.key == entry.key))
                db.execute(scans.insert().values(**_scan_row(entry)))
                if entry.result is not None:
                    for table, rows in _fact_rows(entry.key, entry.result):
                        if rows:
                            db.execute(table.insert(), rows)

    def states(self, campaign: str) -> dict[str, str]:
        """Return the state of every scan of a campaign by key."""
        query = sa.select(scans.c.key, scans.c.state).where(scans.c.campaign == campaign)
        with self._engine.connect() as db:
            return {row.key: row.state for row in db.execute(query)}

    def results(self, campaign: str) -> Iterator[Result]:
        """Yield the results of a campaign, ordered by package and version, few at a time."""
        query = (
            sa.select(scans.c.result)
            .where(scans.c.campaign == campaign, scans.c.result.is_not(None))
            .order_by(scans.c.package, scans.c.version, scans.c.key)
        )
        with self._engine.connect() as db:
            for (content,) in db.execution_options(yield_per=BATCH).execute(query):
                yield msgspec.json.decode(zstandard.decompress(content), type=Result)


def _tune(connection: sqlite3.Connection, _: object) -> None:
    """Let readers and the writer work at the same time, and foreign keys mean something."""
    cursor = connection.cursor()
    try:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
    except BaseException:
        # No pool knows this connection yet, so nobody else would close it.
        connection.close()
        raise
    finally:
        cursor.close()


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _scan_row(entry: Entry) -> dict[str, object]:
    names = ("key", "campaign", "path", "state", "detail", "seconds", "peak_bytes")
    row: dict[str, object] = {name: getattr(entry, name) for name in names}
    row.update(developer=entry.developer, store=entry.store, category=entry.category)
    if entry.result is not None:
        app = entry.result.app
        content = msgspec.json.encode(entry.result, order="deterministic")
        row.update(
            package=app.package,
            label=app.label,
            version=app.version_name,
            sha256=app.sha256,
            category=entry.category or entry.result.category.id,
            result=zstandard.ZstdCompressor(level=9).compress(content),
        )
    return row


Rows = list[dict[str, object]]


def _fact_rows(key: str, result: Result) -> Iterator[tuple[sa.Table, Rows]]:
    """Yield the rows of every fact table for one result."""
    yield (
        findings,
        [
            {
                "scan": key,
                "finding": f.id,
                "check_id": f.check,
                "subject": f.subject,
                "outcome": f.outcome.value,
                "severity": f.severity,
                "confidence": f.confidence,
                "data_type": f.data_type,
                "actor": f.actor,
                "zh": f.message.zh,
                "en": f.message.en,
            }
            for f in result.findings
        ],
    )
    yield (
        clauses,
        [
            {
                "scan": key,
                "regulation": c.regulation,
                "clause": c.clause,
                "outcome": c.outcome.value,
                "examined": c.examined,
            }
            for c in result.clauses
        ],
    )
    yield (
        permissions,
        [{"scan": key, "permission": p.name} for p in result.permissions if p.declared],
    )
    yield (
        sdks,
        [
            {"scan": key, "sdk": s.sdk, "version": s.version, "declared": s.declared}
            for s in result.sdks
            if s.present
        ],
    )
    yield (
        cells,
        [
            {
                "scan": key,
                "data_type": c.data_type,
                "actor": c.actor,
                "reachable": c.reachable,
                "before_consent": c.before_consent,
                "observed": c.observed_count,
                "declared": c.declared,
                "outside": c.outside,
            }
            for c in result.matrix.cells
        ],
    )
    yield (
        destinations,
        [
            {"scan": key, "host": d.host, "country": d.hosting_country, "outside": d.outside}
            for d in result.destinations
        ],
    )
    yield (
        coverage,
        [{"scan": key, "part": row.part, "examined": row.examined} for row in result.coverage],
    )

"""The campaign's memory: whole results, and tables that can be asked."""

import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import zstandard

from scanner.fleet import migrate
from scanner.fleet.rows import Entry, fact_rows, name_rows, scan_row
from scanner.fleet.tables import claims, results, scans
from scanner.model.base import Text
from scanner.model.errors import InputError
from scanner.model.result import Result

FILE = "campaign.sqlite"
AT_ONCE = 50
BUSY_SECONDS = 60
MAX_RESULT = 256 * 1024 * 1024


class Store:
    """A database of scans: SQLite in a file by default, PostgreSQL by URL."""

    def __init__(self, url: str) -> None:
        """Open or create; an older schema is brought up to date.

        Raises `InputError` for a database of a newer Mingcha, of another kind, or out of reach.
        """
        if url.startswith("postgresql://"):
            url = url.replace("://", "+psycopg://", 1)
        try:
            self._engine = sa.create_engine(url)
        except (sa.exc.SQLAlchemyError, ModuleNotFoundError) as error:
            raise InputError(f"cannot open the store: {first_line(error)}", _hint(url)) from error
        kind = self._engine.dialect.name
        if kind not in {"sqlite", "postgresql"}:
            raise InputError(f"a store is SQLite or PostgreSQL, not {kind}")
        if kind == "sqlite":
            sa.event.listen(self._engine, "connect", _tune)
            sa.event.listen(self._engine, "begin", _begin)
        try:
            migrate.prepare(self._engine)
        except sa.exc.SQLAlchemyError as error:
            self.close()
            raise InputError(f"cannot open the store: {first_line(error)}") from error
        except BaseException:
            self.close()
            raise

    @classmethod
    def in_folder(cls, folder: Path) -> "Store":
        """Open the store of a campaign folder."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{folder / FILE}")

    @property
    def engine(self) -> sa.Engine:
        """Return the database, for questions."""
        return self._engine

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def put(self, entries: Iterable[Entry]) -> None:
        """Write scans, each replacing an earlier one with the same key, in one transaction."""
        rows: defaultdict[sa.Table, list[dict[str, Any]]] = defaultdict(list)
        words: list[tuple[str, str, Text]] = []
        for entry in entries:
            rows[scans].append(scan_row(entry))
            if entry.result is not None:
                rows[results].append({"scan": entry.key, "content": packed(entry.result)})
                for table, row in fact_rows(entry.key, entry.result):
                    rows[table].append(row)
                words.extend(name_rows(entry.result))
        with self._engine.begin() as db:
            keys = [row["key"] for row in rows[scans]]
            db.execute(scans.delete().where(scans.c.key.in_(keys)))
            for table, several in rows.items():
                if several:
                    db.execute(table.insert(), several)
            migrate.keep_names(db, words)

    def forget(self, key: str) -> None:
        """Remove one scan and everything that belongs to it."""
        with self._engine.begin() as db:
            db.execute(scans.delete().where(scans.c.key == key))

    def states(self, campaign: str) -> dict[str, str]:
        """Return the state of every scan of a campaign by key."""
        query = sa.select(scans.c.key, scans.c.state).where(scans.c.campaign == campaign)
        with self._engine.connect() as db:
            return {row.key: row.state for row in db.execute(query)}

    def state(self, key: str) -> str:
        """Return the state of one scan, empty when there is none."""
        with self._engine.connect() as db:
            found = db.execute(sa.select(scans.c.state).where(scans.c.key == key)).scalar()
        return str(found or "")

    def campaigns(self) -> tuple[str, ...]:
        """Return the names of the campaigns in the order in which they were last worked on."""
        query = (
            sa.select(scans.c.campaign)
            .group_by(scans.c.campaign)
            .order_by(sa.func.max(scans.c.finished), scans.c.campaign)
        )
        with self._engine.connect() as db:
            return tuple(db.execute(query).scalars())

    def results(self, campaign: str) -> Iterator[tuple[str, Result]]:
        """Yield (key, result) of a campaign, ordered by package and version, few at a time."""
        query = (
            sa.select(scans.c.key, results.c.content)
            .join(results, results.c.scan == scans.c.key)
            .where(scans.c.campaign == campaign)
            .order_by(scans.c.package, scans.c.version, scans.c.key)
        )
        with self._engine.connect() as db:
            for key, content in db.execution_options(yield_per=AT_ONCE).execute(query):
                yield key, unpacked(content)

    def claim(self, key: str, owner: str, seconds: float) -> bool:
        """Take a piece of work for `seconds`. False when somebody else has it.

        A claim that ran out is taken over: its owner was killed.
        """
        now = time.time()
        with self._engine.begin() as db:
            taken = migrate.insert(db, claims).values(key=key, owner=owner, until=now + seconds)
            mine = taken.on_conflict_do_update(
                index_elements=[claims.c.key],
                set_={"owner": owner, "until": now + seconds},
                where=sa.or_(claims.c.until < now, claims.c.owner == owner),
            )
            return db.execute(mine.returning(claims.c.key)).first() is not None

    def renew(self, owner: str, seconds: float) -> None:
        """Keep everything that `owner` has claimed for `seconds` from now."""
        with self._engine.begin() as db:
            held = claims.update().where(claims.c.owner == owner)
            db.execute(held.values(until=time.time() + seconds))

    def release(self, owner: str, key: str = "") -> None:
        """Give back one claim of `owner`, or all of them."""
        query = claims.delete().where(claims.c.owner == owner)
        with self._engine.begin() as db:
            db.execute(query.where(claims.c.key == key) if key else query)


def packed(result: Result) -> bytes:
    """Return a result as zstd-compressed JSON."""
    content = msgspec.json.encode(result, order="deterministic")
    return zstandard.ZstdCompressor(level=9).compress(content)


def unpacked(content: bytes) -> Result:
    """Return what `packed` packed. Raises `ValueError` when it is damaged."""
    try:
        plain = zstandard.ZstdDecompressor().decompress(content, max_output_size=MAX_RESULT)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error
    return msgspec.json.decode(plain, type=Result)


def _tune(connection: sqlite3.Connection, _: object) -> None:
    """Let readers and the writer work at the same time, and foreign keys mean something."""
    # Transactions are ours: the driver's own habit would let changes of the schema escape them.
    connection.isolation_level = None
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        _write_ahead(connection)
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        # No pool knows this connection yet, so nobody else would close it.
        connection.close()
        raise


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging, also while others open the same new file.

    SQLite does not wait for its busy timeout here: of two who switch, one is told "locked".
    """
    end = time.monotonic() + BUSY_SECONDS
    while not _switched(connection, last=time.monotonic() > end):
        time.sleep(0.01)


def _switched(connection: sqlite3.Connection, *, last: bool) -> bool:
    """Try once; False when somebody else holds the file, an error if this was the last time."""
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _begin(db: sa.Connection) -> None:
    db.exec_driver_sql("BEGIN")


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _hint(url: str) -> str:
    return "Install mingcha[postgres]." if "psycopg" in url else ""

"""Brings the store of an older Mingcha to the present schema, in one transaction or not at all."""

from collections.abc import Callable, Iterable

import msgspec
import sqlalchemy as sa
import zstandard
from sqlalchemy.dialects import postgresql, sqlite

from scanner.fleet import tables
from scanner.fleet.rows import derived, fact_rows, fitted, name_rows
from scanner.model.base import Text
from scanner.model.errors import InputError
from scanner.model.result import Result

READ_AT_ONCE = 50


def prepare(engine: sa.Engine) -> None:
    """Make the tables where there are none, and bring older ones up to date.

    Raises `InputError` for a store that a newer Mingcha wrote.
    """
    with engine.begin() as db:
        _only_one(db)
        if not sa.inspect(db).has_table("info"):
            tables.meta.create_all(db)
            db.execute(tables.info.insert().values(name="version", value=str(tables.VERSION)))
            return
        found = _version(db)
        if found > tables.VERSION:
            raise InputError(
                f"the store has version {found}, this Mingcha knows up to {tables.VERSION}",
                "Use the Mingcha that wrote it, or a newer one.",
            )
        try:
            for version in range(found, tables.VERSION):
                STEPS[version](db)
        except (zstandard.ZstdError, msgspec.DecodeError) as error:
            raise InputError(f"cannot bring the store up to date: {error}") from error
        if found < tables.VERSION:
            db.execute(
                tables.info.update()
                .where(tables.info.c.name == "version")
                .values(value=str(tables.VERSION))
            )


def _only_one(db: sa.Connection) -> None:
    """Keep everybody else from preparing the same store at the same time."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(7210311)")
    elif not sa.inspect(db).has_table("info") or _version(db) < tables.VERSION:
        # A reader's transaction cannot become a writer's once somebody else has written.
        db.exec_driver_sql("COMMIT")
        db.exec_driver_sql("BEGIN IMMEDIATE")


def _version(db: sa.Connection) -> int:
    value = db.execute(
        sa.select(tables.info.c.value).where(tables.info.c.name == "version")
    ).scalar()
    try:
        return int(value or "")
    except ValueError:
        raise InputError(f"the store says it has version {value!r}: not one of ours") from None


def _one_to_two(db: sa.Connection) -> None:
    """Whole results move from the rows of `scans`, where every question had to step over them, to
    a table of their own.
    """
    old = sa.Table("scans", sa.MetaData(), autoload_with=db)
    for column in tables.scans.columns:
        if column.name not in old.columns:
            kind = sa.schema.CreateColumn(column).compile(dialect=db.dialect)
            db.exec_driver_sql(f"ALTER TABLE scans ADD COLUMN {kind}")
    tables.results.create(db)
    whole = sa.select(old.c.key, old.c.result).where(old.c.result.is_not(None))
    db.execute(tables.results.insert().from_select(["scan", "content"], whole))
    db.exec_driver_sql("ALTER TABLE scans DROP COLUMN result")


def _two_to_three(db: sa.Connection) -> None:
    """Everything that follows from the whole results is made anew: version 3 keeps which checks
    came to an answer, and has other indexes.
    """
    inspector = sa.inspect(db)
    for table in tables.FACTS:
        if inspector.has_table(table.name):
            db.exec_driver_sql(f"DROP TABLE {table.name}")
    for former in inspector.get_indexes("scans"):
        db.exec_driver_sql(f"DROP INDEX {former['name']}")
    tables.meta.create_all(db)
    for index in sorted(tables.scans.indexes, key=lambda one: str(one.name)):
        index.create(db)
    keys = db.execute(sa.select(tables.results.c.scan)).scalars().all()
    for start in range(0, len(keys), READ_AT_ONCE):
        some = tables.results.c.scan.in_(keys[start : start + READ_AT_ONCE])
        query = sa.select(tables.results.c.scan, tables.results.c.content, tables.scans.c.developer)
        joined = query.join(tables.scans, tables.scans.c.key == tables.results.c.scan)
        for row in db.execute(joined.where(some)).all():
            _derive(db, row.scan, row.content, row.developer)


def _derive(db: sa.Connection, key: str, content: bytes, developer: str) -> None:
    """Write everything that follows from one whole result."""
    result = msgspec.json.decode(zstandard.decompress(content), type=Result)
    values = derived(result)
    values["maker"] = developer or (values["signer"] and f"signer:{values['signer']}")
    own = tables.scans.update().where(tables.scans.c.key == key)
    db.execute(own.values(**fitted(tables.scans, values)))
    for table, row in fact_rows(key, result):
        db.execute(table.insert().values(**row))
    keep_names(db, name_rows(result))


def keep_names(db: sa.Connection, words: Iterable[tuple[str, str, Text]]) -> None:
    """Write what ids are called; the first words for an id stay."""
    rows = {
        (kind, name): fitted(tables.names, {"kind": kind, "id": name, "zh": text.zh, "en": text.en})
        for kind, name, text in words
        if name
    }
    if rows:
        db.execute(insert(db, tables.names).on_conflict_do_nothing(), list(rows.values()))


def insert(db: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that can say what happens on conflict."""
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)


STEPS: dict[int, Callable[[sa.Connection], None]] = {1: _one_to_two, 2: _two_to_three}

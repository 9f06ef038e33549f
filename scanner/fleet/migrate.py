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
    """Whole results move to a table of their own; everything that follows from them is rewritten.

    The first schema kept them in the rows of `scans`, which every question had to step over.
    """
    old = sa.Table("scans", sa.MetaData(), autoload_with=db)
    _reshape(db, {column.name for column in old.columns})
    keys = db.execute(sa.select(old.c.key).where(old.c.result.is_not(None))).scalars().all()
    for start in range(0, len(keys), READ_AT_ONCE):
        some = keys[start : start + READ_AT_ONCE]
        for row in db.execute(
            sa.select(old.c.key, old.c.result, old.c.developer).where(old.c.key.in_(some))
        ).all():
            _rewrite(db, row.key, row.result, row.developer)
    db.exec_driver_sql("ALTER TABLE scans DROP COLUMN result")


def _reshape(db: sa.Connection, present: set[str]) -> None:
    """Give `scans` its new columns and indexes, and the facts new and empty tables."""
    inspector = sa.inspect(db)
    for column in tables.scans.columns:
        if column.name not in present:
            kind = sa.schema.CreateColumn(column).compile(dialect=db.dialect)
            db.exec_driver_sql(f"ALTER TABLE scans ADD COLUMN {kind}")
    for table in tables.FACTS:
        if inspector.has_table(table.name):
            db.exec_driver_sql(f"DROP TABLE {table.name}")
    for former in inspector.get_indexes("scans"):
        db.exec_driver_sql(f"DROP INDEX {former['name']}")
    tables.meta.create_all(db)
    for index in sorted(tables.scans.indexes, key=lambda one: str(one.name)):
        index.create(db)


def _rewrite(db: sa.Connection, key: str, content: bytes, developer: str) -> None:
    result = msgspec.json.decode(zstandard.decompress(content), type=Result)
    values = derived(result)
    values["maker"] = developer or (values["signer"] and f"signer:{values['signer']}")
    db.execute(
        tables.scans.update()
        .where(tables.scans.c.key == key)
        .values(**fitted(tables.scans, values))
    )
    db.execute(tables.results.insert().values(scan=key, content=content))
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


STEPS: dict[int, Callable[[sa.Connection], None]] = {1: _one_to_two}

"""The tables of a store as Parquet files, for whoever analyses them elsewhere."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from scanner.fleet.tables import FACTS, names, scans
from scanner.model.errors import InputError, OutputError

ROWS = 20_000
TABLES = (scans, names, *FACTS)


def export(engine: sa.Engine, folder: Path) -> tuple[Path, ...]:
    """Write one file per table into `folder` and return their paths; whole results stay behind.

    At most `ROWS` rows are in memory. Each file appears whole. Raises `InputError` without
    pyarrow, `OutputError` when the folder cannot be written.
    """
    try:
        import pyarrow  # noqa: PLC0415 - an optional extra
        from pyarrow import parquet  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise InputError("no pyarrow here", "Install mingcha[parquet].") from error
    written = []
    for table in TABLES:
        final = folder / f"{table.name}.parquet"
        part = folder / f".{table.name}.parquet.part"
        schema = pyarrow.schema([(c.name, _kind(pyarrow, c)) for c in table.columns])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with parquet.ParquetWriter(part, schema, compression="zstd") as writer:
                for rows in _rows(engine, table):
                    writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
            part.replace(final)
        except OSError as error:
            raise OutputError(f"cannot write to {folder}: {error.strerror or error}") from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        written.append(final)
    return tuple(written)


def _rows(engine: sa.Engine, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
    query = sa.select(table).order_by(*table.columns)
    with engine.connect() as db:
        for some in db.execution_options(yield_per=ROWS).execute(query).mappings().partitions():
            yield [dict(row) for row in some]


def _kind(pyarrow: Any, column: sa.Column[Any]) -> Any:
    match column.type:
        case sa.Boolean():
            return pyarrow.bool_()
        case sa.Float():
            return pyarrow.float64()
        case sa.Integer():
            return pyarrow.int64()
        case _:
            return pyarrow.string()

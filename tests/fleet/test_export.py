"""Parquet says what the store says."""

from pathlib import Path

import pytest
import sample
import sqlalchemy as sa

from scanner.fleet import parquet
from scanner.fleet.rows import Entry
from scanner.fleet.store import Store
from scanner.model.errors import OutputError

reader = pytest.importorskip("pyarrow.parquet")


def test_every_table_comes_out_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 2)
    store = Store.in_folder(tmp_path)
    store.put(
        Entry(key=f"{n}", campaign="c", path="x", state="done", result=sample.result())
        for n in range(5)
    )
    written = parquet.export(store.engine, tmp_path / "out")
    assert {path.stem for path in written} == {table.name for table in parquet.TABLES}
    with store.engine.connect() as db:
        for table in parquet.TABLES:
            rows = db.execute(sa.select(table).order_by(*table.columns)).mappings()
            content = reader.read_table(tmp_path / "out" / f"{table.name}.parquet")
            assert content.to_pylist() == [dict(row) for row in rows]
    store.close()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {p.name for p in written}


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    store = Store.in_folder(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        parquet.export(store.engine, tmp_path / "file" / "below")
    store.close()

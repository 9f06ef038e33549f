"""An older store opens and says the same as before; a newer one is refused in a sentence."""

import contextlib
import sqlite3
import threading
from pathlib import Path

import msgspec
import pytest
import sample
import sqlalchemy as sa
import zstandard

from scanner.fleet import migrate, tables
from scanner.fleet.query import ask
from scanner.fleet.rows import Entry
from scanner.fleet.store import Store
from scanner.model.errors import InputError

SCHEMA = Path(__file__).with_name("store_v1.sql")


def old_store(folder: Path, content: bytes | None = None) -> None:
    """Write what the first version wrote for one scan and one timeout."""
    folder.mkdir(exist_ok=True)
    db = sqlite3.connect(folder / "campaign.sqlite")
    db.executescript(SCHEMA.read_text(encoding="utf-8"))
    plain = msgspec.json.encode(sample.result(), order="deterministic")
    columns = "key, campaign, path, state, detail, seconds, peak_bytes, package, label, version"
    rest = "sha256, developer, store, category, result"
    row = ("a", "spring", "a.apk", "done", "", 1.5, 7, "com.example.demo", "晴空天气", "1.2")
    more = ("ef" * 32, "某公司", "", "38", content or zstandard.compress(plain))
    marks = ", ".join("?" * 15)
    db.execute(f"insert into scans ({columns}, {rest}) values ({marks})", row + more)
    lost = ("b", "spring", "b.apk", "timeout", "over 300 s", 300, 0, "", "", "", "", "", "", "")
    db.execute(f"insert into scans ({columns}, {rest}) values ({marks})", (*lost, None))
    db.execute("insert into sdks values ('a', 'umeng', '', 0)")
    db.execute("insert into info values ('version', '1')")
    db.commit()
    db.close()


def test_an_old_store_opens_with_everything_it_knew(tmp_path: Path) -> None:
    old_store(tmp_path)
    store = Store.in_folder(tmp_path)
    assert list(store.results("spring")) == [("a", sample.result())]
    assert store.states("spring") == {"a": "done", "b": "timeout"}
    assert len(ask(store.engine, "sdk", "umeng").rows) == 1
    assert len(ask(store.engine, "host", "log.example").rows) == 1
    with store.engine.connect() as db:
        row = db.execute(sa.select(tables.scans).where(tables.scans.c.key == "a")).one()
    assert (row.maker, row.fails, row.worst, row.seconds) == ("某公司", 1, "high", 1.5)
    store.close()
    Store.in_folder(tmp_path).close()


def test_a_store_of_the_second_version_learns_which_checks_had_an_answer(tmp_path: Path) -> None:
    store = Store.in_folder(tmp_path)
    store.put([Entry(key="a", campaign="c", path="a.apk", state="done", result=sample.result())])
    with store.engine.begin() as db:
        before = db.execute(sa.select(tables.checks)).all()
        db.exec_driver_sql("drop table checks")
        db.exec_driver_sql("update info set value = '2'")
    store.close()
    store = Store.in_folder(tmp_path)
    with store.engine.connect() as db:
        assert db.execute(sa.select(tables.checks)).all() == before != []
        assert db.execute(sa.select(sa.func.count()).select_from(tables.findings)).scalar() == 1
    store.close()


def test_a_migrated_store_is_built_like_a_new_one(tmp_path: Path) -> None:
    old_store(tmp_path / "old")
    shapes = []
    for name in ("old", "new"):
        store = Store.in_folder(tmp_path / name)
        inspector = sa.inspect(store.engine)
        shapes.append(
            {
                table: (
                    {column["name"] for column in inspector.get_columns(table)},
                    {index["name"] for index in inspector.get_indexes(table)},
                )
                for table in inspector.get_table_names()
            }
        )
        store.close()
    assert shapes[0] == shapes[1]


def test_a_migration_that_fails_leaves_the_old_store(tmp_path: Path) -> None:
    old_store(tmp_path, b"damaged")
    before = (tmp_path / "campaign.sqlite").read_bytes()
    with pytest.raises(InputError, match="cannot bring the store up to date"):
        Store.in_folder(tmp_path)
    db = sqlite3.connect(tmp_path / "campaign.sqlite")
    assert db.execute("select value from info").fetchone() == ("1",)
    assert db.execute("select count(*) from sdks").fetchone() == (1,)
    db.close()
    assert len(before) <= (tmp_path / "campaign.sqlite").stat().st_size


@pytest.mark.parametrize("version", [str(tables.VERSION + 1), "x", ""])
def test_a_store_that_is_not_known_is_refused(tmp_path: Path, version: str) -> None:
    store = Store.in_folder(tmp_path)
    store.put([Entry(key="a", campaign="c", path="a.apk", state="done", result=sample.result())])
    with store.engine.begin() as db:
        db.execute(tables.info.update().values(value=version))
    store.close()
    with pytest.raises(InputError, match="version"):
        Store.in_folder(tmp_path)


def test_there_is_a_step_from_every_older_version() -> None:
    assert set(migrate.STEPS) == set(range(1, tables.VERSION))


def test_a_store_waits_for_whoever_writes_to_the_new_file(tmp_path: Path) -> None:
    # Somebody else has made the file and writes, before write-ahead logging is on.
    other = sqlite3.connect(tmp_path / "campaign.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    opened: list[Store] = []
    opening = threading.Thread(target=lambda: opened.append(Store.in_folder(tmp_path)))
    opening.start()
    opening.join(0.3)
    assert opening.is_alive()
    other.execute("COMMIT")
    other.close()
    opening.join(30)
    (store,) = opened
    assert store.campaigns() == ()
    store.close()


def test_a_store_that_stays_locked_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.fleet.store.BUSY_SECONDS", -1)
    with contextlib.closing(sqlite3.connect(tmp_path / "campaign.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InputError, match=r"cannot open the store.*locked"):
            Store.in_folder(tmp_path)

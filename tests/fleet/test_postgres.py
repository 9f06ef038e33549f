"""The store in a real PostgreSQL says what it says in SQLite."""

import importlib.util
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import postgres
import pytest
import sample
import sqlalchemy as sa

from scanner.fleet.overview import grounds, overview
from scanner.fleet.query import QUESTIONS, ask
from scanner.fleet.repeats import repeats
from scanner.fleet.rows import Entry
from scanner.fleet.site import Wanted, write_site
from scanner.fleet.store import Store
from scanner.fleet.survey import Survey
from scanner.fleet.trends import Ground
from scanner.model.base import same
from scanner.model.campaign import Form, Room
from scanner.model.errors import InputError

pytestmark = pytest.mark.skipif(
    postgres.find("postgres") is None or importlib.util.find_spec("psycopg") is None,
    reason="no PostgreSQL server or no psycopg here",
)
ASKED = {
    "sdk": "umeng",
    "sends-abroad": "imei",
    "clause": "cn-191:191-3.1",
    "check": "collection-before-consent",
    "host": "example",
    "permission": "READ_CONTACTS",
    "collects": "imei",
    "seen": "imei",
    "app": "com.example.demo",
    "worse": "spring..summer",
    "state": "timeout",
}

UNDER: list[tuple[Room, str]] = [
    ("issue", "collection-before-consent"),
    ("clause", "cn-191:191-3.1"),
    ("sdk", "umeng"),
    ("maker", "signer:" + "12" * 32),
]
FORM = Form(
    id="f",
    title=same("f"),
    who=same("n"),
    shape="table",
    regulation="cn-191",
    source="",
    checked="",
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres.server(tmp_path_factory.mktemp("pg")) as address:
        yield address


def entries() -> list[Entry]:
    lost = Entry(key="c", campaign="summer", path="c.apk", state="timeout", detail="over 300 s")
    clean, bad = sample.result(()), sample.result()
    return [
        Entry(key="a", campaign="spring", path="a.apk", state="done", result=clean),
        Entry(key="b", campaign="summer", path="b.apk", state="done", result=bad),
        lost,
    ]


def test_it_answers_like_sqlite(url: str, tmp_path: Path) -> None:
    assert set(ASKED) == set(QUESTIONS)
    ours, theirs = Store.in_folder(tmp_path), Store(url)
    for store in (ours, theirs):
        store.put(entries())
        store.put(entries())
    for question, about in ASKED.items():
        answer = ask(theirs.engine, question, about)
        assert answer == ask(ours.engine, question, about)
        assert answer.rows or question == "seen"
    reports = []
    for store in (ours, theirs):
        with store.engine.connect() as db:
            survey = Survey(db, "summer")
            before = grounds(store.engine, store.campaigns(), "summer")
            found = repeats([*before, Ground(store.engine, "summer")], 9)
            reports.append((overview(survey, before), list(survey.pages()), found))
            listed = [list(survey.listed_under(room, about)) for room, about in UNDER]
            reports[-1] += (listed, list(survey.notices(FORM)))
            write_site(survey, tmp_path / "site", Wanted(), earlier=before)
    assert reports[0] == reports[1]
    assert list(ours.results("summer")) == list(theirs.results("summer"))
    assert ours.campaigns() == theirs.campaigns()
    ours.close()
    theirs.close()


def test_what_an_app_calls_itself_does_not_end_a_campaign(url: str) -> None:
    result = sample.result(label="nul \0 in a label")
    app = msgspec.structs.replace(result.app, package="x" * 5000)
    odd = msgspec.structs.replace(result, app=app)
    store = Store(url)
    store.put([Entry(key="odd", campaign="o", path="\0\ud800.apk", state="done", result=odd)])
    assert store.state("odd") == "done"
    store.close()


def test_one_of_many_gets_a_claim(url: str) -> None:
    stores = [Store(url) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(lambda n: stores[n].claim("k", f"owner {n}", 60), range(6)))
    assert sum(won) == 1
    assert stores[0].claim("k", f"owner {won.index(True)}", -1)
    assert stores[0].claim("k", "late", 60)
    stores[1].release("late")
    assert stores[1].claim("k", "later", 60)
    for store in stores:
        store.close()


def test_many_open_a_new_store_at_once(url: str) -> None:
    server = sa.create_engine(
        url.replace("://", "+psycopg://"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with server.connect() as db:
        db.exec_driver_sql("create database fresh")
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(Store, [url.replace("/postgres", "/fresh")] * 4):
            store.put(entries())
            store.close()


def test_a_server_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(InputError, match="cannot open the store"):
        Store("postgresql://mingcha@127.0.0.1:9/none")

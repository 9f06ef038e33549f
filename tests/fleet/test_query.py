"""The store answers what it is asked, over campaigns, and survives odd names."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sample

from scanner.fleet.query import ask
from scanner.fleet.rows import Entry
from scanner.fleet.store import Store
from scanner.model.errors import InputError
from scanner.model.result import Result


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.in_folder(tmp_path)
    yield opened
    opened.close()


def entry(
    key: str, campaign: str = "spring", result: Result | None = None, state: str = "done"
) -> Entry:
    return Entry(key=key, campaign=campaign, path=f"{key}.apk", state=state, result=result)


def test_which_apps_contain_an_sdk_and_send_abroad(store: Store) -> None:
    store.put([entry("a", result=sample.result())])
    assert ask(store.engine, "sdk", "umeng").rows == (
        ("spring", "com.example.demo", "1.2", "", False),
    )
    assert ask(store.engine, "sdk", "other").rows == ()
    assert len(ask(store.engine, "sends-abroad", "imei").rows) == 1
    assert ask(store.engine, "sends-abroad", "email").rows == ()


def test_clauses_checks_and_hosts(store: Store) -> None:
    store.put([entry("a", result=sample.result())])
    assert ask(store.engine, "clause", "191-3.1").rows[0][-1] == "fail"
    assert ask(store.engine, "clause", "cn-191:191-3.1").rows[0][-1] == "fail"
    assert ask(store.engine, "clause", "other:191-3.1").rows == ()
    assert ask(store.engine, "clause", "191-2.4").rows == ()
    assert len(ask(store.engine, "check", "collection-before-consent").rows) == 1
    assert len(ask(store.engine, "host", "log.example").rows) == 1
    assert len(ask(store.engine, "host", "example").rows) == 1
    assert ask(store.engine, "host", "%").rows == ()
    assert ask(store.engine, "host", "g.example").rows == ()
    assert len(ask(store.engine, "permission", "READ_CONTACTS").rows) == 1
    assert ask(store.engine, "permission", "CAMERA").rows == ()
    assert len(ask(store.engine, "collects", "imei").rows) == 1
    assert ask(store.engine, "collects", "email").rows == ()
    assert len(ask(store.engine, "app", "com.example.demo").rows) == 1


def test_answers_are_in_the_language_asked_for(store: Store) -> None:
    store.put([entry("a", result=sample.result())])
    for lang, start in (("zh", "应用在"), ("en", "The app")):
        answer = ask(store.engine, "check", "collection-before-consent", lang=lang)
        assert answer.columns == ("campaign", "package", "version", "severity", "message")
        assert str(answer.rows[0][-1]).startswith(start)


def test_what_got_worse_since_last_time(store: Store) -> None:
    clean, bad = sample.result(()), sample.result()
    store.put([entry("a", "spring", clean), entry("b", "summer", bad)])
    assert len(ask(store.engine, "worse", "spring..summer").rows) == 1
    assert ask(store.engine, "worse", "summer..summer").rows == ()
    other = msgspec.structs.replace(
        bad, app=msgspec.structs.replace(bad.app, package="com.example.other")
    )
    store.put([entry("c", "autumn", other)])
    # An app that was not in the earlier campaign did not get worse.
    assert ask(store.engine, "worse", "spring..autumn").rows == ()


def test_a_scan_is_replaced_whole(store: Store) -> None:
    store.put([entry("a", result=sample.result())])
    store.put([entry("a", state="timeout")])
    assert ask(store.engine, "sdk", "umeng").rows == ()
    assert ask(store.engine, "state", "timeout").rows == (("spring", "a.apk", "timeout", ""),)
    assert list(store.results("spring")) == []


def test_results_come_back_as_they_were(store: Store) -> None:
    store.put([entry("a", result=sample.result())])
    assert list(store.results("spring")) == [("a", sample.result())]


@pytest.mark.parametrize(("question", "about"), [("colour", "x"), ("worse", "x")])
def test_a_bad_question_is_refused(store: Store, question: str, about: str) -> None:
    with pytest.raises(InputError):
        ask(store.engine, question, about)


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    store = Store.in_folder(tmp_path)
    with store.engine.begin() as db:
        db.exec_driver_sql("update info set value = '99'")
    store.close()
    with pytest.raises(InputError, match="version 99"):
        Store.in_folder(tmp_path)


def test_something_else_than_a_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "campaign.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(InputError, match="cannot open the store"):
        Store.in_folder(tmp_path)

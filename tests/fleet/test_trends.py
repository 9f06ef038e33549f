"""Early warning speaks of what spreads, names the apps, and does not cry wolf."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sample
from click.testing import CliRunner

from scanner.cli import cli
from scanner.fleet.rows import Entry
from scanner.fleet.store import Store
from scanner.fleet.trends import Ground, bounds, compare, last_days
from scanner.model.base import same
from scanner.model.errors import InputError
from scanner.model.result import CoverageRow, Result


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.in_folder(tmp_path)
    yield opened
    opened.close()


def app(number: int, *, sdk: bool, findings: bool = False, traffic: bool = True) -> Result:
    plain = sample.result() if findings else sample.result(())
    return msgspec.structs.replace(
        plain,
        app=msgspec.structs.replace(plain.app, package=f"com.example.app{number:03}"),
        sdks=plain.sdks if sdk else (),
        destinations=plain.destinations if sdk else (),
        coverage=(
            CoverageRow(part="static", examined=True, summary=same("")),
            CoverageRow(part="traffic", examined=traffic, summary=same("")),
        ),
    )


def fill(store: Store, campaign: str, count: int, having: int, **how: bool) -> None:
    store.put(
        Entry(
            key=f"{campaign}{n}",
            campaign=campaign,
            path="x",
            state="done",
            finished=f"2026-11-{n % 20 + 1:02}T00:00:00+00:00",
            result=app(n, sdk=n < having, **how),
        )
        for n in range(count)
    )


def found(store: Store, **how: int) -> dict[tuple[str, str], str]:
    trends = compare(Ground(store.engine, "old"), Ground(store.engine, "new"), **how).trends
    return {(t.kind, t.id): t.change for t in trends}


def test_a_new_sdk_and_its_host_are_named_with_their_apps(store: Store) -> None:
    fill(store, "old", 10, 0)
    fill(store, "new", 10, 3)
    trends = compare(Ground(store.engine, "old"), Ground(store.engine, "new"))
    sdk = next(t for t in trends.trends if t.kind == "sdk")
    assert (sdk.id, sdk.name, sdk.change) == ("umeng", same("Umeng"), "new")
    assert (sdk.before, sdk.before_of, sdk.now, sdk.now_of) == (0, 10, 3, 10)
    assert sdk.apps == ("com.example.app000", "com.example.app001", "com.example.app002")
    assert found(store)["host", "log.example"] == "new"


def test_one_app_alone_is_no_trend_unless_asked(store: Store) -> None:
    fill(store, "old", 10, 0)
    fill(store, "new", 10, 1)
    assert found(store) == {}
    assert ("sdk", "umeng") in found(store, least=1)


@pytest.mark.parametrize(("before", "now", "rises"), [(2, 4, False), (2, 20, True), (20, 2, False)])
def test_a_rise_must_be_more_than_chance(store: Store, before: int, now: int, rises: bool) -> None:
    fill(store, "old", 40, before)
    fill(store, "new", 40, now)
    assert (found(store).get(("sdk", "umeng")) == "rising") is rises


def test_findings_rise_too(store: Store) -> None:
    fill(store, "old", 5, 0)
    fill(store, "new", 5, 0, findings=True)
    assert found(store)["check", "collection-before-consent"] == "new"


def test_what_was_never_examined_before_is_not_called_new(store: Store) -> None:
    fill(store, "old", 10, 0, traffic=False)
    fill(store, "new", 10, 5)
    trends = compare(Ground(store.engine, "old"), Ground(store.engine, "new"))
    assert trends.not_compared == ("host", "abroad")
    assert {t.kind for t in trends.trends} == {"sdk"}


def test_a_check_that_had_no_answer_before_is_not_called_new(store: Store) -> None:
    fill(store, "old", 5, 0)
    fill(store, "new", 5, 0, findings=True)
    with store.engine.begin() as db:
        db.exec_driver_sql("delete from checks where scan like 'old%'")
    trends = compare(Ground(store.engine, "old"), Ground(store.engine, "new"))
    assert not [t for t in trends.trends if t.kind == "check"]
    assert "check" in trends.not_compared


def test_the_last_days_against_the_time_before(store: Store) -> None:
    fill(store, "new", 20, 0)
    store.put(
        Entry(
            key=f"late{n}",
            campaign="new",
            path="x",
            state="done",
            finished="2026-12-01T00:00:00+00:00",
            result=app(100 + n, sdk=True),
        )
        for n in range(2)
    )
    before, now = last_days(Ground(store.engine, "new"), 3)
    trends = compare(before, now)
    assert (trends.before_of, trends.now_of) == (20, 2)
    assert ("sdk", "umeng") in {(t.kind, t.id) for t in trends.trends}
    with pytest.raises(InputError, match="no scans with a time"):
        last_days(Ground(store.engine, "none"), 3)


def test_bounds_are_those_of_wilson() -> None:
    low, high = bounds(10, 100)
    # Wilson 1927 with z = 1.645, computed by hand: (0.1 + 0.01353) / 1.02706 -+ 0.05110
    assert low == pytest.approx(0.0611, abs=2e-3)
    assert high == pytest.approx(0.1596, abs=2e-3)
    assert bounds(0, 10)[0] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("fmt", ["text", "csv", "json"])
def test_the_command_tells_it(store: Store, tmp_path: Path, fmt: str) -> None:
    fill(store, "old", 10, 0)
    store.put([Entry(key="z", campaign="new", path="x", state="done", finished="2027-01-01")])
    fill(store, "new", 10, 3)
    where = ["trends", "--campaign", str(tmp_path), "--old", "old", "--new", "new", "-f", fmt]
    ran = CliRunner().invoke(cli, where, catch_exceptions=False)
    for word in ("umeng", "com.example.app002", "log.example"):
        assert word in ran.output
    with pytest.raises(InputError, match="no campaign 'x'"):
        CliRunner().invoke(cli, [*where, "--old", "x"], catch_exceptions=False)

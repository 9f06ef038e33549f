"""A draw follows from seed and population alone, and everybody can check that it does."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
import sample
from click.testing import CliRunner

from scanner.cli import cli
from scanner.fleet.draw import Item, Plan, Record, digest, draw, key, rate, verify
from scanner.fleet.draw import Tester as Examiner
from scanner.fleet.draw_files import items_of, read_items, read_record, read_testers, record_files
from scanner.fleet.rows import Entry
from scanner.fleet.store import Store
from scanner.model.errors import InputError

ITEMS = tuple(
    Item(
        id=f"com.example.app{n:03}",
        name=f"应用{n}",
        grade=("severe", "high", "minimal")[n % 3],
        category=str(n % 2),
        developer=f"maker{n % 4}",
    )
    for n in range(60)
)
TESTERS = tuple(Examiner(id=f"t{n}", name=f"检测员{n}") for n in range(4))
PLAN = Plan(
    seed="2026-11-27 双色球 03 11 17", rates={"severe": "100%", "high": "1/2", "minimal": "5%"}
)

# What must come out, on every machine. The keys are those that openssl computes:
#   printf '%s' 'mingcha.sample/13:app5:a.b.c' | openssl dgst -sha256 -mac HMAC -macopt key:seed
VECTOR_ASCII = "0fa456201f1a5323ae65e76e43e09d4255a25f06d56be704ce5bd0bf675aa23d"
VECTOR_CHINESE = "1db79fccaf3b6bd7e61e8003c2e5adfbfdc834028775b6fadaafa4960a46b034"
POPULATION = "31f6e02b2d5b5e42a4ed314292f00f01a586e58594a12c665e6f3b6a57995e08"
MINIMAL = ["com.example.app008"]
HIGH = [f"com.example.app{n:03}" for n in (34, 13, 55, 22, 4, 10, 52, 31, 49, 1)]


def test_the_key_is_what_the_method_says() -> None:
    assert key("seed", "app", "a.b.c") == VECTOR_ASCII
    # The same with a Chinese seed and id: lengths are those of the UTF-8 bytes.
    assert key("种子", "app", "应用") == VECTOR_CHINESE
    # Lengths are part of the message: parts cannot run into one another.
    assert key("seed", "ap", "pa.b.c") != key("seed", "app", "a.b.c")


def test_a_draw_is_always_the_same() -> None:
    record = draw(PLAN, ITEMS, TESTERS)
    assert record == draw(PLAN, ITEMS[::-1], TESTERS[::-1])
    assert record.population_digest == POPULATION
    grades = {item.id: item.grade for item in ITEMS}
    assert [d.id for d in record.drawn if grades[d.id] == "minimal"] == MINIMAL
    assert [d.id for d in record.drawn if grades[d.id] == "high"] == HIGH
    assert record != draw(msgspec.structs.replace(PLAN, seed="other"), ITEMS, TESTERS)


def test_rates_hold_for_each_grade_and_places_are_shared_by_size() -> None:
    record = draw(PLAN, ITEMS, TESTERS)
    drawn = {(s.grade, s.category): (s.drawn, s.size) for s in record.strata}
    assert drawn["severe", "0"] == drawn["severe", "1"] == (10, 10)
    assert drawn["high", "0"] == drawn["high", "1"] == (5, 10)
    assert drawn["minimal", "0"][0] + drawn["minimal", "1"][0] == 1


@pytest.mark.parametrize(
    ("share", "least", "count"),
    [("0", 1, 0), ("1%", 0, 1), ("1%", 3, 3), ("1%", 99, 20), ("51%", 0, 11), ("100%", 0, 20)],
)
def test_a_grade_gets_its_rate_rounded_up(share: str, least: int, count: int) -> None:
    plan = Plan(seed="s", rates={"high": share}, at_least=least)
    own = [item for item in ITEMS if item.grade == "high"]
    assert len(draw(plan, own, ()).drawn) == count


def test_no_tester_examines_where_their_interests_lie_and_work_is_shared() -> None:
    people = (Examiner(id="a", excludes=("maker1", ITEMS[0].id)), *TESTERS)
    record = draw(PLAN, ITEMS, people)
    makers = {item.id: item.developer for item in ITEMS}
    for one in record.drawn:
        assert len(set(one.testers)) == 2
        if makers[one.id] == "maker1" or one.id == ITEMS[0].id:
            assert "a" not in one.testers
    work = [sum(person.id in one.testers for one in record.drawn) for person in people]
    assert max(work) - min(work) <= 2


def test_too_few_testers_are_an_error() -> None:
    conflicted = tuple(Examiner(id=f"t{n}", excludes=("maker0",)) for n in range(3))
    with pytest.raises(InputError, match="0 testers"):
        draw(PLAN, ITEMS, conflicted)


@pytest.mark.parametrize(
    ("population", "people", "complaint"),
    [
        ((Item(id="a", grade="odd"),), (), "no rate for grade 'odd'"),
        ((Item(id="a", grade="high"),) * 2, (), "app 'a' is listed twice"),
        ((Item(id=""),), (), "no id"),
        (ITEMS, (TESTERS[0],) * 2, "tester 't0' is listed twice"),
    ],
)
def test_a_bad_population_is_refused(
    population: tuple[Item, ...], people: tuple[Examiner, ...], complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        draw(PLAN, population, people)


def test_rates_are_exact() -> None:
    assert rate("12.5%") == Fraction(1, 8)
    assert rate("0.1") == Fraction(1, 10)
    assert rate("1/3") == Fraction(1, 3)
    for text in ("", "x", "-1%", "101%", "1/0", "nan"):
        with pytest.raises(InputError):
            rate(text)


def test_every_change_of_a_record_is_found() -> None:
    record = draw(PLAN, ITEMS, TESTERS)
    assert verify(record) == ()
    first, second = record.drawn[:2]
    swapped = msgspec.structs.replace(first, testers=first.testers[::-1])
    outsider = next(i.id for i in ITEMS if i.id not in {d.id for d in record.drawn})
    changes: list[dict[str, object]] = [
        {"drawn": record.drawn[1:]},
        {"drawn": (*record.drawn, msgspec.structs.replace(first, id=outsider))},
        {"drawn": (swapped, *record.drawn[1:])},
        {"drawn": (second, first, *record.drawn[2:])},
        {"strata": record.strata[1:]},
        {"population_digest": "0" * 64},
        {"population": record.population[1:]},
        {"testers": TESTERS[1:]},
        {"plan": msgspec.structs.replace(PLAN, seed="other")},
        {"plan": msgspec.structs.replace(PLAN, rates={"severe": "1"})},
        {"plan": msgspec.structs.replace(PLAN, rates={**PLAN.rates, "high": "9"})},
    ]
    for change in changes:
        assert verify(msgspec.structs.replace(record, **change)), change


def test_the_order_of_a_draw_does_not_hang_on_hash_seeds(tmp_path: Path) -> None:
    code = (
        "import sys, msgspec; sys.path.insert(0, sys.argv[1]); import test_draw as t;"
        "print(msgspec.json.encode(t.draw(t.PLAN, t.ITEMS, t.TESTERS)).decode())"
    )
    support = Path(sample.__file__).parent
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            check=True,
            capture_output=True,
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f".:{support}", "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_from_lists_to_a_verified_record(tmp_path: Path) -> None:
    apps = tmp_path / "apps.csv"
    apps.write_bytes(
        "包名,名称,风险等级,类别,历史,开发者\n"
        "a.b,=cmd(),high,38,clean,甲\na.c,丙,high,38,repeat,乙\n".encode("gb18030")
    )
    people = tmp_path / "people.csv"
    people.write_text("编号,姓名,回避\n1,张三,甲；a.c\n2,李四,\n3,王五,\n")
    assert read_testers(people)[0].excludes == ("a.c", "甲")
    ran = CliRunner().invoke(cli, ["sample", "digest", str(apps), "--testers", str(people)])
    published = ran.output.strip()
    assert published == digest(read_items(apps), read_testers(people))
    out = tmp_path / "out"
    arguments = [
        "sample",
        "draw",
        str(apps),
        "--testers",
        str(people),
        "--seed",
        "s",
        "-o",
        str(out),
    ]
    ran = CliRunner().invoke(cli, [*arguments, "--rate", "high=100%"], catch_exceptions=False)
    assert published in ran.output
    record = read_record(out / "sample.json")
    assert verify(record) == ()
    table = (out / "sample.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd()" in table
    assert "张三" not in table
    checks = ["sample", "verify", str(out / "sample.json"), "--population", str(apps)]
    for more, code in ((["--seed", "s"], 0), (["--seed", "t"], 1)):
        ran = CliRunner().invoke(cli, [*checks, *more], standalone_mode=False)
        assert ran.return_value == code
    apps.write_text("id,grade\na.b,high\n")
    ran = CliRunner().invoke(cli, checks, standalone_mode=False)
    assert ran.return_value == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"schema": "mingcha.sample/2"}'])
def test_what_is_no_record_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.json").write_bytes(content)
    with pytest.raises(InputError, match=r"r\.json"):
        read_record(tmp_path / "r.json")


def test_a_record_reads_back(tmp_path: Path) -> None:
    record = draw(PLAN, ITEMS, TESTERS)
    assert msgspec.json.decode(record_files(record)["sample.json"], type=Record) == record


def test_the_population_of_a_campaign_knows_its_history(tmp_path: Path) -> None:
    store = Store.in_folder(tmp_path)
    bad, clean = sample.result(), sample.result(())
    other = msgspec.structs.replace(
        clean, app=msgspec.structs.replace(clean.app, package="com.example.other")
    )
    store.put(
        [
            Entry(key="1", campaign="spring", path="1", state="done", result=bad),
            Entry(key="2", campaign="summer", path="2", state="done", result=bad),
            Entry(key="3", campaign="summer", path="3", state="done", result=other),
            Entry(key="4", campaign="summer", path="4", state="timeout"),
        ]
    )
    found = {item.id: item.history for item in items_of(store.engine, "summer")}
    store.close()
    assert found == {"com.example.demo": "repeat", "com.example.other": "clean"}

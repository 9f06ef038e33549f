"""A synthetic store of many results, and how fast it answers.

    python benchmarks/fleet_store.py make SEED_CAMPAIGN FOLDER --count 100000
    python benchmarks/fleet_store.py ask FOLDER
    python benchmarks/fleet_store.py site FOLDER OUTPUT [--app-pages]

SYNTHETIC: the results are variants of those of a real campaign (SEED_CAMPAIGN, a folder of
`mingcha batch`) under made-up names; findings, SDK versions and developers are varied by a fixed
seed. Package names start with `synthetic.`, the campaigns are called `synthetic-old` and
`synthetic`. The numbers say how the store behaves, and nothing about apps.
"""

import argparse
import random
import resource
import sqlite3
import sys
import time
from collections import defaultdict
from pathlib import Path

import msgspec

sys.path[0] = str(Path(__file__).parent.parent)  # the tree, wherever this runs
from scanner.fleet import tables  # noqa: E402
from scanner.fleet.query import QUESTIONS, ask  # noqa: E402
from scanner.fleet.rows import Entry, fact_rows, name_rows, scan_row  # noqa: E402
from scanner.fleet.site import Wanted, write_site  # noqa: E402
from scanner.fleet.store import FILE, Store, packed  # noqa: E402
from scanner.fleet.survey import Survey  # noqa: E402
from scanner.model.result import Result  # noqa: E402

VARIANTS = 40
AT_ONCE = 1000
MAKERS = 9000


def vary(result: Result, chance: random.Random) -> Result:
    """Return a variant: some findings less, other SDK versions."""
    findings = tuple(f for f in result.findings if chance.random() < 0.8)
    sdks = tuple(
        msgspec.structs.replace(sdk, version=f"{chance.randint(1, 9)}.{chance.randint(0, 4)}")
        for sdk in result.sdks
    )
    return msgspec.structs.replace(result, findings=findings, sdks=sdks)


def make(seed: Path, folder: Path, count: int) -> None:
    """Write the store: nine tenths of the apps in `synthetic`, all of them twice as old."""
    chance = random.Random(20261127)
    source = Store.in_folder(seed)
    base = [result for name in source.campaigns() for _, result in source.results(name)]
    source.close()
    variants = [vary(result, chance) for result in base for _ in range(VARIANTS)]
    ready = [(packed(v), dict(facts(v)), scan_row(entry(v))) for v in variants]
    store = Store.in_folder(folder)
    with store.engine.begin() as db:
        from scanner.fleet.migrate import keep_names  # noqa: PLC0415

        keep_names(db, [row for v in variants for row in name_rows(v)])
    store.close()
    db = sqlite3.connect(folder / FILE)
    db.execute("PRAGMA synchronous=OFF")
    for start in range(0, count, AT_ONCE):
        rows = defaultdict(list)
        for number in range(start, min(count, start + AT_ONCE)):
            one(number, count, ready[chance.randrange(len(ready))], chance, rows)
        for table, several in rows.items():
            marks = ", ".join("?" * len(table.columns))
            db.executemany(f"insert into {table.name} values ({marks})", several)  # noqa: S608
        db.commit()
    db.execute("ANALYZE")
    db.close()


def one(number: int, count: int, variant: tuple, chance: random.Random, rows: dict) -> None:
    """Add the rows of one scan."""
    content, facts_of, row = variant
    key, old = f"{number:064x}", number < count // 2
    made = {
        **row,
        "key": key,
        "campaign": "synthetic-old" if old else "synthetic",
        "package": f"synthetic.app{number % (count // 2):06}",
        "label": f"合成数据 {number % (count // 2)}",
        "maker": f"合成开发者 {chance.randrange(MAKERS)}",
        "version": "1.0" if old else "2.0",
        "finished": "2026-06-01T00:00:00+00:00" if old else "2026-11-01T00:00:00+00:00",
    }
    rows[tables.scans].append([made[column.name] for column in tables.scans.columns])
    rows[tables.results].append([key, content])
    for table, several in facts_of.items():
        rows[table] += [[key, *values] for values in several]


def facts(result: Result) -> dict:
    """Return the rows of the fact tables without the key, in the order of the columns."""
    found = defaultdict(list)
    for table, row in fact_rows("", result):
        found[table].append([row[column.name] for column in table.columns][1:])
    return found


def entry(result: Result) -> Entry:
    return Entry(key="", campaign="", path="synthetic.apk", state="done", result=result)


def measure(folder: Path) -> None:
    """Print the wall and CPU time of every question, asked of a freshly opened store."""
    store = Store.in_folder(folder)
    with store.engine.connect() as db:
        count = db.exec_driver_sql("select count(*) from scans").scalar()
        common = "select {0} from {1} group by 1 order by count(*) desc limit 1"
        about = {
            name: db.exec_driver_sql(common.format(column, table)).scalar()
            for name, column, table in (
                ("sdk", "sdk", "sdks"),
                ("check", "check_id", "findings"),
                ("host", "host", "destinations"),
                ("permission", "permission", "permissions"),
                ("collects", "data_type", "cells"),
            )
        }
        failed = (
            "select clause from clauses where outcome = 'fail' group by 1 order by count(*) desc"
        )
        about["clause"] = db.exec_driver_sql(failed).scalar()
        about |= {
            "seen": about["collects"],
            "sends-abroad": about["collects"],
            "app": "synthetic.app000007",
            "worse": "synthetic-old..synthetic",
            "state": "timeout",
        }
        abroad = "select data_type from cells where outside and observed > 0 limit 1"
        about["sends-abroad"] = db.exec_driver_sql(abroad).scalar() or about["collects"]
    print(f"{count} results, {(folder / FILE).stat().st_size / 1e9:.2f} GB")
    for question in QUESTIONS:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = ask(store.engine, question, str(about[question]))
        print(
            f"{question:14} {str(about[question])[:40]:40} {len(answer.rows):6} rows"
            f"  {time.perf_counter() - wall:6.3f} s wall  {time.process_time() - cpu:6.3f} s CPU"
        )
    store.close()


def site(folder: Path, output: Path, app_pages: bool) -> None:
    """Build the campaign's report and print what it took."""
    store = Store.in_folder(folder)
    wall, cpu = time.perf_counter(), time.process_time()
    with store.engine.connect() as db:
        survey = Survey(db, store.campaigns()[-1])
        files = write_site(survey, output, Wanted(app_pages=app_pages))
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{files} files, {time.perf_counter() - wall:.1f} s wall,"
        f" {time.process_time() - cpu:.1f} s CPU, peak {peak:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    making = actions.add_parser("make")
    making.add_argument("seed", type=Path)
    making.add_argument("folder", type=Path)
    making.add_argument("--count", type=int, default=100_000)
    actions.add_parser("ask").add_argument("folder", type=Path)
    building = actions.add_parser("site")
    building.add_argument("folder", type=Path)
    building.add_argument("output", type=Path)
    building.add_argument("--app-pages", action="store_true")
    given = parser.parse_args()
    if given.action == "make":
        make(given.seed, given.folder, given.count)
    elif given.action == "ask":
        measure(given.folder)
    else:
        site(given.folder, given.output, given.app_pages)


if __name__ == "__main__":
    main()

"""The lists that a draw starts from, and the record it leaves."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import sqlalchemy as sa

from scanner.fleet.draw import Item, Record, Tester
from scanner.fleet.jobs import read_table
from scanner.fleet.sheets import to_csv
from scanner.fleet.tables import scans
from scanner.model.errors import InputError

T = TypeVar("T", Item, Tester)
MAX_RECORD = 1 << 30
COLUMNS = {
    "编号": "id", "包名": "id", "应用": "id", "package": "id", "名称": "name", "应用名称": "name",
    "姓名": "name", "风险等级": "grade", "等级": "grade", "类别": "category",
    "应用类型": "category",
    "历史": "history", "开发者": "developer", "运营者": "developer", "回避": "excludes",
}  # fmt: skip
HEAD = ("id", "name", "grade", "category", "history", "testers", "key")


def read_items(path: Path) -> tuple[Item, ...]:
    """Return the apps of a CSV list. Raises `InputError` that names file and line."""
    return tuple(_rows(path, lambda fields: msgspec.convert(fields, Item)))


def read_testers(path: Path) -> tuple[Tester, ...]:
    """Return the testers of a CSV list; `excludes` holds ids and developers separated by `;`."""
    return tuple(_rows(path, _tester))


def _tester(fields: dict[str, str]) -> Tester:
    names = fields.pop("excludes", "").replace("；", ";").split(";")
    excludes = tuple(sorted({name.strip() for name in names if name.strip()}))
    return msgspec.convert({**fields, "excludes": excludes}, Tester)


def _rows(path: Path, make: Callable[[dict[str, str]], T]) -> Iterator[T]:
    for place, fields in read_table(path, COLUMNS):
        try:
            yield make(fields)
        except msgspec.ValidationError as error:
            raise InputError(f"{path.name}: {place}: {error}") from error


def items_of(engine: sa.Engine, campaign: str) -> tuple[Item, ...]:
    """Return the apps of a campaign, each once, graded by its last scan there.

    History is that of the whole store: `repeat` when two or more scans of the app failed,
    `failed` when one did, `clean` when none did.
    """
    failed = (
        sa.select(scans.c.package, sa.func.count().label("times"))
        .where(scans.c.fails > 0)
        .group_by(scans.c.package)
        .subquery()
    )
    query = (
        sa.select(scans, failed.c.times)
        .join(failed, failed.c.package == scans.c.package, isouter=True)
        .where(scans.c.campaign == campaign, scans.c.package != "")
        .order_by(scans.c.package, scans.c.finished, scans.c.version_code, scans.c.key)
    )
    found: dict[str, Item] = {}
    with engine.connect() as db:
        for row in db.execution_options(yield_per=500).execute(query):
            times = row.times or 0
            found[row.package] = Item(
                id=row.package,
                name=row.label,
                grade=row.grade,
                category=row.category,
                history=("clean", "failed", "repeat")[min(times, 2)],
                developer=row.maker,
            )
    return tuple(found.values())


def read_record(path: Path) -> Record:
    """Read a record. Raises `InputError`."""
    try:
        if path.stat().st_size > MAX_RECORD:
            raise InputError(f"{path.name}: larger than {MAX_RECORD} bytes")
        return msgspec.json.decode(path.read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: not a record of a draw: {error}") from error


def record_files(record: Record) -> dict[str, bytes]:
    """Return the record as JSON, and what was drawn as CSV for people."""
    content = msgspec.json.format(msgspec.json.encode(record, order="deterministic"), indent=1)
    items = {item.id: item for item in record.population}
    names = {tester.id: tester.name or tester.id for tester in record.testers}
    rows: list[Sequence[object]] = [HEAD]
    for one in record.drawn:
        item = items[one.id]
        people = "; ".join(names[tester] for tester in one.testers)
        rows.append((item.id, item.name, item.grade, item.category, item.history, people, one.key))
    # The mark at the start makes spreadsheets read it as UTF-8.
    return {"sample.json": content + b"\n", "sample.csv": to_csv(rows).encode("utf-8-sig")}

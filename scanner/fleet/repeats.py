"""Repeat offenders: apps that fail the same check in several versions or campaigns."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec
import sqlalchemy as sa

from scanner.fleet.tables import findings, scans
from scanner.fleet.trends import Ground, bytewise
from scanner.model.campaign import Repeat

MOST_PLACES = 10


class _Failure(msgspec.Struct, frozen=True):
    """One app failing one check in one scan."""

    package: str
    check: str
    campaign: str
    version: str
    label: str
    maker: str


def repeats(grounds: Iterable[Ground], most: int) -> list[Repeat]:
    """Return the apps that failed a check in more than one version or campaign, the most often
    first, and at most `most`. Reads the stores side by side, a few rows at a time.
    """
    merged = heapq.merge(*map(_failures, grounds), key=lambda one: one.package.encode())
    found = (
        repeat
        for _, rows in groupby(merged, key=lambda one: one.package)
        for repeat in _of_one_app(rows)
    )
    return heapq.nsmallest(most, found, key=lambda one: (-one.times, one.package, one.check))


def _of_one_app(rows: Iterable[_Failure]) -> Iterator[Repeat]:
    by_check: defaultdict[str, list[_Failure]] = defaultdict(list)
    for row in rows:
        by_check[row.check].append(row)
    for check, failures in by_check.items():
        # Builds for several processors are one version: they do not make a repeat.
        places = dict.fromkeys((one.campaign, one.version) for one in failures)
        if len(places) > 1:
            last = failures[-1]
            yield Repeat(
                package=last.package,
                label=last.label,
                maker=last.maker,
                check=check,
                times=len(places),
                where=tuple(" ".join(place).strip() for place in list(places)[:MOST_PLACES]),
            )


def _failures(ground: Ground) -> Iterator[_Failure]:
    """Yield the failures of a campaign in order of the package's bytes."""
    query = (
        sa.select(
            scans.c.package, findings.c.check_id, scans.c.campaign, scans.c.version,
            scans.c.label, scans.c.maker,
        )
        .join(findings, findings.c.scan == scans.c.key)
        .where(ground.scans(), findings.c.outcome == "fail", scans.c.package != "")
        .order_by(sa.collate(scans.c.package, bytewise(ground.engine)), scans.c.version)
    )  # fmt: skip
    with ground.engine.connect() as db:
        for row in db.execute(query, execution_options={"yield_per": 5000}):
            yield _Failure(*row)

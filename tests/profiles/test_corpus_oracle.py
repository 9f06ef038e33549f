"""On real apps: what two independent lists find, we find, judged by hand row by row."""

import csv
from pathlib import Path

import pytest

from profiles.load import load_knowledge
from scanner.static.gather import gather_static

pytestmark = pytest.mark.corpus

JUDGED = Path(__file__).parent / "data" / "oracle_judgements.tsv"
LEAST = 0.95


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def told(corpus: Path) -> set[tuple[str, str, str]]:
    """Return (app, list, label) of all that the two lists find."""
    columns = {"exodus": "exodus_trackers", "libchecker": "libchecker_labels"}
    return {
        (row["apk"], oracle, label.strip())
        for row in rows(corpus / "oracle" / "exodus_and_libchecker_hits.tsv")
        for oracle, column in columns.items()
        for label in (row[column] or "").split(";")
        if label.strip()
    }


def test_what_others_find_is_found(corpus: Path) -> None:
    judged = rows(JUDGED)
    assert {(r["app"], r["oracle"], r["label"]) for r in judged} == told(corpus)
    know = load_knowledge()
    found: dict[str, set[str]] = {}
    for app in sorted({row["app"] for row in judged}):
        static = gather_static(corpus / "apk" / app, know, flow_budget=0).static
        found[app] = {f"sdk:{m.sdk}" for m in static.sdks}
        found[app] |= {f"library:{m.library}" for m in static.libraries}
    counted = [row for row in judged if row["verdict"] != "wrong"]
    hits = [row for row in counted if row["ours"] in found[row["app"]]]
    assert len(hits) / len(counted) >= LEAST, [r for r in counted if r not in hits]

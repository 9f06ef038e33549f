"""SDKs found in the corpus apps against independent catalogues, judged by hand.

    python benchmarks/sdk_recall.py FOLDER_OF_APPS ORACLE.tsv

ORACLE has the columns apk, n_classes, exodus_trackers, libchecker_labels (separated by `; `).
`sdk_judged.yaml` maps their labels to our ids and holds the verdict on every SDK that we report
with more than tentative confidence; one without a verdict counts as wrong. Exits with 1 when
recall is below 0.95 or an SDK is reported in an app that does not hold it.
"""

import csv
import sys
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]

from profiles.load import load_knowledge  # noqa: E402
from scanner.model.static import StaticEvidence  # noqa: E402
from scanner.static.gather import gather_static  # noqa: E402

LEAST_RECALL = 0.95


class Row(NamedTuple):
    """One app: labels found and missed, labels judged to be no SDK, reported SDKs by verdict."""

    app: str
    found: list[str]
    missed: list[str]
    outside: list[str]
    right: list[str]
    wrong: list[str]
    possible: list[str]


def labels_of(row: dict[str, str]) -> list[str]:
    """Return the labels of both catalogues, each once."""
    texts = (row["exodus_trackers"], row["libchecker_labels"])
    return list(dict.fromkeys(t for text in texts for t in text.split("; ") if t))


def judge(app: str, labels: list[str], static: StaticEvidence, judged: dict[str, Any]) -> Row:
    """Compare one app."""
    sdks = {s.sdk: s.confidence for s in static.sdks}
    libraries = {library.library for library in static.libraries}
    row = Row(app, [], [], [], [], [], [])
    for label in labels:
        meant = judged["labels"].get(label, {})
        if "none" in meant:
            row.outside.append(label)
            continue
        hit = meant.get("sdk") in sdks or meant.get("library") in libraries
        (row.found if hit else row.missed).append(label)
    verdicts = judged["judged"].get(app, {})
    for sdk, confidence in sorted(sdks.items()):
        if confidence == "tentative":
            row.possible.append(sdk)
        else:
            good = verdicts.get(sdk, ["wrong"])[0] == "right"
            (row.right if good else row.wrong).append(sdk)
    return row


def main() -> int:
    """Print the table and the two figures."""
    folder, oracle = map(Path, sys.argv[1:3])
    judged = yaml.safe_load((Path(__file__).parent / "sdk_judged.yaml").read_text("utf-8"))
    know = load_knowledge()
    print("| app | labels found | missed | no SDK | reported right | wrong | possible only |")
    print("|---|---|---|---|---|---|---|")
    rows: list[Row] = []
    with oracle.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter="\t"):
            static = gather_static(folder / line["apk"], know, flow_budget=0).static
            rows.append(judge(line["apk"], labels_of(line), static, judged))
            cells = (", ".join(part) for part in rows[-1][1:])
            print(f"| {line['apk']} | {' | '.join(cells)} |")
    found, missed = (sum(len(r[k]) for r in rows) for k in (1, 2))
    right, wrong = (sum(len(r[k]) for r in rows) for k in (4, 5))
    recall, precision = found / max(found + missed, 1), right / max(right + wrong, 1)
    print(f"\nrecall {found}/{found + missed} = {recall:.3f}")
    print(f"precision {right}/{right + wrong} = {precision:.3f}")
    return 0 if recall >= LEAST_RECALL and not wrong else 1


if __name__ == "__main__":
    raise SystemExit(main())

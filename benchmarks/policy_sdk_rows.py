"""Score the rows of third-party lists against rows labelled by hand.

usage: python benchmarks/policy_sdk_rows.py FOLDER [--show] [--split NAME] [--labels F]

FOLDER holds the documents. A label is one line of JSON per document: its name, the SHA-256 of its
bytes, the kind of list, the half it belongs to, and its rows as facts: name and company, ids of the
data types (`data` must be read, `a|b` by either id, `open` may be), the host of the link, and for
purpose and method a digest of the cell without punctuation; null
is not judged (prose has no cells).
The texts are not ours to publish; a document that is missing or has another hash is left out, and
`source` says where one was found (those of the last three splits are the passages that hold the
list; `CAPP-130` is that corpus, its sentences put together again, commas for blanks). A row
is found when its name is read, or a name that holds it or is held by it; the name cell is right
only when it is the same. Cells are judged on the rows found. Prints row recall and precision, and
precision, recall and F1 per column and kind of list.
"""

import argparse
import hashlib
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from profiles.load import load_knowledge
from scanner.policy.gather import gather_policy

SPLITS = ("mend", "kept", "fresh", "fourth", "fifth", "sixth", "seventh")
COLUMNS = ("name", "company", "data", "purpose", "method", "link")
LABELS = Path(__file__).with_suffix(".jsonl")
Tally = dict[str, Counter[str]]


def norm(text: str) -> str:
    """Return letters and digits only: how two spellings of one cell are compared."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def digest(text: str) -> str:
    plain = norm(text)
    return hashlib.sha256(plain.encode()).hexdigest()[:12] if plain else ""


def host(link: str) -> str:
    try:
        return urlsplit(link).hostname or ""
    except ValueError:
        return ""


def cells(row) -> dict[str, object]:
    """Return a read row in the form of a label."""
    return {
        "name": norm(row.name),
        "company": norm(row.company),
        "data": set(row.data_types),
        "purpose": digest(row.purpose),
        "method": digest(row.method),
        "link": host(row.link),
    }


def match(labels: list[dict], rows: list[dict]) -> list[tuple[dict, dict]]:
    """Pair labelled rows with read ones: the same name first, then one that holds the other."""
    pairs, left = [], list(rows)
    rest = []
    for label in labels:
        same = next((r for r in left if r["name"] == norm(label["name"])), None)
        if same is None:
            rest.append(label)
            continue
        left.remove(same)
        pairs.append((label, same))
    for label in rest:
        name = norm(label["name"])
        near = next(
            (r for r in left if r["name"] and (name in r["name"] or r["name"] in name)), None
        )
        if near is not None:
            left.remove(near)
            pairs.append((label, near))
    return pairs


def read_types(label: dict, read: set[str]) -> tuple[set[str], set[str]]:
    """Return the wanted types and the read ones; `a|b` is met by either."""
    wanted = set()
    for one in label["data"]:
        met = read & set(one.split("|"))
        wanted.add(min(met) if met else one)
    return wanted, read


def tell(tally: Tally, column: str, wanted: set, read: set, may: Iterable = ()) -> None:
    tally[column]["right"] += len(wanted & read)
    tally[column]["wrong"] += len(read - wanted - set(may))
    tally[column]["missed"] += len(wanted - read)


def judge_types(tally: Tally, label: dict, row: dict, *, show: bool) -> None:
    data, read = read_types(label, row["data"])
    tell(tally, "data", data, read, label["open"])
    missed, wrong = data - read, read - data - set(label["open"])
    if show and (missed or wrong):
        print("    data", label["name"][:30], "missed", sorted(missed), "wrong", sorted(wrong))


def judge(tally: Tally, label: dict, row: dict, *, show: bool) -> None:
    """Count the cells of one pair of rows."""
    if label["data"] is not None:
        judge_types(tally, label, row, show=show)
    for column in COLUMNS:
        if column == "data" or label[column] is None:
            continue
        value = norm(label[column]) if column in {"name", "company"} else label[column]
        tell(tally, column, {value} - {""}, {row[column]} - {""})
        if show and value != row[column]:
            print("   ", column, label["name"][:30], "|", label[column], "|", row["raw"][column])


def f1(count: Counter[str]) -> str:
    right, wrong, missed = count["right"], count["wrong"], count["missed"]
    p, r = right / max(1, right + wrong), right / max(1, right + missed)
    return f"P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f} of {right + missed}"


def score(path: Path, label: dict, know, *, show: bool) -> Tally:
    tally: Tally = defaultdict(Counter)
    rows = [
        {**cells(r), "raw": {c: getattr(r, c, "") for c in COLUMNS}}
        for r in gather_policy([path], know).policy.sdks
    ]
    pairs = match(label["rows"], rows)
    tally["rows"].update(
        right=len(pairs), wrong=len(rows) - len(pairs), missed=len(label["rows"]) - len(pairs)
    )
    if show:
        print("##", label["document"], label["kind"], dict(tally["rows"]))
        found = [id(a) for a, _ in pairs]
        print("    not found:", [r["name"] for r in label["rows"] if id(r) not in found])
        taken = [id(b) for _, b in pairs]
        print("    too many:", [r["raw"]["name"][:40] for r in rows if id(r) not in taken])
    for want, row in pairs:
        judge(tally, want, row, show=show)
    return tally


def read_labels(path: Path, split: str | None) -> list[dict]:
    labels = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [label for label in labels if split in (None, label["split"])]


def same(path: Path, label: dict) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == label["sha256"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--split", choices=SPLITS)
    a = parser.parse_args()
    know = load_knowledge()
    groups: dict[tuple[str, str], Tally] = defaultdict(lambda: defaultdict(Counter))
    labels = read_labels(a.labels, a.split)
    present = [label for label in labels if same(a.folder / label["document"], label)]
    for label in present:
        tally = score(a.folder / label["document"], label, know, show=a.show)
        for group in (("kind", label["kind"]), ("half", label["split"]), ("all", "")):
            groups[group]["documents"]["n"] += 1
            for column, count in tally.items():
                groups[group][column].update(count)
                if column not in {"rows", "documents"}:
                    groups[group]["cells"].update(count)
    for (what, name), tally in sorted(groups.items()):
        print(f"{what} {name}: {tally['documents']['n']} documents")
        for column in ("rows", "cells", *COLUMNS):
            print(f"    {column:8} {f1(tally[column])}")
    print(f"left out: {len(labels) - len(present)}")


if __name__ == "__main__":
    main()

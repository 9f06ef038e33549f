"""Draw statements of whole policies for judging by hand.

usage: python benchmarks/policy_sample.py PLACE [PLACE ...] [--count N] [--seed N] [--without FILE]

A PLACE is a folder of policies (.txt, .md, .html) or a .jsonl file of sentences ({doc, text}, in
order; a document's sentences are joined with line feeds). Every place gives the same share of the
sample, every statement of a place has the same chance. Prints one JSON line per statement: doc,
start, end, quote, headings, before and after (what stands around the quote), actor, action,
polarity, data_types, receiver, condition, section, confidence. `--without` names a file of earlier
lines: what was judged once (same document and quote) is not drawn again.

A statement is right when its quote truly says that this actor does this action with this polarity
on every listed data type. A type that the quote leaves out is no error of the statement.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from profiles.load import load_knowledge
from scanner.model.policy import Statement
from scanner.policy.blocks import Parsed
from scanner.policy.gather import gather_policy
from scanner.policy.source import parse

SUFFIXES = {".txt", ".md", ".html", ".htm"}
AROUND = 240


def documents(place: Path, scratch: Path) -> list[Path]:
    """Return the policies of a place; sentences are written out as documents first."""
    if place.is_dir():
        return sorted(p for p in place.iterdir() if p.suffix in SUFFIXES)
    texts: dict[str, list[str]] = {}
    for line in place.read_text(encoding="utf-8").splitlines():
        row = msgspec.json.decode(line)
        texts.setdefault(row["doc"], []).append(row["text"])
    paths = []
    for doc, parts in sorted(texts.items()):
        path = scratch / f"{doc}.txt"
        path.write_text("\n".join(parts) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def headings(parsed: Parsed, start: int) -> list[str]:
    """Return the headings above a place of a document."""
    inside = [b for b in parsed.blocks if b.start <= start < b.end]
    return list(inside[-1].path) if inside else []


def row(parsed: Parsed, said: Statement) -> dict[str, object]:
    """Return a statement with what a judge must see."""
    return {
        "doc": said.document,
        "start": said.start,
        "end": said.end,
        "quote": said.quote,
        "headings": headings(parsed, said.start),
        "before": parsed.text[max(0, said.start - AROUND) : said.start],
        "after": parsed.text[said.end : said.end + AROUND // 2],
        "actor": said.actor,
        "action": said.action,
        "polarity": said.polarity,
        "data_types": list(said.data_types),
        "receiver": said.receiver,
        "condition": said.condition,
        "section": said.section,
        "confidence": said.confidence,
    }


def drawn(
    paths: list[Path], count: int, seed: int, without: set[tuple[str, str]]
) -> Iterator[dict[str, object]]:
    """Yield a sample of the statements of these documents, in the order of the documents."""
    know = load_knowledge()
    pool = [
        (path, said)
        for path in paths
        for said in gather_policy([path], know).policy.statements
        if (said.document, said.quote) not in without
    ]
    chosen = random.Random(seed).sample(range(len(pool)), min(count, len(pool)))
    read: dict[Path, Parsed] = {}
    for number in sorted(chosen):
        path, said = pool[number]
        if path not in read:
            read[path] = parse(path.read_bytes(), path.name)[0]
        yield row(read[path], said)


def main() -> None:
    """Print the sample."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("places", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", type=Path, action="append", default=[])
    a = parser.parse_args()
    old = [msgspec.json.decode(x) for p in a.without for x in p.read_bytes().splitlines()]
    without = {(x["doc"], x["quote"]) for x in old}
    share, rest = divmod(a.count, len(a.places))
    with tempfile.TemporaryDirectory() as name:
        for number, place in enumerate(a.places):
            folder = Path(name, str(number))
            folder.mkdir()
            paths = documents(place, folder)
            for line in drawn(paths, share + (number < rest), a.seed, without):
                print(msgspec.json.encode(line).decode())


if __name__ == "__main__":
    main()

"""Score and time the policy room.

usage: python benchmarks/policy.py CORPUS_DIR [--scorer score_policy.py]

CORPUS_DIR holds ca4p_dev (text/, gold.jsonl) and zh_real_dev. Prints milliseconds of CPU and peak
memory for 20,000 characters, how time grows with length, and (with the scorer) the quality. The
floor beside it is the lexicon alone, every mention taken at its word, in the same run.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import msgspec

from profiles.load import load_knowledge
from scanner.policy.gather import gather_policy
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines
from scanner.policy.report import as_json
from scanner.policy.words import vocabulary


def timed(path: Path, know) -> float:
    gather_policy([path], know)
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        gather_policy([path], know)
        best = min(best, time.process_time() - start)
    return best * 1000


def grow(know, folder: Path, text: str) -> None:
    base = 0.0
    for times in (1, 4, 16):
        path = folder / f"x{times}.txt"
        path.write_text((text[:20_000] + "\n") * times, encoding="utf-8")
        ms = timed(path, know)
        base = base or ms
        print(
            f"  {times * 20_000:>7} characters: {ms:7.0f} ms CPU, {ms / base / times:.2f} x linear"
        )
    tracemalloc.start()
    gather_policy([folder / "x1.txt"], know)
    print(f"  peak for 20,000 characters: {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB")
    tracemalloc.stop()


def floor(path: Path, know) -> bytes:
    """The lexicon alone: every mention of a sentence is a statement of its type."""
    found = []
    text = path.read_text(encoding="utf-8")
    for line in read_lines(parse_plain(text), vocabulary(know), chinese=True):
        types = sorted({m.data_type for m in line.sentence.mentions})
        if types:
            found.append({"start": line.start, "end": line.end, "data_types": types})
    return msgspec.json.encode({"file": path.name, "statements": found})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--scorer", type=Path)
    a = parser.parse_args()
    know = load_knowledge()
    texts = sorted((a.corpus / "ca4p_dev" / "text").glob("*.txt"))
    real = sorted((a.corpus / "zh_real_dev").glob("capp_*.txt"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("time")
        grow(know, folder, "".join(p.read_text(encoding="utf-8") for p in real[:3]))
        if a.scorer is None:
            return
        for title, rows in (
            ("this room", (as_json(gather_policy([p], know).policy, p.name) for p in texts)),
            ("floor: the lexicon alone", (floor(p, know) for p in texts)),
        ):
            path = folder / "predictions.jsonl"
            path.write_bytes(b"\n".join(rows) + b"\n")
            print(title)
            gold = str(a.corpus / "ca4p_dev")
            subprocess.run([sys.executable, str(a.scorer), gold, str(path)], check=True)


if __name__ == "__main__":
    main()

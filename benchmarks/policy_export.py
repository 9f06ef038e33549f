"""Score the stance on export against labelled policies.

usage: python benchmarks/policy_export.py benchmarks/policy_export_labels.jsonl FOLDER [--show]

The labels are JSON lines: document (file name in FOLDER), source, sha256 of its bytes, stance,
round. Rounds 1, 6 and 8 are whole policies of CA4P-483; the others are passages on storage and
transfer in public repositories, each drawn after the mending that the one before led to (rounds 13
and 14 led to none). The texts are not ours to publish: a document that is missing or has another
hash is counted as left out, never as right. Prints accuracy per round and what was taken for what;
with --show the passages of every wrong one.
"""

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path

from profiles.load import load_knowledge
from scanner.policy.gather import gather_policy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true")
    a = parser.parse_args()
    know = load_knowledge()
    seen: Counter[tuple[int, str, str]] = Counter()
    left = 0
    for line in a.labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        path = a.folder / row["document"]
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != row["sha256"]:
            left += 1
            continue
        said = gather_policy([path], know).policy.cross_border
        seen[row["round"], row["stance"], said.stance] += 1
        if a.show and said.stance != row["stance"]:
            print(row["document"], "labelled", row["stance"], "read", said.stance)
            for quote in said.quotes[:3]:
                print("    ", " ".join(quote.text.split())[:160])
    for turn in sorted({turn for turn, _, _ in seen}):
        here = {(w, s): n for (t, w, s), n in seen.items() if t == turn}
        right, total = sum(n for (w, s), n in here.items() if w == s), sum(here.values())
        print(f"round {turn}: {right} of {total} right, {right / total:.3f}")
        for (wanted, said), n in sorted(here.items()):
            print(f"    labelled {wanted:12} read {said:12} {n}")
    print(f"left out: {left}")


if __name__ == "__main__":
    main()

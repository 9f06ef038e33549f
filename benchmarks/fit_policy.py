"""Fit the weights of profiles/tables/policy_scorecard.yaml on labelled policies.

usage: python benchmarks/fit_policy.py GOLD_DIR [--write] [--all]

GOLD_DIR holds text/DOC.txt and gold.jsonl ({doc, start, end, types}). Documents are split by a hash
of their name: 60 % train, 40 % validate; `--all` trains on all of them (what is published, after
the split has shown that the numbers hold). The model is a logistic regression with L2 penalty.
"""

import argparse
import hashlib
import json
import math
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from profiles.load import load_knowledge
from scanner.policy.mentions import features
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines
from scanner.policy.words import vocabulary

UMBRELLA = {"personal_info", "sensitive_info", "anonymised_info"}
TABLE = Path(__file__).parent.parent / "profiles" / "tables" / "policy_scorecard.yaml"


def fold(name: str) -> int:
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % 10  # noqa: S324 - a split, no secret


def minimise(x, y, w, penalty, rounds=120, memory=8):
    """L-BFGS for the logistic loss; x is a CSR triple (indptr, indices, rows)."""
    ptr, idx, rows, size = x

    def loss(v):
        z = np.bincount(rows, weights=v[idx], minlength=len(y)) + v[-1]
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        d = (p - y) * w
        g = np.append(np.bincount(idx, weights=d[rows], minlength=size) + penalty * v[:-1], d.sum())
        return float(
            (w * (np.logaddexp(0, z) - y * z)).sum() + penalty / 2 * (v[:-1] ** 2).sum()
        ), g

    v = np.zeros(size + 1)
    f, g = loss(v)
    steps = []
    for _ in range(rounds):
        q = g.copy()
        marks = []
        for s, t, r in reversed(steps):
            a = r * (s @ q)
            marks.append(a)
            q -= a * t
        if steps:
            s, t, r = steps[-1]
            q *= (s @ t) / (t @ t)
        else:
            q /= np.linalg.norm(q)
        for (s, t, r), a in zip(steps, reversed(marks), strict=True):
            q += s * (a - r * (t @ q))
        rate = 1.0
        while True:
            new = v - rate * q
            f2, g2 = loss(new)
            if f2 <= f - 1e-4 * rate * (g @ q) or rate < 1e-8:
                break
            rate /= 2
        s, t = new - v, g2 - g
        if s @ t > 1e-10:
            steps = [*steps, (s, t, 1 / (s @ t))][-memory:]
        done = f - f2 < 1e-4 * max(1.0, abs(f)) * 1e-2
        v, f, g = new, f2, g2
        if done:
            break
    return v


def collect(folder: Path, words):
    """Yield (doc, features, label, weight) of every mention inside a gold sentence."""
    know = words.know
    gold = defaultdict(list)
    for line in (folder / "gold.jsonl").open(encoding="utf-8"):
        g = json.loads(line)
        gold[g["doc"]].append(g)
    for doc, spans in sorted(gold.items()):
        text = (folder / "text" / f"{doc}.txt").read_text(encoding="utf-8")
        spans.sort(key=lambda g: g["start"])
        for line in read_lines(parse_plain(text), words, chinese=True):
            if not line.sentence.mentions:
                continue
            for mention, names in zip(line.sentence.mentions, features(line.sentence), strict=True):
                if mention.data_type in UMBRELLA:
                    continue
                at = line.start + line.normal.back(mention.start)
                hit = next((g for g in spans if g["start"] <= at < g["end"]), None)
                if hit is None:
                    continue
                chain = set(know.ancestors(mention.data_type))
                yield doc, names, bool(chain & set(hit["types"])), 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--penalty", type=float, default=2.0)
    parser.add_argument("--least", type=int, default=6, help="features seen less often are dropped")
    parser.add_argument("--threshold", type=float, default=0.0)
    a = parser.parse_args()
    words = vocabulary(load_knowledge())
    rows = list(collect(a.gold, words))
    train = [r for r in rows if a.all or fold(r[0]) < 6]
    seen = Counter(f for _, names, _, _ in train for f in set(names))
    docs = defaultdict(set)
    for doc, names, _, _ in train:
        for f in set(names):
            docs[f].add(doc)
    kept = sorted(f for f, n in seen.items() if n >= a.least and len(docs[f]) >= 3)
    number = {f: i for i, f in enumerate(kept)}

    def matrix(part):
        ptr, idx = [0], []
        for _, names, _, _ in part:
            idx += sorted({number[f] for f in names if f in number})
            ptr.append(len(idx))
        r = np.repeat(np.arange(len(part)), np.diff(ptr))
        return np.array(ptr), np.array(idx), r, len(kept)

    y = np.array([float(r[2]) for r in train])
    w = np.array([r[3] for r in train])
    v = minimise(matrix(train), y, w, a.penalty)
    print(f"{len(train)} mentions, {len(kept)} features, positive {y.mean():.3f}")
    weights = {f: round(float(v[i]), 2) for f, i in number.items() if abs(v[i]) >= 0.02}
    for name, part in (("train", train), ("valid", [r for r in rows if fold(r[0]) >= 6])):
        right = [
            (v[-1] + sum(weights.get(f, 0) for f in set(names)) > a.threshold) == label
            for _, names, label, _ in part
        ]
        print(f"{name}: {np.mean(right):.4f} of {len(part)} mentions decided as in the gold")
    if a.write:
        text = [
            "# Weights of the mention scorecard: a mention of data counts when the weights of its features sum to more than the",
            "# threshold. Written by benchmarks/fit_policy.py; do not edit by hand.",
            "checked: '2026-11-24'",
            "source: [logistic regression over labelled sentences of published Chinese policies]",
            f"threshold: {a.threshold:.2f}",
            f"bias: {v[-1]:.2f}",
            "weights:",
        ]
        for f in sorted(weights):
            quoted = f.replace("'", "''")
            text.append(f"  '{quoted}': {weights[f]:.2f}")
        TABLE.write_text("\n".join(text) + "\n", encoding="utf-8")
        print(f"{len(weights)} weights, {math.ceil(TABLE.stat().st_size / 1000)} kB")


if __name__ == "__main__":
    main()

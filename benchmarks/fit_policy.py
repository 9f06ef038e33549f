"""Fit the weights of profiles/tables/policy_scorecard.yaml on labelled policies.

usage: python benchmarks/fit_policy.py GOLD_DIR SENTENCES.jsonl [--write] [--all]

GOLD_DIR holds text/DOC.txt and gold.jsonl ({doc, start, end, types}): sentences whose data is
annotated. SENTENCES.jsonl holds whole policies sentence by sentence ({doc, sid, text, labels}).
The mention card is fitted on the first, the sentence card on both. Documents are split by a hash
of their name: 60 % train, 40 % validate; `--all` trains on all of them (what is published, after
the split has shown that the numbers hold). Both are logistic regressions with an L2 penalty.
"""

import argparse
import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from profiles.load import load_knowledge
from scanner.policy.gate import gate_features
from scanner.policy.mentions import features, score
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines
from scanner.policy.words import Vocabulary, vocabulary

UMBRELLA = {"personal_info", "sensitive_info", "anonymised_info"}
PRACTICE = {"collect", "permission", "share", "usage", "storage"}
TABLE = Path(__file__).parent.parent / "profiles" / "tables" / "policy_scorecard.yaml"
Row = tuple[str, set[str], float, float]


def fold(name: str) -> int:
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % 10  # noqa: S324 - a split, no secret


class Loss:
    """The penalised logistic loss over sparse rows and its gradient."""

    def __init__(self, rows: list[Row], number: dict[str, int], penalty: float) -> None:
        index = [sorted(number[f] for f in names if f in number) for _, names, _, _ in rows]
        self.columns = np.array([i for row in index for i in row])
        self.rows = np.repeat(np.arange(len(rows)), [len(row) for row in index])
        self.y = np.array([y for _, _, y, _ in rows])
        self.w = np.array([w for _, _, _, w in rows])
        self.size, self.penalty = len(number), penalty

    def __call__(self, v: np.ndarray) -> tuple[float, np.ndarray]:
        z = np.bincount(self.rows, weights=v[self.columns], minlength=len(self.y)) + v[-1]
        d = (1 / (1 + np.exp(-np.clip(z, -30, 30))) - self.y) * self.w
        g = np.bincount(self.columns, weights=d[self.rows], minlength=self.size)
        value = (self.w * (np.logaddexp(0, z) - self.y * z)).sum()
        value += self.penalty / 2 * (v[:-1] ** 2).sum()
        return float(value), np.append(g + self.penalty * v[:-1], d.sum())


def direction(g: np.ndarray, steps: list[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    """The two-loop recursion of L-BFGS."""
    q, marks = g.copy(), []
    for s, t, r in reversed(steps):
        marks.append(r * (s @ q))
        q -= marks[-1] * t
    if steps:
        s, t, _ = steps[-1]
        q *= (s @ t) / (t @ t)
    else:
        q /= np.linalg.norm(q)
    for (s, t, r), a in zip(steps, reversed(marks), strict=True):
        q += s * (a - r * (t @ q))
    return q


def minimise(loss: Loss, rounds: int = 150) -> np.ndarray:
    v = np.zeros(loss.size + 1)
    f, g = loss(v)
    steps: list[tuple[np.ndarray, np.ndarray, float]] = []
    for _ in range(rounds):
        q, rate = direction(g, steps), 1.0
        new = v - q
        f2, g2 = loss(new)
        while f2 > f - 1e-4 * rate * (g @ q) and rate > 1e-8:
            rate /= 2
            new = v - rate * q
            f2, g2 = loss(new)
        s, t = new - v, g2 - g
        if s @ t > 1e-10:
            steps = [*steps, (s, t, 1 / (s @ t))][-8:]
        done = f - f2 < 1e-6 * max(1.0, abs(f))
        v, f, g = new, f2, g2
        if done:
            break
    return v


def gold_spans(folder: Path) -> dict[str, list[dict]]:
    gold = defaultdict(list)
    for line in (folder / "gold.jsonl").open(encoding="utf-8"):
        g = json.loads(line)
        gold[g["doc"]].append(g)
    return {doc: sorted(spans, key=lambda g: g["start"]) for doc, spans in sorted(gold.items())}


def mention_rows(folder: Path, words: Vocabulary) -> Iterator[Row]:
    """Mentions inside gold sentences; right when the gold names the type or a wider one."""
    for doc, spans in gold_spans(folder).items():
        text = (folder / "text" / f"{doc}.txt").read_text(encoding="utf-8")
        for line in read_lines(parse_plain(text), words, chinese=True):
            if not line.sentence.mentions:
                continue
            for mention, names in zip(line.sentence.mentions, features(line.sentence), strict=True):
                at = line.start + line.normal.back(mention.start)
                hit = next((g for g in spans if g["start"] <= at < g["end"]), None)
                if hit is None or mention.data_type in UMBRELLA:
                    continue
                right = set(words.know.ancestors(mention.data_type)) & set(hit["types"])
                yield doc, set(names), float(bool(right)), 1.0


def sentence_rows(folder: Path, listed: Path, words: Vocabulary) -> Iterator[Row]:
    """Sentences with kept mentions: gold ones are practices, the labelled ones say."""
    for doc, spans in gold_spans(folder).items():
        text = (folder / "text" / f"{doc}.txt").read_text(encoding="utf-8")
        for line in read_lines(parse_plain(text), words, chinese=True):
            kept = keep(line.sentence, words)
            hit = [g for g in spans if g["start"] < line.end and g["end"] > line.start]
            if not kept or not hit:
                continue
            types = {t for g in hit for t in g["types"]}
            right = any(set(words.know.ancestors(m.data_type)) & types for m in kept)
            yield doc, gate_features(line.sentence, kept, words), float(right), 1.0
    policies = defaultdict(list)
    for row in listed.open(encoding="utf-8"):
        s = json.loads(row)
        policies[s["doc"]].append(s)
    for doc, rows in sorted(policies.items()):
        starts, text = [], ""
        for s in rows:
            starts.append(len(text))
            text += s["text"].replace("\n", " ") + "\n"
        for line in read_lines(parse_plain(text), words, chinese=True):
            kept = keep(line.sentence, words)
            if not kept:
                continue
            s = rows[int(np.searchsorted(starts, line.start, side="right")) - 1]
            label = float(bool(PRACTICE & set(s["labels"])))
            yield doc, gate_features(line.sentence, kept, words), label, 1.0


def keep(sentence, words):
    if not sentence.mentions or sentence.section in words.section_table.never:
        return []
    score(sentence, words)
    return [
        m
        for m in sentence.mentions
        if m.score > words.card.threshold and m.data_type not in UMBRELLA
    ]


def fit(rows: list[Row], a: argparse.Namespace, penalty: float, least: int, threshold: float):
    """Return the card as (threshold, bias, weights) and print how it does on both parts."""
    train = [r for r in rows if a.all or fold(r[0]) < 6]
    seen: Counter[str] = Counter()
    docs = defaultdict(set)
    for doc, names, _, _ in train:
        seen.update(names)
        for f in names:
            docs[f].add(doc)
    kept = sorted(f for f, n in seen.items() if n >= least and len(docs[f]) >= 3)
    v = minimise(Loss(train, {f: i for i, f in enumerate(kept)}, penalty))
    weights = {f: round(float(x), 2) for f, x in zip(kept, v, strict=False) if abs(x) >= 0.02}
    print(f"{len(train)} rows, {len(kept)} features, {len(weights)} weights")
    for name, part in (("train", train), ("valid", [r for r in rows if fold(r[0]) >= 6])):
        guess = [v[-1] + sum(weights.get(f, 0) for f in n) > threshold for _, n, _, _ in part]
        tp = sum(g and y for g, (_, _, y, _) in zip(guess, part, strict=True))
        p, r = tp / max(1, sum(guess)), tp / max(1, sum(y for _, _, y, _ in part))
        print(f"  {name}: P {p:.4f} R {r:.4f} F1 {2 * p * r / (p + r):.4f} of {len(part)}")
    return threshold, float(v[-1]), weights


def write(cards: dict[str, tuple[float, float, dict[str, float]]]) -> None:
    text = [
        "# Weights of the two scorecards: a mention of data (or a sentence about data) counts when the weights of its",
        "# features sum to more than the threshold. Written by benchmarks/fit_policy.py; do not edit by hand.",
        "checked: '2026-11-24'",
        "source: [logistic regression over labelled sentences of published Chinese policies]",
    ]
    for name, (threshold, bias, weights) in cards.items():
        text += [f"{name}:", f"  threshold: {threshold:.2f}", f"  bias: {bias:.2f}", "  weights:"]
        for f in sorted(weights):
            quoted = f.replace("'", "''")
            text.append(f"    '{quoted}': {weights[f]:.2f}")
    TABLE.write_text("\n".join(text) + "\n", encoding="utf-8")
    print(f"wrote {math.ceil(TABLE.stat().st_size / 1000)} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--mention", type=float, default=0.4, help="threshold of the mention card")
    parser.add_argument("--sentence", type=float, default=-1.0, help="of the sentence card")
    parser.add_argument("--penalty", type=float, default=2.0)
    parser.add_argument("--least", type=int, default=6)
    parser.add_argument("--gate-penalty", type=float, default=8.0)
    parser.add_argument("--gate-least", type=int, default=20)
    a = parser.parse_args()
    words = vocabulary(load_knowledge())
    mention = fit(list(mention_rows(a.gold, words)), a, a.penalty, a.least, a.mention)
    words.card = type(words.card)(threshold=a.mention, bias=mention[1], weights=mention[2])
    rows = list(sentence_rows(a.gold, a.sentences, words))
    sentence = fit(rows, a, a.gate_penalty, a.gate_least, a.sentence)
    if a.write:
        write({"mention": mention, "sentence": sentence})


if __name__ == "__main__":
    main()

"""Fit the weights of profiles/tables/policy_scorecard.yaml on labelled policies.

usage: python benchmarks/fit_policy.py GOLD_DIR SENTENCES.jsonl [--write] [--predict FILE]

GOLD_DIR holds text/DOC.txt and gold.jsonl ({doc, start, end, types}): sentences whose data is
annotated. SENTENCES.jsonl holds whole policies sentence by sentence ({doc, sid, text, labels}).
The two looks at mentions are fitted on the first, the sentence card on both. Logistic regressions
with an L2 penalty; a feature must occur in several families of documents (a family shares a
template); the second look is fitted on first scores of documents the first look had not seen.

`--write` fits on all documents and writes the table. `--predict` writes one line of statements per
document, each by weights that saw nothing of its family (ten folds), for `score_policy.py`: the
number that tells what to expect of unseen documents.
"""

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from policy_folds import FOLDS, families, folds

from profiles.load import load_knowledge
from scanner.policy.gate import gate_features
from scanner.policy.gather import gather_policy
from scanner.policy.mentions import Sentence, beside, features, score
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines
from scanner.policy.report import as_json
from scanner.policy.words import Scorecard, Vocabulary, vocabulary

UMBRELLA = {"personal_info", "sensitive_info", "anonymised_info"}
PRACTICE = {"collect", "permission", "share", "usage", "storage"}
TABLE = Path(__file__).parent.parent / "profiles" / "tables" / "policy_scorecard.yaml"
INNER = 5
FAMILIES = 2
Row = tuple[str, set[str], float]


class Loss:
    """The penalised logistic loss over sparse rows and its gradient."""

    def __init__(self, rows: list[Row], number: dict[str, int], penalty: float) -> None:
        index = [sorted(number[f] for f in names if f in number) for _, names, _ in rows]
        self.columns = np.array([i for row in index for i in row])
        self.rows = np.repeat(np.arange(len(rows)), [len(row) for row in index])
        self.y = np.array([y for _, _, y in rows])
        self.size, self.penalty = len(number), penalty

    def __call__(self, v: np.ndarray) -> tuple[float, np.ndarray]:
        z = np.bincount(self.rows, weights=v[self.columns], minlength=len(self.y)) + v[-1]
        d = 1 / (1 + np.exp(-np.clip(z, -30, 30))) - self.y
        g = np.bincount(self.columns, weights=d[self.rows], minlength=self.size)
        value = (np.logaddexp(0, z) - self.y * z).sum() + self.penalty / 2 * (v[:-1] ** 2).sum()
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


def fit(rows: list[Row], penalty: float, least: int, threshold: int) -> Scorecard:
    """Fit one card. The first field of a row names the family of its document."""
    seen: Counter[str] = Counter()
    homes = defaultdict(set)
    for family, names, _ in rows:
        seen.update(names)
        for f in names:
            homes[f].add(family)
    kept = sorted(f for f, n in seen.items() if n >= least and len(homes[f]) >= FAMILIES)
    v = minimise(Loss(rows, {f: i for i, f in enumerate(kept)}, penalty))
    weights = {f: round(100 * float(x)) for f, x in zip(kept, v, strict=False) if abs(x) >= 0.03}
    return Scorecard(threshold=threshold, bias=round(100 * float(v[-1])), weights=weights)


def gold_spans(folder: Path) -> dict[str, list[dict]]:
    gold = defaultdict(list)
    for line in (folder / "gold.jsonl").open(encoding="utf-8"):
        g = json.loads(line)
        gold[g["doc"]].append(g)
    return {doc: sorted(spans, key=lambda g: g["start"]) for doc, spans in sorted(gold.items())}


def listed(path: Path) -> tuple[dict[str, str], dict[str, list[dict]]]:
    """Return the text (one sentence a line) and the sentences of every listed policy."""
    policies = defaultdict(list)
    for row in path.open(encoding="utf-8"):
        s = json.loads(row)
        policies[s["doc"]].append(s)
    texts = {}
    for doc, rows in policies.items():
        texts[doc] = "".join(s["text"].replace("\n", " ") + "\n" for s in rows)
    return texts, policies


class Mentions:
    """Mentions inside gold sentences; right when the gold names the type or a wider one."""

    def __init__(self, folder: Path, texts: dict[str, str], words: Vocabulary) -> None:
        self.rows: list[Row] = []
        self.home: list[tuple[Sentence, int]] = []
        for doc, spans in gold_spans(folder).items():
            for line in read_lines(parse_plain(texts[doc]), words, chinese=True):
                mentions = line.sentence.mentions
                for number, names in enumerate(features(line.sentence) if mentions else []):
                    at = line.start + line.normal.back(mentions[number].start)
                    hit = next((g for g in spans if g["start"] <= at < g["end"]), None)
                    kind = mentions[number].data_type
                    if hit is None or kind in UMBRELLA:
                        continue
                    right = set(words.know.ancestors(kind)) & set(hit["types"])
                    self.rows.append((doc, set(names), float(bool(right))))
                    self.home.append((line.sentence, number))

    def second(self, cards: list[Scorecard], which: list[int]) -> list[Row]:
        """Rows with what a first look (one card per row) said of the neighbours."""
        out = []
        for (doc, names, y), (sentence, number), card in zip(
            self.rows, self.home, (cards[k] for k in which), strict=True
        ):
            first = [card.sum(set(own)) for own in features(sentence)]
            out.append((doc, names | beside(sentence, first, number), y))
        return out


class Corpus:
    """Labelled documents, their families and folds."""

    def __init__(self, gold: Path, sentences: Path, words: Vocabulary) -> None:
        self.gold, self.words = gold, words
        self.texts, self.policies = listed(sentences)
        for path in sorted((gold / "text").glob("*.txt")):
            self.texts[path.stem] = path.read_text(encoding="utf-8")
        self.family = families(self.texts)
        self.fold = folds(self.family)
        self.data = Mentions(gold, self.texts, words)

    def rows(self, rows: Iterable[Row], train: set[int]) -> list[Row]:
        """Return the rows of the documents in these folds, under the names of their families."""
        return [(self.family[d], f, y) for d, f, y in rows if self.fold[d] in train]

    def fit(self, train: set[int], a: argparse.Namespace) -> dict[str, Scorecard]:
        """Fit the three cards on the documents of these folds, and use them from now on."""
        mentions, words = self.data, self.words
        first = fit(self.rows(mentions.rows, train), a.penalty, a.least, 0)
        crossed = []
        for k in range(INNER):
            part = {f for f in train if f % INNER != k}
            crossed.append(fit(self.rows(mentions.rows, part), a.penalty, a.least, 0))
        which = [self.fold[d] % INNER for d, _, _ in mentions.rows]
        seconds = mentions.second(crossed, which)
        mention = fit(self.rows(seconds, train), a.penalty, a.least, a.mention)
        words.first_card, words.card = first, mention
        words.__dict__.pop("looks", None)
        lines = sentence_rows(self.gold, self.texts, self.policies, words)
        rows = self.rows(lines, train)
        sentence = fit(rows, a.gate_penalty, a.gate_least, a.sentence)
        words.gate_card = sentence
        return {"first": first, "mention": mention, "sentence": sentence}

    def predict(self, fold: int) -> Iterator[bytes]:
        """Yield what the cards in use say of the labelled documents of a fold."""
        for path in sorted((self.gold / "text").glob("*.txt")):
            if self.fold[path.stem] == fold:
                yield as_json(gather_policy([path], self.words.know).policy, path.name)


def sentence_rows(
    gold: Path, texts: dict[str, str], policies: dict[str, list[dict]], words: Vocabulary
) -> Iterator[Row]:
    """Sentences with kept mentions: gold ones are practices, the listed ones say."""
    for doc, spans in gold_spans(gold).items():
        for line in read_lines(parse_plain(texts[doc]), words, chinese=True):
            kept = keep(line.sentence, words)
            hit = [g for g in spans if g["start"] < line.end and g["end"] > line.start]
            if kept and hit:
                types = {t for g in hit for t in g["types"]}
                if any(set(words.know.ancestors(m.data_type)) & types for m in kept):
                    row = doc, gate_features(line.sentence, kept, words), 1.0
                    yield from (row, row)
    for doc, sentences in sorted(policies.items()):
        starts = np.cumsum([0, *(len(s["text"]) + 1 for s in sentences)])
        for line in read_lines(parse_plain(texts[doc]), words, chinese=True):
            kept = keep(line.sentence, words)
            if kept:
                s = sentences[int(np.searchsorted(starts, line.start, side="right")) - 1]
                label = float(bool(PRACTICE & set(s["labels"])))
                yield doc, gate_features(line.sentence, kept, words), label


def keep(sentence: Sentence, words: Vocabulary) -> list:
    if not sentence.mentions or sentence.section in words.section_table.never:
        return []
    score(sentence, words)
    return [m for m in sentence.mentions if m.score > 0 and m.data_type not in UMBRELLA]


def write(cards: dict[str, Scorecard]) -> None:
    text = [
        "# Weights, in hundredths, of the scorecards: a mention of data (or a sentence about",
        "# data) counts when the weights of its features sum to more than the threshold.",
        "# first: a mention alone; mention: with what the first look said of its neighbours;",
        "# sentence: the whole sentence. Written by benchmarks/fit_policy.py, not by hand.",
        "checked: '2026-11-27'",
        "source: [logistic regression over labelled sentences of published Chinese policies]",
    ]
    for name, card in cards.items():
        text += [f"{name}:", f"  threshold: {card.threshold}", f"  bias: {card.bias}", "  weights:"]
        for f in sorted(card.weights):
            quoted = f.replace("'", "''")
            text.append(f"    '{quoted}': {card.weights[f]}")
    TABLE.write_text("\n".join(text) + "\n", encoding="utf-8")
    print(f"wrote {math.ceil(TABLE.stat().st_size / 1000)} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--predict", type=Path, help="statements of unseen families")
    parser.add_argument("--mention", type=int, default=15, help="threshold of the mention card")
    parser.add_argument("--sentence", type=int, default=-50, help="of the sentence card")
    parser.add_argument("--penalty", type=float, default=20.0)
    parser.add_argument("--least", type=int, default=4)
    parser.add_argument("--gate-penalty", type=float, default=20.0)
    parser.add_argument("--gate-least", type=int, default=20)
    a = parser.parse_args()
    corpus = Corpus(a.gold, a.sentences, vocabulary(load_knowledge()))
    everything = set(range(FOLDS))
    if a.predict:
        with a.predict.open("wb") as file:
            for fold in sorted(everything):
                corpus.fit(everything - {fold}, a)
                file.writelines(line + b"\n" for line in corpus.predict(fold))
                print(f"fold {fold} done", flush=True)
    if a.write:
        write(corpus.fit(everything, a))


if __name__ == "__main__":
    main()

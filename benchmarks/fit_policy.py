"""Fit the weights of profiles/tables/policy_scorecard.yaml on labelled policies.

usage: python benchmarks/fit_policy.py GOLD_DIR SENTENCES.jsonl JUDGED.jsonl
       [--write] [--predict FILE]

GOLD_DIR holds text/DOC.txt and gold.jsonl ({doc, start, end, types}): sentences whose data is
annotated. SENTENCES.jsonl holds whole policies sentence by sentence ({doc, sid, text, labels}).
JUDGED.jsonl holds sentences of these that were read one by one ({doc, start, end, practice, types,
among}: which of the types `among` it states). The two looks at mentions are fitted on the first and
the last, the sentence card on all (`policy_rows.py`).

A label names a type of a sentence, not a place in it: of two mentions of the phone number, one may
be the purpose and the other the data. So each mention of a labelled type starts as right and is
then given its share: the chance that it is right, knowing that at least one is. The chances come
from weights that saw nothing of its fold, and they are drawn anew `--rounds` times.

`--write` fits on all documents and writes the table. `--predict` writes one line of statements per
document, each by weights that saw nothing of its family (ten folds), for `score_policy.py`: the
number that tells what to expect of unseen documents.
"""

import argparse
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from logistic import Sparse, common, fit
from policy_folds import FOLDS
from policy_rows import Labelled, Mentions, practices, sentence_rows

from profiles.load import load_knowledge
from scanner.policy.clauses import ClauseReader
from scanner.policy.gather import gather_policy
from scanner.policy.report import as_json
from scanner.policy.words import Scorecard, Vocabulary, vocabulary

TABLE = Path(__file__).parent.parent / "profiles" / "tables" / "policy_scorecard.yaml"
INNER = 5


def shares(score: np.ndarray, told: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return how right each mention is: 0 or 1, or its share where several may be meant.

    `told` numbers the label that a mention answers (-1 = none), `right` is 1 where it answers one.
    """
    out = right.astype(float)
    of = told >= 0
    chance = np.clip(1 / (1 + np.exp(-score[of] / 100)), 1e-6, 1 - 1e-6)
    none = np.zeros(told.max() + 1)
    np.add.at(none, told[of], np.log1p(-chance))
    alone = np.bincount(told[of])[told[of]] == 1
    out[of] = np.where(alone, 1.0, np.clip(chance / (1 - np.exp(none[told[of]])), 0, 1))
    return out


class Fitter:
    """Fits the three cards on the documents of some folds, and puts them to use."""

    def __init__(self, labelled: Labelled, words: Vocabulary, a: argparse.Namespace) -> None:
        self.labelled, self.words, self.a = labelled, words, a
        self.mentions = Mentions(labelled, words)
        self.family = np.array([labelled.number[d] for d in self.mentions.doc])
        self.fold = np.array([labelled.fold[d] for d in self.mentions.doc])
        judged = np.array([d in labelled.policies for d in self.mentions.doc])
        self.times = np.where(judged, a.judged_times, 1.0)

        known = np.flatnonzero(self.mentions.right >= 0)
        seen = self.mentions.x.rows(known)
        self.mentions.only(common(seen, self.family[known], a.least))

    def fit(self, train: set[int]) -> dict[str, Scorecard]:
        """Fit the three cards on the documents of these folds, and use them from now on."""
        all_, a, words = self.mentions, self.a, self.words
        mine = np.isin(self.fold, list(train))
        rows = np.flatnonzero(mine & (all_.right >= 0))
        told = np.where(mine, all_.told, -1)
        y, score = all_.right.astype(float), np.zeros(len(mine))
        inner: list[tuple[np.ndarray, int] | None] = [None] * INNER
        for number in range(a.rounds + 1):
            if number:
                y = shares(score, told, all_.right)
            for k in range(INNER):
                part = rows[self.fold[rows] % INNER != k]
                inner[k] = weights, bias = self._fit(all_.x, y, part, inner[k])
                here = np.flatnonzero(mine & (self.fold % INNER == k))
                score[here] = all_.x.rows(here).sums(weights) + bias
        first, first_bias = self._fit(all_.x, y, rows, inner[0])
        second, bias = self._fit(all_.x.beside(all_.beside(score, labelled=True)), y, rows)
        words.first_card = card(all_.names, first, first_bias, 0)
        words.card = card([*all_.names, *all_.said], second, bias, a.mention)
        words.__dict__.pop("looks", None)
        x = all_.x.beside(all_.beside(all_.x.sums(first) + first_bias))
        all_.mark(x.sums(np.pad(second, (0, x.width - len(second)))) + bias - a.mention)
        x, y, family, names = sentence_rows(self.labelled, words, train)
        words.gate_card = card(names, *fit(x, y, family, a.gate_penalty, a.gate_least), a.sentence)
        return {"first": words.first_card, "mention": words.card, "sentence": words.gate_card}

    def _fit(
        self,
        x: Sparse,
        y: np.ndarray,
        rows: np.ndarray,
        near: tuple[np.ndarray, int] | None = None,
    ) -> tuple[np.ndarray, int]:
        a, family, times = self.a, self.family[rows], self.times[rows]
        return fit(x.rows(rows), y[rows], family, a.penalty, a.least, times=times, near=near)

    def predict(self, fold: int) -> Iterator[bytes]:
        """Yield what the cards in use say of the labelled documents of a fold."""
        for path in self.labelled.paths:
            if self.labelled.fold[path.stem] == fold:
                yield as_json(gather_policy([path], self.words.know).policy, path.name)


def card(names: list[str], weights: np.ndarray, bias: int, threshold: int) -> Scorecard:
    found = {names[i]: int(weights[i]) for i in np.flatnonzero(weights)}
    return Scorecard(threshold=threshold, bias=bias, weights=dict(sorted(found.items())))


def write(cards: dict[str, Scorecard]) -> None:
    text = [
        "# Weights, in hundredths, of the scorecards: a mention of data (or a sentence about",
        "# data) counts when the weights of its features sum to more than the threshold.",
        "# first: a mention alone; mention: with what the first look said of its neighbours;",
        "# sentence: the whole sentence. Written by benchmarks/fit_policy.py, not by hand.",
        "checked: '2026-11-27'",
        "source: [logistic regression over labelled sentences of published Chinese policies]",
    ]
    for name, c in cards.items():
        text += [f"{name}:", f"  threshold: {c.threshold}", f"  bias: {c.bias}", "  weights:"]
        for f in sorted(c.weights):
            quoted = f.replace("'", "''")
            text.append(f"    '{quoted}': {c.weights[f]}")
    TABLE.write_text("\n".join(text) + "\n", encoding="utf-8")
    print(f"wrote {math.ceil(TABLE.stat().st_size / 1000)} kB")


def predict(fitter: Fitter, path: Path) -> None:
    """Write the statements of the gold documents; print how the listed sentences came out."""
    everything, count, words = set(range(FOLDS)), Counter(), fitter.words
    clauses = ClauseReader(words)
    with path.open("wb") as file:
        for fold in sorted(everything):
            fitter.fit(everything - {fold})
            file.writelines(line + b"\n" for line in fitter.predict(fold))
            count += practices(fitter.labelled, words, clauses, fold)
            print(f"fold {fold} done", flush=True)
    p, r = count["right"] / count["said"], count["right"] / count["real"]
    print(f"practice sentences P {p:.3f} R {r:.3f}, {count['statements']} statements")
    p, r = (count["types_right"] / count[f"types_{kind}"] for kind in ("said", "real"))
    whole = count["judged_right"] / count["judged_said"]
    print(f"judged: types P {p:.3f} R {r:.3f}, sentences without a wrong type {whole:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("judged", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--predict", type=Path, help="statements of unseen families")
    parser.add_argument("--mention", type=int, default=-20, help="threshold of the mention card")
    parser.add_argument("--sentence", type=int, default=0, help="of the sentence card")
    parser.add_argument("--rounds", type=int, default=3, help="how often shares are drawn")
    parser.add_argument("--judged-times", type=float, default=1.0, help="weight of judged rows")
    parser.add_argument("--penalty", type=float, default=10.0)
    parser.add_argument("--least", type=int, default=4)
    parser.add_argument("--gate-penalty", type=float, default=20.0)
    parser.add_argument("--gate-least", type=int, default=20)
    a = parser.parse_args()
    words = vocabulary(load_knowledge())
    fitter = Fitter(Labelled(a.gold, a.sentences, a.judged, words), words, a)
    everything = set(range(FOLDS))
    if a.predict:
        predict(fitter, a.predict)
    if a.write:
        write(fitter.fit(everything))


if __name__ == "__main__":
    main()

"""Labelled policies as rows of features: every document is read once, for all folds."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from pathlib import Path

import numpy as np
from logistic import Names, Sparse
from policy_folds import families, folds

from scanner.policy.clauses import ClauseReader
from scanner.policy.features import named
from scanner.policy.found import Mention, Sentence
from scanner.policy.gate import gate_features
from scanner.policy.mentions import beside
from scanner.policy.plain import parse_plain
from scanner.policy.reader import Line, read_lines
from scanner.policy.statements import statements
from scanner.policy.words import Vocabulary

UMBRELLA = {"personal_info", "sensitive_info", "anonymised_info"}
PRACTICE = {"collect", "permission", "share", "usage", "storage"}
NEIGHBOURS = {
    "click_favourites": ("browsing_history",),
    "employer": ("occupation",),
    "ethnicity": ("nationality",),
    "family_relation": ("marital_status",),
    "id_photo": ("id_number", "photo_album"),
    "id_validity": ("id_number", "bank_account"),
    "payment_account": ("transaction_record",),
    "resume": ("occupation",),
    "software_usage": ("app_info",),
    "track": ("location_precise",),
    "wifi_scan": ("wifi_info",),
}
"""Types that the labels do not know, and the neighbours under which they file them."""


class Labelled:
    """The documents, their sentences, labels, families and folds."""

    def __init__(self, gold: Path, sentences: Path, judged: Path, words: Vocabulary) -> None:
        self.paths = sorted((gold / "text").glob("*.txt"))
        self.gold, self.judged = spans_of(gold / "gold.jsonl"), spans_of(judged)
        texts, self.policies = listed(sentences)
        for path in self.paths:
            texts[path.stem] = path.read_text(encoding="utf-8")
        self.family = families(texts)
        self.fold = folds(self.family)
        names = sorted(set(self.family.values()))
        self.number = {doc: names.index(name) for doc, name in self.family.items()}
        self.lines: dict[str, list[Line]] = {
            doc: list(read_lines(parse_plain(texts[doc]), words, chinese=True))
            for doc in (*self.gold, *sorted(self.policies))
        }
        clauses = ClauseReader(words)
        self.asked = {
            (doc, line.start)
            for doc, lines in self.lines.items()
            for line in asked(lines, words, clauses)
        }


def asked(lines: list[Line], words: Vocabulary, clauses: ClauseReader) -> Iterator[Line]:
    """Yield the lines that the cards are asked about: no names of what follows, no silent parts."""
    never = set(words.section_table.never)
    for number, line in enumerate(lines):
        speaks = line.sentence.mentions and line.sentence.section not in never
        if speaks and not clauses.labels.label(lines, number):
            yield line


def spans_of(path: Path) -> dict[str, list[dict]]:
    """Return the labelled sentences of every document, in their order."""
    spans = defaultdict(list)
    for line in path.open(encoding="utf-8"):
        g = json.loads(line)
        spans[g["doc"]].append(g)
    return {doc: sorted(found, key=lambda g: g["start"]) for doc, found in sorted(spans.items())}


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
    """All mentions of all documents, with their features and what the labels say of them.

    `right` is 1 where the gold of the sentence names the type or a wider one, 0 where it does not,
    -1 where nothing is known. `told` numbers the gold type of the sentence that it answers.
    """

    def __init__(self, labelled: Labelled, words: Vocabulary) -> None:
        self.sentences: list[tuple[Sentence, int, bool]] = []
        self.doc: list[str] = []
        answers: dict[tuple[str, int, str], int] = {}
        right: list[int] = []
        told: list[int] = []
        rows: list[Set[str]] = []
        for doc, lines in labelled.lines.items():
            spans = labelled.gold.get(doc) or labelled.judged.get(doc, [])
            for line in (found for found in lines if found.sentence.mentions):
                first = len(right)
                known = spans if (doc, line.start) in labelled.asked else []
                for mention in line.sentence.mentions:
                    span, kind = answer(line, mention, known, words)
                    right.append(-1 if span < 0 else int(bool(kind)))
                    key = doc, span, kind
                    told.append(answers.setdefault(key, len(answers)) if kind else -1)
                    self.doc.append(doc)
                told_of = any(r >= 0 for r in right[first:])
                self.sentences.append((line.sentence, first, told_of))
                rows += named(line.sentence)
        names = Names()
        self.x = names.sparse(rows)
        self.names = list(names.number)
        self.right, self.told = np.array(right), np.array(told)
        self.said: list[str] = []

    def only(self, kept: np.ndarray) -> None:
        """Forget all other columns."""
        self.x, self.names = self.x.only(kept), [self.names[i] for i in kept]

    def beside(self, score: np.ndarray, *, labelled: bool = False) -> Sparse:
        """Return what the first scores say of the neighbours (only of sentences with labels)."""
        rows: list[Set[str]] = []
        for sentence, start, known in self.sentences:
            size = len(sentence.mentions)
            first = [int(v) for v in score[start : start + size]]
            if labelled and not known:
                rows += [set()] * size
            else:
                rows += [beside(sentence, first, number) for number in range(size)]
        names = Names(self.said)
        out = names.sparse(rows)
        self.said = list(names.number)
        return out

    def mark(self, score: np.ndarray) -> None:
        """Give every mention its score."""
        for sentence, start, _ in self.sentences:
            for number, mention in enumerate(sentence.mentions):
                mention.score = int(score[start + number])


def answer(line: Line, mention: Mention, spans: list[dict], words: Vocabulary) -> tuple[int, str]:
    """Return the start of the labelled sentence (-1 = none) and the type that it answers.

    Gold may name a wider type; a judged sentence says of each of `among` whether it is one.
    """
    at = line.start + line.normal.back(mention.start)
    hit = next((g for g in spans if g["start"] <= at < g["end"]), None)
    if hit is None or mention.data_type in UMBRELLA:
        return -1, ""
    kind = mention.data_type
    types = [*words.know.ancestors(kind), *NEIGHBOURS.get(kind, ())]
    if "among" in hit:
        if kind not in hit["among"]:
            return -1, ""
        types = [kind]
    return hit["start"], next((t for t in types if t in hit["types"]), "")


def sentence_rows(
    labelled: Labelled, words: Vocabulary, train: set[int]
) -> tuple[Sparse, np.ndarray, np.ndarray, list[str]]:
    """Return rows, labels, families and names for the sentence card, of documents of these folds.

    Only sentences with kept mentions: gold ones are practices (and count twice), the listed and
    the judged say.
    """
    rows: list[tuple[str, Set[str], float]] = []
    for doc in (d for d in labelled.lines if labelled.fold[d] in train):
        spans, sentences = labelled.gold.get(doc, []), labelled.policies.get(doc, [])
        judged = {g["start"]: g["practice"] for g in labelled.judged.get(doc, [])}
        starts = np.cumsum([0, *(len(s["text"]) + 1 for s in sentences)])
        for line in labelled.lines[doc]:
            kept = keep(line.sentence)
            if not kept or (doc, line.start) not in labelled.asked:
                continue
            if sentences:
                s = sentences[int(np.searchsorted(starts, line.start, side="right")) - 1]
                label = float(judged.get(line.start, bool(PRACTICE & set(s["labels"]))))
                rows.append((doc, gate_features(line.sentence, kept, words), label))
                continue
            hit = [g for g in spans if g["start"] < line.end and g["end"] > line.start]
            types = {t for g in hit for t in g["types"]}
            if any(set(words.know.ancestors(m.data_type)) & types for m in kept):
                rows += [(doc, gate_features(line.sentence, kept, words), 1.0)] * 2
    names = Names()
    x = names.sparse(f for _, f, _ in rows)
    y = np.array([label for _, _, label in rows])
    return x, y, np.array([labelled.number[doc] for doc, _, _ in rows]), list(names.number)


def practices(
    labelled: Labelled, words: Vocabulary, clauses: ClauseReader, fold: int
) -> Counter[str]:
    """Count the listed sentences of a fold that are practices (real), said to be, and both.

    Of the judged ones also the types; a judged sentence is right when no type of it is wrong.
    """
    count: Counter[str] = Counter()
    for doc in (d for d in sorted(labelled.policies) if labelled.fold[d] == fold):
        sentences = labelled.policies[doc]
        starts = np.cumsum([0, *(len(s["text"]) + 1 for s in sentences)])
        made = statements(labelled.lines[doc], doc, words, clauses)
        said = {int(np.searchsorted(starts, s.start, side="right")) - 1 for s in made}
        real = {i for i, s in enumerate(sentences) if PRACTICE & set(s["labels"])}
        count.update(right=len(said & real), said=len(said), real=len(real), statements=len(made))
        for g in labelled.judged.get(doc, []):
            here = [s for s in made if g["start"] <= s.start < g["end"]]
            types = {t for s in here for t in s.data_types} & set(g["among"])
            count.update(types_right=len(types & set(g["types"])), types_said=len(types))
            count.update(types_real=len(g["types"]), judged_said=bool(types))
            count.update(judged_right=bool(types) and types <= set(g["types"]))
    return count


def keep(sentence: Sentence) -> list[Mention]:
    return [m for m in sentence.mentions if m.score > 0 and m.data_type not in UMBRELLA]

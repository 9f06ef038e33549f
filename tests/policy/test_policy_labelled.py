"""Measured on labelled sentences: polarity, precision, export, English."""

import json

import pytest

from scanner.policy.crossborder import CrossBorderReader
from scanner.policy.english import EnglishReader
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", ["polarity_zh.jsonl", "polarity_fresh_zh.jsonl"])
def test_polarity(reader, data, name):
    """The first set is the one the rules were made with; the second was labelled after them."""
    labelled = rows(data / name)
    assert len(labelled) >= 300
    said = [any(s.polarity.startswith("negative") for s in reader.zh(r["text"])) for r in labelled]
    right = sum(p and r["negative"] for p, r in zip(said, labelled, strict=True))
    assert right / sum(said) >= 0.85
    assert right / sum(r["negative"] for r in labelled) >= 0.75


def still_made(reader, judged):
    """Return the judged statements that are still made: the same words, whatever else they quote.

    Umbrella words do not count: they are left out beside real data.
    """
    vague = reader.words.umbrella

    def same(said, row):
        near = said.quote in row["quote"] or row["quote"] in said.quote
        types = set(row["types"]) - vague
        return near and set(said.data_types) - vague == types

    return [r for r in judged if any(same(s, r) for s in reader.zh(r["text"]))]


def test_precision_of_judged_statements(reader, data):
    """Of 200 judged statements, those that are still made from the sentence alone."""
    judged = rows(data / "precision_zh.jsonl")
    assert len(judged) == 200
    made = still_made(reader, judged)
    assert len(made) >= 90
    assert sum(r["right"] for r in made) / len(made) >= 0.90


def test_precision_of_the_last_sample(reader, data):
    """200 statements of whole policies drawn after the rules; 176 were right. Of those that are
    still made from the sentence alone, as many must be.
    """
    judged = rows(data / "precision_fresh_zh.jsonl")
    assert (len(judged), sum(r["right"] for r in judged)) == (200, 176)
    made = still_made(reader, judged)
    assert len(made) >= 110
    assert sum(r["right"] for r in made) / len(made) >= 0.88


@pytest.mark.parametrize(
    ("name", "least", "share"),
    [
        ("precision_strict_zh.jsonl", 88, 0.88),
        ("precision_blind_zh.jsonl", 52, 0.75),
        ("precision_second_blind_zh.jsonl", 77, 0.88),
        ("precision_third_blind_zh.jsonl", 82, 0.85),
    ],
)
def test_precision_judged_strictly(reader, data, name, least, share):
    """Statements of CAPP policies, where a wrong actor or action is wrong as well.

    The first were drawn before corrections that were made with them in sight: they hold what was
    reached and measure nothing; two of them ("we only disclose it where") are denials with an
    exception by a later judgement, and in all sets a health system that is told apart from "us"
    acts under its name by the same. The second were drawn and judged after all of them: 75 of 100.
    The third, of documents that no weight and no label of a sentence had seen, 85 of 100 when
    drawn; a few rules came after them. The last, of the same documents, 86 of 100.

    `least`: so many of those judged right are still said (some with a type less); `share`: of those
    said without any change, so many are right.
    """
    judged = rows(data / name)

    def said(row, *, whole):
        told = [s for s in reader.zh(row["text"]) if _reading(s) == _told(row)]
        types = set(row["types"])
        return any(
            set(s.data_types) == types or (not whole and types > set(s.data_types)) for s in told
        )

    assert sum(said(row, whole=False) for row in judged if row["right"]) >= least
    made = [row for row in judged if said(row, whole=True)]
    assert sum(row["right"] for row in made) / len(made) >= share


def _reading(statement):
    return statement.actor, statement.action, statement.polarity


def _told(row):
    return row["actor"], row["action"], row["polarity"]


def test_export_stance(words, data):
    labelled = rows(data / "cross_border_zh.jsonl")
    assert len(labelled) >= 60
    reader = CrossBorderReader(words)
    hits = 0
    for row in labelled:
        lines = list(read_lines(parse_plain(row["text"]), words, chinese=True))
        hits += reader.read(lines, "x").stance == row["stance"]
    assert hits / len(labelled) >= 0.90


ENGLISH = [
    ("english.tsv", 100, 0.95),
    ("english_fresh.tsv", 100, 0.90),
    ("english_third.tsv", 120, 0.87),
    ("english_fourth.tsv", 60, 0.90),
    ("english_fifth.tsv", 60, 0.85),
    ("english_sixth.tsv", 60, 0.80),
    ("english_seventh.tsv", 89, 0.80),
    ("english_blind.tsv", 100, 0.82),
    ("english_blind_free.tsv", 100, 0.50),
]


@pytest.mark.parametrize(("name", "size", "least"), ENGLISH)
def test_english(words, data, name, size, least):
    """All but the first file were labelled before they were first read.

    F1 was 0.77, 0.67, 0.66, 0.86, 0.64 and 0.76 then; each was in sight in the corrections that
    followed. The blind ones were written and labelled by a hand that had not seen the rules, and
    no rule has seen them: 0.85 on ordinary policies, 0.54 on prose that says things indirectly.
    """
    reader = EnglishReader(words)
    right = wrong = missed = 0
    lines = (data / name).read_text(encoding="utf-8").splitlines()
    assert len(lines) >= size
    for line in lines:
        text, _, types = line.partition("\t")
        read = reader.statements(read_lines(parse_plain(text), words, chinese=False), "x")
        found = {t for s in read for t in s.data_types}
        wanted = set(types.split())
        right += len(found & wanted)
        wrong += len(found - wanted)
        missed += len(wanted - found)
    assert 2 * right / (2 * right + wrong + missed) >= least

"""The score on the shared data-flow test apps stays where it is."""

import csv
from pathlib import Path

import pytest

from profiles.load import load_knowledge
from scanner.static.flow.app import flows_of

LEAST_F1, LEAST_PRECISION, LEAST_EXACT = 0.90, 0.90, 100


@pytest.mark.corpus
def test_score(corpus: Path) -> None:
    know = load_knowledge()
    true = extra = missed = exact = 0
    table = (corpus / "droidbench" / "expected.tsv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines(), delimiter="\t"):
        found = flows_of(corpus / "droidbench" / row["apk"], know).result.flows
        pairs = {(f.source, f.source_api, f.sink, f.sink_api, f.sink_kind) for f in found}
        expected = int(row["expected_leaks"])
        true += min(expected, len(pairs))
        extra += max(0, len(pairs) - expected)
        missed += max(0, expected - len(pairs))
        exact += expected == len(pairs)
    precision, recall = true / (true + extra), true / (true + missed)
    assert precision >= LEAST_PRECISION
    assert 2 * precision * recall / (precision + recall) >= LEAST_F1
    assert exact >= LEAST_EXACT

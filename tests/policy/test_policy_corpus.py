"""Over real policies, where the corpus is beside the checkout."""

import json
from collections import defaultdict

import pytest

from scanner.policy.gather import gather_policy

pytestmark = pytest.mark.corpus


def test_types_in_gold_sentences(corpus, know):
    """A ninth of the documents; the scorer runs over all of them."""
    folder = corpus / "policy" / "ca4p_dev"
    gold = defaultdict(list)
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold[row["doc"]].append(row)
    umbrella = {"personal_info", "sensitive_info", "anonymised_info"}
    right = wrong = missed = 0
    for doc in sorted(gold)[::9]:
        made = gather_policy([folder / "text" / f"{doc}.txt"], know).policy.statements
        for row in gold[doc]:
            wanted = set(row["types"]) - umbrella
            here = [s for s in made if s.start < row["end"] and s.end > row["start"]]
            found = {t for s in here for t in s.data_types} - umbrella
            up = {t: set(know.ancestors(t)) & wanted for t in found}
            hits = {a for chain in up.values() for a in chain}
            right += len(hits & wanted)
            missed += len(wanted - hits)
            wrong += sum(not up[t] and not know.data_types[t].group for t in found)
    assert right / (right + wrong) >= 0.95
    assert 2 * right / (2 * right + wrong + missed) >= 0.95


def test_lists_have_rows_and_prose_has_none(corpus, know):
    folder = corpus / "policy" / "zh_real_dev"
    count = {
        p.name: len(gather_policy([p], know).policy.sdks)
        for p in folder.glob("*.*")
        if p.suffix != ".tsv"
    }
    least = {
        "gh_佳麦SDK目录.md": 15,
        "gh_uni-app_SDK表.md": 27,
        "see_学习强国SDK列表.md": 12,
        "see_酷安.md": 18,
    }
    assert all(count[name] >= rows for name, rows in least.items())
    assert {n for n in count if n.startswith("capp_") and count[n]} <= {
        "capp_影视大全.txt", "capp_驾考宝典.txt", "capp_工商.txt",
    }  # fmt: skip

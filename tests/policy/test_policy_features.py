"""Features of mentions, the sums of two cards, and how the weights are fitted."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from scanner.policy.clauses import ClauseReader
from scanner.policy.features import features, named
from scanner.policy.mentions import beside, read_sentence, score
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines
from scanner.policy.words import Scorecard, TwoCards

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def logistic(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield importlib.import_module("logistic")
    sys.modules.pop("logistic")


def test_an_enumeration_shares_its_features(words):
    sentence = read_sentence("为了登录，我们收集您的手机号、姓名，用于验证", words)
    phone, mail = features(sentence, set, lambda left, right: left | right)
    assert [sentence.mentions[i].term for i in (0, 1)] == ["手机号", "姓名"]
    assert phone[1] is mail[1]
    assert phone[1] >= {"rule=收集&0", "clause=我们", "then=用于", "since=登录"}
    assert "next=、" in phone[2]
    assert "next=、" not in mail[2]
    assert named(sentence)[0] >= {"rule=收集&0", "next=、", "left=您的"}


def test_a_mention_knows_its_bracket_its_group_and_who_is_named_before(words):
    sentence = read_sentence("我们收集您的设备信息（imei、手机号），以便核对账号", words)
    device, imei, phone, account = named(sentence)
    assert [m.term for m in sentence.mentions] == ["设备信息", "imei", "手机号", "账号"]
    assert device >= {"holds", "holds=device_info", "holds.bracket", "who=我们", "whom=您&strong"}
    assert imei >= {"member", "in=brackets", "bracket=信息", "bracket.of=device_info"}
    assert "member" not in phone
    assert phone >= {"in=brackets", "types=4"}
    assert account >= {"who=-", "term=账号&in=purpose", "type=account_info&in=purpose"}
    assert "in=brackets" not in account


def test_the_sets_of_a_mention_do_not_overlap(words, whole):
    """Their sums are added: a name in two sets would weigh twice."""
    for text in whole.split("。"):
        sentence = read_sentence(text, words, section="collect", lead="collect")
        sizes = features(sentence, len, lambda left, right: len(left) + len(right))
        assert list(map(sum, sizes)) == list(map(len, named(sentence)))


def test_a_score_is_the_sum_of_both_looks(words):
    sentence = read_sentence("我们收集您的手机号、姓名，以便登录账号", words)
    score(sentence, words)
    names = named(sentence)
    first = [words.first_card.sum(own) for own in names]
    for i, mention in enumerate(sentence.mentions):
        near = names[i] | beside(sentence, first, i)
        assert mention.score == words.card.sum(near) - words.card.threshold


def test_two_cards_at_once():
    first = Scorecard(threshold=0, bias=5, weights={"a": 100, "b": -300})
    second = Scorecard(threshold=0, bias=7, weights={"b": 40, "c": -90})
    both = TwoCards(first, second)
    assert both.split(both.packed({"a", "b", "c", "d"})) == (-200, -50)


def test_a_fit_finds_the_feature_that_decides(logistic):
    rows = [{"good", "x"}, {"good"}, {"bad", "x"}, {"bad"}] * 20
    names = logistic.Names()
    x = names.sparse(rows)
    y = np.array([1.0, 1.0, 0.0, 0.0] * 20)
    families = np.arange(80) % 4
    weights, bias = logistic.fit(x, y, families, 1.0, 2)
    told = dict(zip(names.number, weights, strict=True))
    assert told["good"] > 100
    assert told["bad"] < -100
    assert abs(told["x"]) < 20
    assert abs(bias) < 20


def test_a_row_that_counts_twice_is_two_rows(logistic):
    names = logistic.Names()
    rows = [{"a"}, {"a", "b"}, {"b"}, set()]
    y, families = np.array([1.0, 0.0, 1.0, 1.0]), np.arange(4)
    times = np.array([3.0, 2.0, 1.0, 1.0])
    once = names.sparse(rows)
    repeated = np.repeat(np.arange(4), times.astype(int))
    counted = logistic.fit(once, y, families, 1.0, 1, times=times)
    written = logistic.fit(once.rows(repeated), y[repeated], families[repeated], 1.0, 1)
    plain = logistic.fit(once, y, families, 1.0, 1)
    assert np.abs(counted[0] - written[0]).max() <= 1
    assert abs(counted[1] - written[1]) <= 1
    assert list(counted[0]) != list(plain[0])


def test_a_feature_of_one_family_weighs_nothing(logistic):
    names = logistic.Names()
    x = names.sparse([{"own"}, {"own"}, {"both"}, {"both"}])
    kept = logistic.common(x, np.array([0, 0, 0, 1]), 2)
    assert [list(names.number)[i] for i in kept] == ["both"]


def test_sparse_rows(logistic):
    names = logistic.Names()
    x = names.sparse([{"a"}, set(), {"b", "c"}])
    weights = np.arange(1.0, 4.0)
    whole = x.sums(weights)
    order = [names.number[n] for n in "abc"]
    assert whole[0] == weights[order[0]]
    assert whole[1] == 0
    assert whole[2] == weights[order[1]] + weights[order[2]]
    assert list(x.rows(np.array([2, 0])).sums(weights)) == [whole[2], whole[0]]
    assert list(x.only(np.array([order[1]])).sums(np.array([9.0]))) == [0, 0, 9]
    assert list(x.beside(x).sums(np.concatenate([weights, 10 * weights]))) == list(11 * whole)


def test_mentions_of_one_label_share_it(monkeypatch):
    """One that stands alone is right; of two, the likelier gets more; unknown ones stay as told."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    fit_policy = importlib.import_module("fit_policy")
    for name in ("fit_policy", "logistic", "policy_folds", "policy_rows"):
        sys.modules.pop(name)
    told = np.array([0, 1, 1, -1, -1])
    right = np.array([1, 1, 1, 0, -1])
    out = fit_policy.shares(np.array([-500.0, 300.0, -300.0, 500.0, 0.0]), told, right)
    assert out[0] == 1
    assert out[3] == 0
    assert out[4] == -1
    assert out[1] > 0.95
    assert 0 < out[2] < 0.1


def test_a_line_that_only_names_what_follows_teaches_the_cards_nothing(monkeypatch, words):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    policy_rows = importlib.import_module("policy_rows")
    for name in ("logistic", "policy_folds", "policy_rows"):
        sys.modules.pop(name)
    text = "1.2.3 位置信息\n我们会收集您的位置信息。\n我们提供服务。\n"
    lines = list(read_lines(parse_plain(text), words, chinese=True))
    asked = policy_rows.asked(lines, words, ClauseReader(words))
    assert [line.text for line in asked] == ["我们会收集您的位置信息。"]

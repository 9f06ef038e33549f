"""Features of mentions, the sums of two cards, and how the weights are fitted."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from scanner.policy.cards import MOST_NAMES, Names, Scorecard, TwoCards, Weights
from scanner.policy.clauses import ClauseReader
from scanner.policy.features import BESIDE, features, named
from scanner.policy.gate import gate_features, gate_score
from scanner.policy.mentions import beside, read_sentence, score
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines
from scanner.policy.ways import WAY_NAMES

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def logistic(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield importlib.import_module("logistic")
    sys.modules.pop("logistic")


def test_an_enumeration_shares_its_features(words):
    sentence = read_sentence("为了登录，我们收集您的手机号、姓名，用于验证", words)
    phone, mail = named(sentence)
    assert [sentence.mentions[i].term for i in (0, 1)] == ["手机号", "姓名"]
    assert phone & mail >= {"rule=收集&0", "clause=我们", "then=用于", "since=登录"}
    assert phone >= {"next=、", "left=您的"}
    assert "next=、" not in mail


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


def total(card, names):
    return card.bias + sum(card.weights.get(name, 0) for name in names)


def sentences(text, words):
    for part in text.split("。"):
        yield read_sentence(part, words, section="collect", lead="collect")


def test_no_feature_is_told_twice_of_a_mention(words, whole):
    """They are added up: a name told twice would weigh twice."""
    told = [names for s in sentences(whole, words) for names in features(s, WAY_NAMES)]
    assert len(told) > 20
    assert list(map(len, told)) == [len(set(names)) for names in told]


def test_a_score_is_the_sum_of_both_looks(words, whole):
    many = "我们收集您的" + "手机号、姓名，以便登录账号，" * 40
    count = 0
    for sentence in [read_sentence(many, words), *sentences(whole, words)]:
        score(sentence, words)
        names = named(sentence)
        first = [total(words.first_card, own) for own in names]
        for i, mention in enumerate(sentence.mentions):
            near = names[i] | beside(sentence, first, i)
            assert mention.score == total(words.card, near) - words.card.threshold
            count += 1
    assert count > 100


def test_what_the_first_look_said_of_others(words):
    sentence = read_sentence("我们收集您的手机号、姓名、手机号", words)
    assert beside(sentence, [-950, 120, 730], 0) == {
        *("first=-4", "first.right=1", "first.most=6", "first.mean=4", "first.same=6"),
    }
    assert beside(sentence, [-950, 120, 730], 1) == {
        *("first=1", "first.left=-4", "first.right=6", "first.most=6", "first.mean=-2"),
    }
    alone = read_sentence("我们收集您的手机号", words)
    assert beside(alone, [-1], 0) == {"first=-1"}


def test_mentions_too_far_away_say_nothing(words):
    far = [900] + [0] * BESIDE + [-100]
    sentence = read_sentence("我们收集您的手机号" + "、姓名" * BESIDE + "、手机号", words)
    names = beside(sentence, far, BESIDE + 1)
    assert names == {"first=-1", "first.left=0", "first.most=0", "first.mean=0"}


def test_the_score_of_a_sentence_is_the_sum_of_its_features(words, whole):
    card, count = words.gate_card, 0
    for sentence in sentences(whole, words):
        kept = sentence.mentions
        if kept:
            score(sentence, words)
            names = gate_features(sentence, kept, words)
            assert gate_score(sentence, kept, words) == total(card, names) - card.threshold
            count += 1
    assert count > 10


def test_what_a_sentence_is_judged_by(words):
    sentence = read_sentence("我们会收集手机号", words, section="collect")
    names = gate_features(sentence, sentence.mentions, words)
    assert names >= {
        *("section=collect", "block=paragraph", "lead=none", "length=0", "kept=1", "best=0"),
        *("open=我们会收", "end=手机号", "verb=collect", "verb=collect&section=collect"),
        *("type=phone_number", "收集+手", "们会+收集", "们会", "机号"),
    }
    silent = read_sentence("您的手机号", words, lead="collect")
    assert "verb=none&lead=True" in gate_features(silent, silent.mentions, words)


def test_a_new_card_of_sentences_counts_at_once(monkeypatch, words):
    sentence = read_sentence("我们会收集手机号", words)
    old = words.gate_card
    words.gate_card = Scorecard(
        threshold=10, bias=3, weights={"收集+手": 50, "们会": 7, "会们": 90}
    )
    assert gate_score(sentence, sentence.mentions, words) == 50
    words.gate_card = old


def test_no_mention_has_more_features_than_two_cards_can_add_up(words, whole):
    """Every flag, every mask and as many others as were ever seen: still fewer than the bound."""
    most = max(len(names) for s in sentences(whole, words) for names in features(s, WAY_NAMES))
    assert 40 < most < 120
    assert 2 * len(words.words.flags) + 4 * len(words.masks) + 2 * most < MOST_NAMES


def test_two_cards_at_once():
    first = Scorecard(threshold=0, bias=5, weights={"a": 100, "b": -300})
    second = Scorecard(threshold=0, bias=7, weights={"b": 40, "c": -90})
    both = TwoCards(first, second)
    assert both.split(both.names({"a", "b", "c", "d"})) == (-200, -50)
    for many in (399 * both.names({"b"}), 399 * both.names({"c"})):
        assert both.split(many) in {(-300 * 399, 40 * 399), (0, -90 * 399)}


@pytest.mark.parametrize("told", [{"x=a", "x=ab"}, {"x=a", "x=a&weak", "y=a"}, set()])
def test_a_family_weighs_what_its_names_weigh(told):
    weights = {"x=a": 5, "x=a&weak": 7, "x=ab": -3, "x=b&weak": 11, "y=a": 100, "a": 1000}
    names, sums = Names(), Weights({name: weights[name] for name in told})
    for forms in (("",), ("&weak",), ("", "&weak")):
        for value in ("a", "ab", "b", "c"):
            whole = f"x={value}"
            expected = sum(weights[n] for n in names.one("x", forms)(value, ()) if n in told)
            assert sums.one("x", forms)(value, 0) == expected
            assert sums.many("x", forms)([value]) == expected
            assert sums.whole("x", forms)([whole]) == expected
        assert names.whole("x", forms)(["x=a"]) == names.many("x", forms)("a")
    assert sums.pairs("x=")("xabab") == (-3 if "x=ab" in told else 0)
    assert set(names.pairs("x=")("abab")) == {"x=ab", "x=ba"}


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

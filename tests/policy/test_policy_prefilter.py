"""A pattern that a text can match must never be left out."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import profiles
from scanner.policy.idle import Told, alternatives
from scanner.policy.normal import Normal
from scanner.policy.prefilter import Guarded, Prefilter, needed


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("我们[^，]{0,9}(?:收集|获取)您", {"收集您", "获取您"}),
        ("收集|^[^，]*获取信息", {"收集", "获取信息"}),
        ("(?=[收获])(?:收集|获取)", {"收集", "获取"}),
        ("(?:为了?|以)便", {"为便", "为了便", "以便"}),
        ("(?<=[不未])[收获]{2}到", {"到"}),
        ("(?:个人)+信息", {"个人"}),
        ("(?:个人)*信息", {"信息"}),
        ("(?:个人){0,1}信息?", {"信"}),
        ("(?!收集)[^，]获", {"获"}),
        ("收.集", {"收"}),
        ("收集|(?:获取)?", None),
        ("[^，]{2,8}", None),
        (r"\d[a-z]", None),
        ("(?i)cookie", None),
        ("(?i:cookie)", None),
        ("(?i:c)ookie", {"ookie"}),
        (r"(账)号\1码", {"账号"}),
    ],
)
def test_what_a_pattern_needs(pattern, words):
    assert needed(re.compile(pattern)) == words


def spans(found):
    return found and found.span()


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_match_is_left_out(data):
    """Patterns put together at random, and texts made to match them."""
    part = st.sampled_from(
        ["收集", "[获取]", "您?", "(?:我|你)们", "[^，]{0,3}", "(?<=您)的", "a{2}"]
    )
    piece = st.lists(part, min_size=1, max_size=4).map("".join)
    pattern = re.compile("|".join(data.draw(st.lists(piece, min_size=1, max_size=3))))
    text = data.draw(st.from_regex(pattern))
    assert Prefilter([pattern])(text) == [0] or not pattern.search(text)
    start, end = data.draw(st.tuples(*[st.integers(0, len(text))] * 2))
    found, guarded = pattern.search(text, start, end), Guarded(pattern.pattern)
    assert spans(guarded.search(text, start, end)) == spans(found)
    assert spans(guarded.search(text)) == spans(pattern.search(text))


def tables():
    for path in sorted((Path(profiles.__file__).parent / "tables").glob("policy_*.yaml")):
        if "english" not in path.stem:
            yield from texts(msgspec.yaml.decode(path.read_bytes()))


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def compiled():
    for text in tables():
        try:
            yield from map(re.compile, alternatives(text))
        except re.error:
            continue


def test_on_labelled_sentences_every_pattern_of_the_tables_is_found_as_without(data):
    patterns = list(dict.fromkeys(compiled()))
    possible = Prefilter(patterns)
    rows = [json.loads(x) for x in (data / "polarity_zh.jsonl").read_text("utf-8").splitlines()]
    found = 0
    for text in [Normal(row["text"]).text for row in rows[:60]]:
        kept = set(possible(text))
        for number, pattern in enumerate(patterns):
            if pattern.search(text):
                assert number in kept, pattern.pattern
                found += 1
        assert len(kept) < len(patterns) / 3
    assert found > 1000


def test_a_guard_knows_what_stands_before_the_place():
    behind = Guarded("(?<=收集)您[^，]")
    assert spans(behind.search("收集您的", 2)) == (2, 4)
    assert behind.search("收集您的", 2, 3) is None
    assert behind.search("您的收集", 0) is None


def test_the_order_is_that_of_the_patterns():
    patterns = [re.compile(p) for p in ("信息", "[^，]", "收集", "共享")]
    assert Prefilter(patterns)("收集信息") == [0, 1, 2]
    assert Prefilter(patterns)("") == [1]
    assert Prefilter([])("收集") == []


def test_the_alternatives_of_a_pattern():
    assert list(alternatives(r"^a(?:b|c)|[|)]d|e\||")) == ["^a(?:b|c)", "[|)]d", r"e\|", ""]


def test_alternatives_are_told_apart_at_the_beginning():
    told = Told(["^向|是指", "^(?:在|当)"])
    texts = ("向您", "不向您", "这是指它", "我在", "当时")
    assert list(map(told, texts)) == [True, False, True, False, True]

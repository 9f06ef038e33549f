"""The features by which a mention is judged: words anybody can read (`next=功能`).

Three kinds, because much is shared: those of the sentence, those of the enumeration that a mention
stands in, and its own.
"""

from bisect import bisect_left
from collections.abc import Sequence

import ahocorasick_rs as ac

from scanner.policy.cards import T
from scanner.policy.found import Mention, Sentence
from scanner.policy.ways import (
    CHAIN,
    COMMAS,
    GAPS,
    KINDS,
    LENGTHS,
    STRONG,
    TYPES,
    WAY_NAMES,
    Grades,
    Ways,
)

BESIDE = 40
"""Mentions farther away than this many others say nothing: a bound on hostile sentences."""
_CUTS = ("，", "；", "。")
_WHO = ("我们", "我行", "我司", "您", "用户", "第三方", "sdk", "合作", "平台")
_SIGNS = ac.AhoCorasick([*_CUTS, *_WHO], matchkind=ac.MatchKind.LeftmostFirst)
"""The ends of clauses and the parties, found in one pass."""
_WINDOW = 10
_BEHIND = 8
"""So many characters behind a mention are told in pairs."""
_NEAR_VERB = 6
_NEAR_DATA = 12
_INCLUDING = "包括"
_REACH = 40
"""So many characters before a mention "including" is looked for."""


class _Around:
    """What the mentions of a sentence stand among, found once for all of them."""

    def __init__(self, sentence: Sentence) -> None:
        """Find clauses, parties, verbs by class, brackets and mentions by type."""
        text = self.text = sentence.text
        self.sentence, self.size = sentence, len(text)
        self.cuts: list[int] = []
        self.who_at: list[int] = []
        self.who: list[str] = []
        for sign, start, _ in _SIGNS.find_matches_as_indexes(text):
            if sign < len(_CUTS):
                self.cuts.append(start)
            else:
                self.who_at.append(start)
                self.who.append(_WHO[sign - len(_CUTS)])
        self.verbs_at: list[int] = []
        self.kinds: dict[str, list[int]] = {}
        for start, _, kind, _ in sentence.verbs:
            self.verbs_at.append(start)
            self.kinds.setdefault(kind, []).append(start)
        self.places = [(kind, found) for kind, found in self.kinds.items() if kind in KINDS]
        self.colon = text.find("：") if "：" in text else self.size
        self.brackets, self.including = "（" in text, _INCLUDING in text
        self.ends = {mention.end: mention.data_type for mention in sentence.mentions}
        self.numbers: dict[str, list[int]] = {}
        for number, mention in enumerate(sentence.mentions):
            self.numbers.setdefault(mention.data_type, []).append(number)
        self._families()

    def _families(self) -> None:
        """Find the groups that stand beside a member, and the members beside their group."""
        above, kinds = self.sentence.above, self.numbers.keys()
        wider = {kind: above.get(kind, frozenset()) for kind in kinds} if len(kinds) > 1 else {}
        self.members = {kind for kind, groups in wider.items() if not kinds.isdisjoint(groups)}
        self.wider = {group for kind in self.members for group in wider[kind]}

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Return where the clause begins that holds a place, and where the one ends."""
        cuts = self.cuts
        left, right = bisect_left(cuts, start), bisect_left(cuts, end)
        opening = cuts[left - 1] + 1 if left else 0
        return opening, (cuts[right] if right < len(cuts) else self.size)


def features(sentence: Sentence, ways: Grades[T]) -> list[T]:
    """Return what is told of every mention, in order; nothing is told twice of one.

    What is told is added up at once, not gathered: features are many, and most are only summed.
    """
    out: list[T] = []
    around = _Around(sentence)
    whole: dict[bool, T] = {}
    shared: dict[bool, T] = {}
    first, last = 0, 0
    for number, mention in enumerate(sentence.mentions):
        weak = mention.weak
        way = ways[weak]
        if number >= last:
            first, last = number, number + mention.chain
            shared = {}
        if weak not in shared:
            if weak not in whole:
                whole[weak] = _sentence(around, way)
            shared[weak] = whole[weak] + _chain(around, (first, last), way)
        out.append(shared[weak] + _alone(around, number, way))
    return out


def named(sentence: Sentence) -> list[frozenset[str]]:
    """Return the names of the features of every mention, in order."""
    return [frozenset(names) for names in features(sentence, WAY_NAMES)]


def _alone(around: _Around, number: int, way: Ways[T]) -> T:
    """Return the features of one mention that it shares with no other."""
    mention = around.sentence.mentions[number]
    start, end = mention.start, mention.end
    clause = around.clause(start, end)
    text = around.text
    told = (
        way.left(text[max(0, start - _WINDOW) : start])
        + way.right(text[end : end + _BEHIND])
        + _own(around.sentence, mention, way)
        + _verbs(clause, around, mention, way)
        + _neighbours(around, mention, way)
        + _who(around, clause[0], mention, way)
        + _company(around, number, mention, way)
    )
    if around.brackets:
        told += _bracket(around, mention, way)
    return told + _group(around, mention, way) if around.members else told


def _sentence(around: _Around, way: Ways[T]) -> T:
    sentence, none = around.sentence, way.none
    return (
        way.flags(sentence.flags)
        + way.has(around.kinds)
        + way.section(sentence.section, none)
        + way.block(sentence.kind, none)
        + way.length[min(around.size // 40, LENGTHS)]
        + way.types[min(len(around.numbers), TYPES)]
        + way.lead(sentence.lead or "none", none)
        + way.grade
    )


def _chain(around: _Around, span: tuple[int, int], way: Ways[T]) -> T:
    """Tell the size of an enumeration, the verb that rules it and the clause that holds it."""
    mentions = around.sentence.mentions
    head = mentions[span[0]]
    opening, closing = around.clause(head.start, mentions[span[1] - 1].end)
    return (
        way.chain[min(head.chain, CHAIN)]
        + way.strong[min(head.strong_in_chain, STRONG)]
        + _clause(around, opening, closing, way)
        + _governor(around, head.start, way)
    )


def _clause(around: _Around, opening: int, closing: int, way: Ways[T]) -> T:
    """Tell how a clause begins and ends, and what stands before and behind it.

    A longer piece of text is told only where there is more to tell.
    """
    text, size, none = around.text, around.size, way.none
    told = way.since(text[max(0, opening - 3) : max(0, opening - 1)], none)
    told += way.clause(text[opening : opening + 2], none)
    for end in (opening + 3, opening + 4):
        if end <= size:
            told += way.clause(text[opening:end], none)
    told += way.ends(text[max(opening, closing - 1) : closing], none)
    if closing - 2 >= opening:
        told += way.ends(text[closing - 2 : closing], none)
    told += way.then(text[closing + 1 : closing + 2], none)
    if closing + 3 <= size:
        told += way.then(text[closing + 1 : closing + 3], none)
    return told


def _governor(around: _Around, start: int, way: Ways[T]) -> T:
    """Tell the last verb before an enumeration, and what stands between them."""
    verbs, cuts, none = around.sentence.verbs, around.cuts, way.none
    at = bisect_left(around.verbs_at, start) - 1
    if at < 0:
        return way.no_rule
    _, end, kind, word = verbs[at]
    gap = around.text[end:start]
    commas = min(COMMAS, bisect_left(cuts, start) - bisect_left(cuts, end))
    return (
        way.rule[commas]["您" in gap](kind, none)
        + way.rule_word[commas](word, none)
        + way.rule_far[bisect_left(GAPS, len(gap))](kind, none)
        + way.rule_next(f"{gap[:2]}&{kind}", none)
        + way.rule_gap(f"{gap[-2:]}&{kind}", none)
    )


def _own(sentence: Sentence, mention: Mention, way: Ways[T]) -> T:
    kind, start, end, none = mention.data_type, mention.start, mention.end, way.none
    told = way.term(mention.term, none) + way.type(kind, none)
    told += way.type(f"{kind}&{sentence.section}", none)
    for mask, spans in sentence.masks.items():
        for first, last in spans:
            if first <= start and end <= last:
                told += way.inside(mask, mention)
                break
    return told


def _verbs(clause: tuple[int, int], around: _Around, mention: Mention, way: Ways[T]) -> T:
    first, last = clause
    told = way.none
    for kind, starts in around.places:
        near, far, behind = way.sides[kind]
        before = bisect_left(starts, mention.start)
        if before:
            told += near if starts[before - 1] >= first else far
        after = bisect_left(starts, mention.end)
        if after < len(starts) and starts[after] < last:
            told += behind
    return told


def _neighbours(around: _Around, mention: Mention, way: Ways[T]) -> T:
    text, size, start, end = around.text, around.size, mention.start, mention.end
    none = way.none
    told = way.next(text[end : end + 1], none)
    if end + 2 <= size:
        told += way.following(text[end : end + 2], none)
    if end + 3 <= size:
        told += way.following(text[end : end + 3], none)
    told += way.prev(text[start - 1], none) if start else way.first
    for n in (2, 3, 4):
        if start >= n:
            told += way.preceding(text[start - n : start], none)
    if around.colon < start:
        told += way.colon
    if around.including and text.find(_INCLUDING, max(0, start - _REACH), start) >= 0:
        told += way.including
    return told


def _bracket(around: _Around, mention: Mention, way: Ways[T]) -> T:
    """Tell what stands before the bracket that holds a mention, and how the bracket begins."""
    text = around.text
    opening = text.rfind("（", 0, mention.start)
    if opening <= text.rfind("）", 0, mention.start):
        return way.none
    beside = {text[max(0, opening - 2) : opening], text[opening + 1 : opening + 3]}
    holder = way.bracket_of(str(around.ends.get(opening)), way.none)
    return way.bracketed + way.bracket(beside) + holder


def _who(around: _Around, clause: int, mention: Mention, way: Ways[T]) -> T:
    """Tell the first and the last party before a mention in its clause."""
    places = around.who_at
    first, behind = bisect_left(places, clause), bisect_left(places, mention.start)
    if first == behind:
        return way.nobody
    told = way.who(around.who[first], way.none)
    return told + way.whom(around.who[behind - 1], way.none)


def _group(around: _Around, mention: Mention, way: Ways[T]) -> T:
    """Tell a group that stands beside one of its members, and a member beside its group."""
    kind, told = mention.data_type, way.none
    if kind in around.wider:
        told += way.holding + way.holds(kind, way.none)
        if around.text.startswith(("（", _INCLUDING), mention.end):
            told += way.holding_bracket + way.holds_bracket(kind, way.none)
    return told + way.member if kind in around.members else told


def _company(around: _Around, number: int, mention: Mention, way: Ways[T]) -> T:
    """Tell the nearest verb before, and the mentions on both sides."""
    mentions, verbs, start = around.sentence.mentions, around.sentence.verbs, mention.start
    told, none = way.none, way.none
    at = bisect_left(around.verbs_at, start) - 1
    if at >= 0:
        _, end, _, word = verbs[at]
        told += way.verb[start - end <= _NEAR_VERB](word, none)
    if number:
        other = mentions[number - 1]
        told += way.beside_left[start - other.start <= _NEAR_DATA](other.data_type, none)
    if number + 1 < len(mentions):
        other = mentions[number + 1]
        told += way.beside_right[other.start - start <= _NEAR_DATA](other.data_type, none)
    same = around.numbers[mention.data_type]
    return told + _again(same, number, way) if len(same) > 1 else told


def _again(same: Sequence[int], number: int, way: Ways[T]) -> T:
    """Tell a mention of a type that is named more than once, not too far away."""
    place = bisect_left(same, number)
    if place and same[place - 1] >= number - BESIDE:
        return way.again_later
    if place + 1 < len(same) and same[place + 1] <= number + BESIDE:
        return way.again_first
    return way.none

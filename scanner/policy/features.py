"""The features by which a mention is judged: words anybody can read (`next=功能`).

Three kinds, because much is shared: those of the sentence, those of the enumeration that a mention
stands in, and its own.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from operator import add
from typing import TypeVar

from scanner.policy.found import Mention, Sentence

T = TypeVar("T")

BESIDE = 40
"""Mentions farther away than this many others say nothing: a bound on hostile sentences."""
_CUT = re.compile("[，；。]")
_WHO = re.compile("我们|我行|我司|您|用户|第三方|sdk|合作|平台")
_WINDOW = 10
_BEHIND = 7
"""So many pairs of characters behind a mention."""
LEFT, RIGHT = "left=", "right="
_NEAR_VERB = 6
_NEAR_DATA = 12
_TYPES = 5
_KINDS = ("collect", "share", "give", "use", "store")
_GAPS = (1, 4, 10, 25)
_INCLUDING = "包括"
_REACH = 40
"""So many characters before a mention "including" is looked for."""
_SIDES = {
    (kind, grade): tuple(
        (f"{side}={kind}", f"{side}={kind}&{grade}") for side in ("before", "far.before", "after")
    )
    for kind in _KINDS
    for grade in ("weak", "strong")
}
"""The names for a verb before a mention, before its clause, and behind it."""


class _Around:
    """What the mentions of a sentence stand among, found once for all of them."""

    def __init__(self, sentence: Sentence) -> None:
        """Find clauses, parties, verbs by class, pairs of characters and mentions by type."""
        text = self.text = sentence.text
        self.sentence, self.size = sentence, len(text)
        self.cuts = [found.start() for found in _CUT.finditer(text)]
        self.who = [(found.start(), found.group()) for found in _WHO.finditer(text)]
        starts = {kind: [v[0] for v in sentence.verbs if v[2] == kind] for kind in _KINDS}
        self.places = [(kind, found) for kind, found in starts.items() if found]
        self.pairs = list(map(add, text, text[1:]))
        self.colon = text.find("：") if "：" in text else self.size
        self.ends = {mention.end: mention.data_type for mention in sentence.mentions}
        self.numbers: dict[str, list[int]] = {}
        for number, mention in enumerate(sentence.mentions):
            self.numbers.setdefault(mention.data_type, []).append(number)
        self.wider = {above for kind in self.numbers for above in sentence.above.get(kind, ())}

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Return where the clause begins that holds a place, and where the one ends."""
        cuts = self.cuts
        left, right = bisect_left(cuts, start), bisect_left(cuts, end)
        opening = cuts[left - 1] + 1 if left else 0
        return opening, (cuts[right] if right < len(cuts) else self.size)

    def beside(self, mention: Mention) -> tuple[set[str], set[str]]:
        """Return the pairs of characters close before and close behind a mention."""
        start, end = mention.start, mention.end
        before = self.pairs[max(0, start - _WINDOW) : max(0, start - 1)]
        return set(before), set(self.pairs[end : end + _BEHIND])


def features(
    sentence: Sentence, keep: Callable[[list[str]], T], beside: Callable[[set[str], set[str]], T]
) -> list[tuple[T, T, T, T]]:
    """Return what `keep` and `beside` make of the features of every mention, in order.

    `keep` is given the lists of the sentence, of the enumeration and of the mention itself; no name
    stands in two of them. `beside` is given the pairs of characters before and behind a mention,
    not yet named `left=` and `right=`: half of all features are such pairs. Lists are handed on at
    once, not gathered: they are many, and most are only summed.
    """
    out: list[tuple[T, T, T, T]] = []
    around = _Around(sentence)
    whole: dict[str, T] = {}
    chain: dict[str, T] = {}
    first, last = 0, 0
    for number, mention in enumerate(sentence.mentions):
        grade = "weak" if mention.weak else "strong"
        if grade not in whole:
            whole[grade] = keep(_sentence(sentence, len(around.numbers), grade))
        if number >= last:
            first, last = number, number + mention.chain
            chain = {}
        if grade not in chain:
            chain[grade] = keep(_chain(around, (first, last), grade))
        own = keep(_alone(around, number, grade))
        out.append((whole[grade], chain[grade], own, beside(*around.beside(mention))))
    return out


def named(sentence: Sentence) -> list[frozenset[str]]:
    """Return the names of the features of every mention, in order."""
    told = features(sentence, frozenset[str], _named)
    return [whole | chain | own | beside for whole, chain, own, beside in told]


def _named(left: set[str], right: set[str]) -> frozenset[str]:
    return frozenset([*(f"{LEFT}{pair}" for pair in left), *(f"{RIGHT}{pair}" for pair in right)])


def _alone(around: _Around, number: int, grade: str) -> list[str]:
    """Return the features of one mention that it shares with no other."""
    sentence = around.sentence
    mention = sentence.mentions[number]
    clause = around.clause(mention.start, mention.end)
    return [
        *_own(sentence, mention, grade),
        *_verbs(clause, around.places, mention, grade),
        *_neighbours(around, mention, grade),
        *_bracket(around, mention, grade),
        *_who(around.who, clause[0], mention, grade),
        *_group(around, mention),
        *_company(around, number, mention),
    ]


def _sentence(sentence: Sentence, types: int, grade: str) -> list[str]:
    kinds = {kind for _, _, kind, _ in sentence.verbs}
    return [
        *sentence.flags,
        *(f"{flag}&{grade}" for flag in sentence.flags),
        *(f"has={kind}&{grade}" for kind in kinds),
        f"section={sentence.section}",
        f"section={sentence.section}&{grade}",
        f"block={sentence.kind}",
        f"length={min(len(sentence.text) // 40, 4)}",
        f"types={min(types, _TYPES)}",
        f"types={min(types, _TYPES)}&{grade}",
        f"lead={sentence.lead or 'none'}",
        f"lead={sentence.lead or 'none'}&{grade}",
        grade,
    ]


def _chain(around: _Around, span: tuple[int, int], grade: str) -> list[str]:
    """Name the size of an enumeration, the verb that rules it and the clause that holds it."""
    text, mentions = around.text, around.sentence.mentions
    head = mentions[span[0]]
    size = min(head.chain, 4)
    opening, closing = around.clause(head.start, mentions[span[1] - 1].end)
    names = [
        f"chain={size}",
        f"chain={size}&{grade}",
        f"chain.strong={min(head.strong_in_chain, 3)}",
        *{f"clause={text[opening : opening + n]}" for n in (2, 3, 4)},
        *{f"ends={text[max(opening, closing - n) : closing]}" for n in (1, 2)},
        *{f"then={text[closing + 1 : closing + 1 + n]}" for n in (1, 2)},
        f"since={text[max(0, opening - 3) : max(0, opening - 1)]}",
    ]
    return names + _governor(around, head.start)


def _governor(around: _Around, start: int) -> list[str]:
    """Name the last verb before an enumeration, and what stands between them."""
    verbs, cuts = around.sentence.verbs, around.cuts
    at = bisect_left(verbs, (start, -1)) - 1
    if at < 0:
        return ["rule=none"]
    _, end, kind, word = verbs[at]
    gap = around.text[end:start]
    commas = min(2, bisect_left(cuts, start) - bisect_left(cuts, end))
    return [
        f"rule={kind}&{commas}",
        f"rule={word}&{commas}",
        f"rule={kind}&{commas}&{'您' in gap}",
        f"rule={kind}&far{bisect_left(_GAPS, len(gap))}",
        f"rule.next={gap[:2]}&{kind}",
        f"rule.gap={gap[-2:]}&{kind}",
    ]


def _own(sentence: Sentence, mention: Mention, grade: str) -> list[str]:
    term, kind, start, end = mention.term, mention.data_type, mention.start, mention.end
    names = [f"term={term}", f"type={kind}", f"type={kind}&{sentence.section}"]
    for mask, spans in sentence.masks.items():
        for first, last in spans:
            if first <= start and end <= last:
                inside = f"in={mask}"
                names += [
                    inside,
                    f"{inside}&{grade}",
                    f"term={term}&{inside}",
                    f"type={kind}&{inside}",
                ]
                break
    return names


def _verbs(
    clause: tuple[int, int], places: list[tuple[str, list[int]]], mention: Mention, grade: str
) -> list[str]:
    first, last = clause
    names: list[str] = []
    for kind, starts in places:
        near, far, behind = _SIDES[kind, grade]
        before = bisect_left(starts, mention.start)
        if before:
            names += near if starts[before - 1] >= first else far
        after = bisect_left(starts, mention.end)
        if after < len(starts) and starts[after] < last:
            names += behind
    return names


def _neighbours(around: _Around, mention: Mention, grade: str) -> list[str]:
    text, size, start, end = around.text, around.size, mention.start, mention.end
    following, before = text[end : end + 1], text[max(0, start - 1) : start]
    names = [f"next={following}", f"next={following}&{grade}", f"prev={before}&{grade}"]
    names += [f"next={text[end : end + n]}" for n in (2, 3) if end + n <= size]
    names += [f"prev={text[start - n : start]}" for n in (1, 2, 3, 4) if start >= n]
    if around.colon < start:
        names += ["after=colon", f"after=colon&{grade}"]
    if text.find(_INCLUDING, max(0, start - _REACH), start) >= 0:
        names.append("after=including")
    return names


def _bracket(around: _Around, mention: Mention, grade: str) -> list[str]:
    """Name what stands before the bracket that holds a mention, and how the bracket begins."""
    text = around.text
    opening = text.rfind("（", 0, mention.start)
    if opening <= text.rfind("）", 0, mention.start):
        return []
    return [
        "in=brackets",
        f"in=brackets&{grade}",
        *{
            f"bracket={part}"
            for part in (text[max(0, opening - 2) : opening], text[opening + 1 : opening + 3])
        },
        f"bracket.of={around.ends.get(opening)}",
    ]


def _who(who: list[tuple[int, str]], clause: int, mention: Mention, grade: str) -> list[str]:
    """Name the first and the last party before a mention in its clause."""
    first, behind = bisect_left(who, (clause, "")), bisect_left(who, (mention.start, ""))
    if first == behind:
        return ["who=-", f"whom=-&{grade}"]
    return [f"who={who[first][1]}", f"whom={who[behind - 1][1]}&{grade}"]


def _group(around: _Around, mention: Mention) -> list[str]:
    """Tell a group that stands beside one of its members, and a member beside its group."""
    kind = mention.data_type
    names: list[str] = []
    if kind in around.wider:
        names = ["holds", f"holds={kind}"]
        if around.text.startswith(("（", _INCLUDING), mention.end):
            names += ["holds.bracket", f"holds.bracket={kind}"]
    if not around.numbers.keys().isdisjoint(around.sentence.above.get(kind, ())):
        names.append("member")
    return names


def _company(around: _Around, number: int, mention: Mention) -> list[str]:
    """Name the nearest verb before, and the mentions on both sides."""
    mentions, verbs, start = around.sentence.mentions, around.sentence.verbs, mention.start
    names: list[str] = []
    at = bisect_left(verbs, (start, -1)) - 1
    if at >= 0:
        _, end, _, word = verbs[at]
        near = "near" if start - end <= _NEAR_VERB else "far"
        names = [f"verb={word}", f"verb={word}&{near}"]
    if number:
        names.append(_beside("left", mentions[number - 1], start))
    if number + 1 < len(mentions):
        names.append(_beside("right", mentions[number + 1], start))
    same = around.numbers[mention.data_type]
    if len(same) > 1:
        place = bisect_left(same, number)
        if place and same[place - 1] >= number - BESIDE:
            names.append("again=later")
        elif place + 1 < len(same) and same[place + 1] <= number + BESIDE:
            names.append("again=first")
    return names


def _beside(side: str, other: Mention, start: int) -> str:
    gap = abs(other.start - start)
    return f"{side}={other.data_type}&{'near' if gap <= _NEAR_DATA else 'far'}"

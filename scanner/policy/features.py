"""The features by which a mention is judged: words anybody can read (`next=功能`).

Three kinds, because much is shared: those of the sentence, those of the enumeration that a mention
stands in, and its own.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from scanner.policy.found import Mention, Sentence

BESIDE = 40
"""Mentions farther away than this many others say nothing: a bound on hostile sentences."""
_CUT = re.compile("[，；。]")
_WHO = re.compile("我们|我行|我司|您|用户|第三方|sdk|合作|平台")
_WINDOW = 10
_NEAR_VERB = 6
_NEAR_DATA = 12
_TYPES = 5
_KINDS = ("collect", "share", "give", "use", "store")
_GAPS = (1, 4, 10, 25)


@dataclass(slots=True)
class Pools:
    """Sets of features, and for every mention the numbers of its sets; they do not overlap."""

    sets: list[set[str]] = field(default_factory=list)
    uses: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, names: list[str]) -> int:
        """Keep a set and return its number."""
        self.sets.append(set(names))
        return len(self.sets) - 1

    def of(self, number: int) -> set[str]:
        """Return all features of a mention."""
        return set().union(*(self.sets[i] for i in self.uses[number]))


def features(sentence: Sentence) -> Pools:
    """Return the features of every mention, in order."""
    pools = Pools()
    cuts, size = [found.start() for found in _CUT.finditer(sentence.text)], len(sentence.text)
    places = {kind: [start for start, _, k, _ in sentence.verbs if k == kind] for kind in _KINDS}
    who = [(found.start(), found.group()) for found in _WHO.finditer(sentence.text)]
    ends = {mention.end: mention.data_type for mention in sentence.mentions}
    kinds = {mention.data_type for mention in sentence.mentions}
    wider = {above for kind in kinds for above in sentence.above.get(kind, ())}
    whole: dict[str, int] = {}
    chain: dict[str, int] = {}
    first, last = 0, 0
    for number, mention in enumerate(sentence.mentions):
        grade = "weak" if mention.weak else "strong"
        if grade not in whole:
            whole[grade] = pools.add(_sentence(sentence, len(kinds), grade))
        if number >= last:
            first, last = number, number + mention.chain
            chain = {}
        if grade not in chain:
            chain[grade] = pools.add(_chain(sentence, cuts, (first, last), grade))
        clause = _clause(cuts, mention.start, mention.end, size)
        own = _own(sentence, mention, grade)
        own += _verbs(clause, places, mention, grade)
        own += _neighbours(sentence.text, mention, grade)
        own += _bracket(sentence.text, ends, mention, grade)
        own += _who(who, clause[0], mention, grade)
        own += _group(sentence, kinds, wider, mention)
        own += _company(sentence, number)
        pools.uses.append((whole[grade], chain[grade], pools.add(own)))
    return pools


def _clause(cuts: list[int], start: int, end: int, size: int) -> tuple[int, int]:
    """Return where the clause begins that holds a place, and where the one ends."""
    left, right = bisect_left(cuts, start), bisect_left(cuts, end)
    return (cuts[left - 1] + 1 if left else 0), (cuts[right] if right < len(cuts) else size)


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


def _chain(sentence: Sentence, cuts: list[int], span: tuple[int, int], grade: str) -> list[str]:
    """Name the size of an enumeration, the verb that rules it and the clause that holds it."""
    text = sentence.text
    head = sentence.mentions[span[0]]
    start, end = head.start, sentence.mentions[span[1] - 1].end
    size = min(head.chain, 4)
    names = [
        f"chain={size}",
        f"chain={size}&{grade}",
        f"chain.strong={min(head.strong_in_chain, 3)}",
    ]
    opening, closing = _clause(cuts, start, end, len(text))
    names += [f"clause={text[opening : opening + n]}" for n in (2, 3, 4)]
    names += [f"ends={text[max(opening, closing - n) : closing]}" for n in (1, 2)]
    names += [f"then={text[closing + 1 : closing + 1 + n]}" for n in (1, 2)]
    names.append(f"since={text[max(0, opening - 3) : max(0, opening - 1)]}")
    return names + _governor(sentence, cuts, start)


def _governor(sentence: Sentence, cuts: list[int], start: int) -> list[str]:
    """Name the last verb before an enumeration, and what stands between them."""
    at = bisect_left(sentence.verbs, (start, -1)) - 1
    if at < 0:
        return ["rule=none"]
    _, end, kind, word = sentence.verbs[at]
    gap = sentence.text[end:start]
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
    names = [f"term={mention.term}", f"type={mention.data_type}"]
    names.append(f"type={mention.data_type}&{sentence.section}")
    for mask, spans in sentence.masks.items():
        if any(start <= mention.start and mention.end <= end for start, end in spans):
            names += [f"in={mask}", f"in={mask}&{grade}"]
            names += [f"term={mention.term}&in={mask}", f"type={mention.data_type}&in={mask}"]
    return names


def _verbs(
    clause: tuple[int, int], places: dict[str, list[int]], mention: Mention, grade: str
) -> list[str]:
    first, last = clause
    names = []
    for kind, starts in places.items():
        if not starts:
            continue
        before = bisect_left(starts, mention.start)
        if before and starts[before - 1] >= first:
            names += [f"before={kind}", f"before={kind}&{grade}"]
        elif before:
            names += [f"far.before={kind}", f"far.before={kind}&{grade}"]
        after = bisect_left(starts, mention.end)
        if after < len(starts) and starts[after] < last:
            names += [f"after={kind}", f"after={kind}&{grade}"]
    return names


def _neighbours(text: str, mention: Mention, grade: str) -> list[str]:
    start, end = mention.start, mention.end
    names = [
        f"next={text[end : end + 1]}",
        f"next={text[end : end + 1]}&{grade}",
        f"prev={text[max(0, start - 1) : start]}&{grade}",
    ]
    names += [f"left={text[i : i + 2]}" for i in range(max(0, start - _WINDOW), start - 1)]
    names += [f"right={text[i : i + 2]}" for i in range(end, min(len(text), end + 8) - 1)]
    names += [f"next={text[end : end + n]}" for n in (2, 3) if end + n <= len(text)]
    names += [f"prev={text[start - n : start]}" for n in (1, 2, 3, 4) if start >= n]
    if text.rfind("：", 0, start) >= 0:
        names += ["after=colon", f"after=colon&{grade}"]
    if "包括" in text[max(0, start - 40) : start]:
        names.append("after=including")
    return names


def _bracket(text: str, ends: dict[int, str], mention: Mention, grade: str) -> list[str]:
    """Name what stands before the bracket that holds a mention, and how the bracket begins."""
    opening = text.rfind("（", 0, mention.start)
    if opening <= text.rfind("）", 0, mention.start):
        return []
    return [
        "in=brackets",
        f"in=brackets&{grade}",
        f"bracket={text[max(0, opening - 2) : opening]}",
        f"bracket={text[opening + 1 : opening + 3]}",
        f"bracket.of={ends.get(opening)}",
    ]


def _who(who: list[tuple[int, str]], clause: int, mention: Mention, grade: str) -> list[str]:
    """Name the first and the last party before a mention in its clause."""
    first, behind = bisect_left(who, (clause, "")), bisect_left(who, (mention.start, ""))
    if first == behind:
        return ["who=-", f"whom=-&{grade}"]
    return [f"who={who[first][1]}", f"whom={who[behind - 1][1]}&{grade}"]


def _group(sentence: Sentence, kinds: set[str], wider: set[str], mention: Mention) -> list[str]:
    """Tell a group that stands beside one of its members, and a member beside its group."""
    kind, names = mention.data_type, []
    if kind in wider:
        names = ["holds", f"holds={kind}"]
        if sentence.text[mention.end : mention.end + 2].startswith(("（", "包括")):
            names += ["holds.bracket", f"holds.bracket={kind}"]
    if not kinds.isdisjoint(sentence.above.get(kind, ())):
        names.append("member")
    return names


def _company(sentence: Sentence, number: int) -> list[str]:
    """Name the nearest verb before, and the mentions on both sides."""
    mentions = sentence.mentions
    mention = mentions[number]
    names = []
    at = bisect_left(sentence.verbs, (mention.start, -1)) - 1
    if at >= 0:
        last = sentence.verbs[at]
        near = "near" if mention.start - last[1] <= _NEAR_VERB else "far"
        names += [f"verb={last[3]}", f"verb={last[3]}&{near}"]
    for side, other in (("left", number - 1), ("right", number + 1)):
        if 0 <= other < len(mentions):
            gap = abs(mentions[other].start - mention.start)
            names.append(
                f"{side}={mentions[other].data_type}&{'near' if gap <= _NEAR_DATA else 'far'}"
            )
    around = mentions[max(0, number - BESIDE) : number + 1 + BESIDE]
    again = [m for m in around if m.data_type == mention.data_type]
    if len(again) > 1:
        names.append("again=first" if again[0] is mention else "again=later")
    return names

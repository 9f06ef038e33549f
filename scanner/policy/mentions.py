"""Mentions of data in a sentence, and the score of each as data that is handled here.

A mention counts when the weights of its features sum to more than the card's threshold, that is
when its score is above zero. The features are words anybody can read (`next=功能`,
`before=collect`), so every decision can be explained by listing them.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

from scanner.policy.words import Vocabulary

_COMMAS = "，；。"
_WINDOW = 10
_BESIDE = 40
"""Mentions farther away than this many others say nothing: a bound on hostile sentences."""
_NEAR_VERB = 6
_NEAR_DATA = 12
_KINDS = ("collect", "share", "give", "use", "store")


@dataclass(slots=True)
class Mention:
    """A lexicon term in a sentence; offsets in the normalised sentence."""

    start: int
    end: int
    data_type: str
    term: str
    weak: bool
    chain: int = 1
    strong_in_chain: int = 0
    score: int = 0


@dataclass(slots=True)
class Sentence:
    """A normalised sentence with what was found in it."""

    text: str
    section: str = "other"
    lead: str = ""
    kind: str = "paragraph"
    mentions: list[Mention] = field(default_factory=list)
    verbs: list[tuple[int, int, str, str]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    masks: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


def read_sentence(
    text: str, words: Vocabulary, *, section: str = "other", lead: str = "", kind: str = "paragraph"
) -> Sentence:
    """Find mentions, verbs, flags, purpose and condition clauses of a normalised sentence."""
    sentence = Sentence(text, section=section, lead=lead, kind=kind)
    sentence.mentions = [
        Mention(start, end, kind_, term, term in words.weak)
        for start, end, kind_, term in words.terms.find(text)
        if kind_
    ]
    sentence.verbs = words.verbs.find(text)
    if sentence.mentions:
        sentence.flags = [name for name, pattern in words.flags if pattern.search(text)]
        for name, rule in words.masks:
            spans = [found.span() for found in rule.finditer(text)]
            if spans:
                sentence.masks[name] = spans
        _chain(sentence, words)
    return sentence


def score(sentence: Sentence, words: Vocabulary) -> None:
    """Give every mention its score, in hundredths.

    Two looks: the first judges each mention alone, the second also knows what the first said of
    its neighbours, because enumerations stand or fall together.
    """
    card = words.card
    sums = [words.looks.sums(set(own)) for own in features(sentence)]
    first = [told for told, _ in sums]
    for number, mention in enumerate(sentence.mentions):
        told = card.sum(beside(sentence, first, number)) - card.bias
        mention.score = sums[number][1] + told - card.threshold


def beside(sentence: Sentence, first: list[int], number: int) -> set[str]:
    """Return what the first look said of this mention and of the others in the sentence."""
    names = {f"first={_step(first[number])}"}
    if number:
        names.add(f"first.left={_step(first[number - 1])}")
    if number + 1 < len(first):
        names.add(f"first.right={_step(first[number + 1])}")
    others = first[max(0, number - _BESIDE) : number] + first[number + 1 : number + 1 + _BESIDE]
    if others:
        names.add(f"first.most={_step(max(others))}")
        names.add(f"first.mean={_step(sum(others) // len(others))}")
    same = [v for v, i in _alike(sentence, number, first) if i != number]
    if same:
        names.add(f"first.same={_step(max(same))}")
    return names


def _alike(sentence: Sentence, number: int, first: list[int]) -> list[tuple[int, int]]:
    """Return (first score, place) of near mentions of the same type."""
    kind = sentence.mentions[number].data_type
    start = max(0, number - _BESIDE)
    near = sentence.mentions[start : number + 1 + _BESIDE]
    return [(first[start + i], start + i) for i, m in enumerate(near) if m.data_type == kind]


def _step(value: int) -> int:
    return max(-4, min(6, value // 100))


def _chain(sentence: Sentence, words: Vocabulary) -> None:
    """Join mentions that form one enumeration."""
    gap = words.patterns["gap"]
    chain: list[Mention] = []
    for mention in sentence.mentions:
        if chain and gap.fullmatch(sentence.text, chain[-1].end, mention.start):
            chain.append(mention)
            continue
        _close(chain)
        chain = [mention]
    _close(chain)


def _close(chain: list[Mention]) -> None:
    strong = sum(not mention.weak for mention in chain)
    for mention in chain:
        mention.chain, mention.strong_in_chain = len(chain), strong


def features(sentence: Sentence) -> list[list[str]]:
    """Return the feature names of every mention, in order."""
    text = sentence.text
    places = {kind: [start for start, _, k, _ in sentence.verbs if k == kind] for kind in _KINDS}
    flags = sentence.flags
    shared = [
        *flags,
        f"section={sentence.section}",
        f"block={sentence.kind}",
        f"length={min(len(text) // 40, 4)}",
        f"lead={sentence.lead or 'none'}",
    ]
    out = []
    for number, mention in enumerate(sentence.mentions):
        grade = "weak" if mention.weak else "strong"
        names = [*shared, *(f"{flag}&{grade}" for flag in flags)]
        names += _own(mention, grade)
        names += _masks(sentence, mention, grade)
        names += _verbs(text, places, mention, grade)
        names += _neighbours(text, mention, grade)
        names += _company(sentence, number)
        out.append(names)
    return out


def _own(mention: Mention, grade: str) -> list[str]:
    size = min(mention.chain, 4)
    return [
        f"term={mention.term}",
        f"type={mention.data_type}",
        grade,
        f"chain={size}",
        f"chain={size}&{grade}",
        f"chain.strong={min(mention.strong_in_chain, 3)}",
    ]


def _masks(sentence: Sentence, mention: Mention, grade: str) -> list[str]:
    names = []
    for mask, spans in sentence.masks.items():
        if any(start <= mention.start and mention.end <= end for start, end in spans):
            names += [f"in={mask}", f"in={mask}&{grade}"]
    return names


def _verbs(text: str, places: dict[str, list[int]], mention: Mention, grade: str) -> list[str]:
    first = max(text.rfind(mark, 0, mention.start) for mark in _COMMAS) + 1
    ends = [at for at in (text.find(mark, mention.end) for mark in _COMMAS) if at >= 0]
    last = min(ends, default=len(text))
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
    if text.rfind("（", 0, start) > text.rfind("）", 0, start):
        names += ["in=brackets", f"in=brackets&{grade}"]
    if text.rfind("：", 0, start) >= 0:
        names += ["after=colon", f"after=colon&{grade}"]
    if "包括" in text[max(0, start - 40) : start]:
        names.append("after=including")
    return names


def _company(sentence: Sentence, number: int) -> list[str]:
    """Name the nearest verb before, the opening of the clause, and the mentions on both sides."""
    text, mentions = sentence.text, sentence.mentions
    mention = mentions[number]
    names = []
    first = max(text.rfind(mark, 0, mention.start) for mark in _COMMAS) + 1
    names.append(f"clause={text[first : first + 2]}")
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
    around = mentions[max(0, number - _BESIDE) : number + 1 + _BESIDE]
    again = [m for m in around if m.data_type == mention.data_type]
    if len(again) > 1:
        names.append("again=first" if again[0] is mention else "again=later")
    return names

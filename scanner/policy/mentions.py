"""Mentions of data in a sentence, and the score of each: is it data that is handled here?

A mention counts when the weights of its features sum to more than the card's threshold. The
features are words anybody can read (`next=功能`, `verb.before=collect`), so every decision can be
explained by listing them.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

from scanner.policy.words import Vocabulary

_COMMAS = "，；。"
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
    score: float = 0.0
    masked: str = ""


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
    purposes: list[tuple[int, int]] = field(default_factory=list)
    conditions: list[tuple[int, int]] = field(default_factory=list)


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
        sentence.purposes = [m.span() for m in words.patterns["purpose"].finditer(text)]
        sentence.conditions = [m.span() for m in words.patterns["condition"].finditer(text)]
        _chain(sentence, words)
    return sentence


def score(sentence: Sentence, words: Vocabulary) -> None:
    """Give every mention its score."""
    weights = words.card.weights
    for mention, names in zip(sentence.mentions, features(sentence), strict=True):
        mention.score = words.card.bias + sum(weights.get(name, 0.0) for name in names)


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
    for mention in sentence.mentions:
        grade = "weak" if mention.weak else "strong"
        names = [*shared, *(f"{flag}&{grade}" for flag in flags)]
        names += _own(mention, grade)
        names += _masks(sentence, mention, grade)
        names += _verbs(text, places, mention, grade)
        names += _neighbours(text, mention, grade)
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
    for mask, spans in (("purpose", sentence.purposes), ("condition", sentence.conditions)):
        if any(start <= mention.start and mention.end <= end for start, end in spans):
            mention.masked = mask
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
    names += [f"next={text[end : end + n]}" for n in (2, 3) if end + n <= len(text)]
    names += [f"prev={text[start - n : start]}" for n in (1, 2, 3, 4) if start >= n]
    if text.rfind("（", 0, start) > text.rfind("）", 0, start):
        names += ["in=brackets", f"in=brackets&{grade}"]
    if text.rfind("：", 0, start) >= 0:
        names += ["after=colon", f"after=colon&{grade}"]
    if "包括" in text[max(0, start - 40) : start]:
        names.append("after=including")
    return names

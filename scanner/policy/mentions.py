"""Mentions of data in a sentence, and the score of each as data that is handled here.

A mention counts when the weights of its features sum to more than the card's threshold, that is
when its score is above zero. The features (`features.py`) are words anybody can read, so every
decision can be explained by listing them.
"""

from scanner.policy.cards import T
from scanner.policy.features import BESIDE, features
from scanner.policy.found import Mention, Sentence
from scanner.policy.ways import STEP_NAMES, Steps
from scanner.policy.words import Vocabulary

_LOWEST, _HIGHEST = -4, 6
"""Scores are told in hundreds, those beyond these as these."""


def read_sentence(
    text: str, words: Vocabulary, *, section: str = "other", lead: str = "", kind: str = "paragraph"
) -> Sentence:
    """Find mentions, verbs, flags, purpose and condition clauses of a normalised sentence."""
    sentence = Sentence(text, section=section, lead=lead, kind=kind, above=words.above)
    sentence.mentions = [
        Mention(start, end, kind_, term, term in words.weak)
        for start, end, kind_, term in words.terms.find(text)
        if kind_
    ]
    sentence.verbs = words.verbs.find(text)
    if sentence.mentions:
        _read_signs(sentence, words)
        _chain(sentence, words)
    return sentence


def _read_signs(sentence: Sentence, words: Vocabulary) -> None:
    """Find flags and masks: one pass tells which of both are worth looking for."""
    text, masks = sentence.text, words.masks
    for name, rule in words.signs.possible(text):
        if name not in masks:
            if rule.search(text):
                sentence.flags.append(name)
            continue
        spans = [found.span() for found in rule.finditer(text)]
        if spans:
            sentence.masks[name] = spans


def score(sentence: Sentence, words: Vocabulary) -> None:
    """Give every mention its score, in hundredths.

    Two looks: the first judges each mention alone, the second also knows what the first said of
    its neighbours, because enumerations stand or fall together.
    """
    card, looks = words.card, words.looks
    split = looks.cards.split
    both = [split(told) for told in features(sentence, looks.grades)]
    bias = words.first_card.bias
    said = _Said(sentence, [bias + one for one, _ in both])
    base = card.bias - card.threshold
    for number, mention in enumerate(sentence.mentions):
        mention.score = base + both[number][1] + _beside(said, number, looks.steps)


def beside(sentence: Sentence, first: list[int], number: int) -> frozenset[str]:
    """Return the names of what the first look said of this mention and of the others."""
    return frozenset(_beside(_Said(sentence, first), number, STEP_NAMES))


class _Said:
    """What the first look said of the mentions of a sentence: the scores, their steps, by type."""

    __slots__ = ("first", "kinds", "same", "steps")

    def __init__(self, sentence: Sentence, first: list[int]) -> None:
        self.first = first
        self.steps = list(map(_step, first))
        self.kinds = [mention.data_type for mention in sentence.mentions]
        self.same: dict[str, list[int]] = {}
        for number, kind in enumerate(self.kinds):
            self.same.setdefault(kind, []).append(number)


def _beside(said: _Said, number: int, ways: Steps[T]) -> T:
    first, steps = said.first, said.steps
    told = ways.own[steps[number]]
    if len(first) == 1:
        return told
    if number:
        told += ways.left[steps[number - 1]]
    if number + 1 < len(first):
        told += ways.right[steps[number + 1]]
    low, high = max(0, number - BESIDE), number + 1 + BESIDE
    others = first[low:number] + first[number + 1 : high]
    told += ways.most[_step(max(others))] + ways.mean[_step(sum(others) // len(others))]
    same = said.same[said.kinds[number]]
    if len(same) > 1:
        near = [steps[i] for i in same if low <= i < high and i != number]
        told += ways.same[max(near)] if near else ways.none
    return told


def _step(value: int) -> int:
    step = value // 100
    if _LOWEST <= step <= _HIGHEST:
        return step
    return _LOWEST if step < 0 else _HIGHEST


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

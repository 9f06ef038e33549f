"""Does a sentence speak of what is done with data? The second scorecard, on whole sentences.

Mentions are judged as if the sentence were about handling data; this gate judges the sentence:
its section, its verbs and who does them, its opening and its end, and pairs of characters.
"""

from scanner.policy.cards import T
from scanner.policy.found import Mention, Sentence
from scanner.policy.ways import WHOLE_NAMES, Whole
from scanner.policy.words import Vocabulary

_OPENING = 4
_ENDING = 3


def gate_score(sentence: Sentence, kept: list[Mention], words: Vocabulary) -> int:
    """Return the score of a sentence with its kept mentions; above zero it counts."""
    card = words.gate_card
    return card.bias - card.threshold + _features(sentence, kept, words, words.gate)


def gate_features(sentence: Sentence, kept: list[Mention], words: Vocabulary) -> frozenset[str]:
    """Return the feature names of a sentence."""
    return frozenset(_features(sentence, kept, words, WHOLE_NAMES))


def _features(sentence: Sentence, kept: list[Mention], words: Vocabulary, ways: Whole[T]) -> T:
    text, none = sentence.text, ways.none
    return (
        ways.section(sentence.section, none)
        + ways.block(sentence.kind, none)
        + ways.lead(sentence.lead or "none", none)
        + ways.length(str(min(len(text) // 30, 5)), none)
        + ways.kept(str(min(len(kept), 4)), none)
        + ways.best(str(min(4, max([m.score for m in kept]) // 100)), none)
        + ways.open(text[:_OPENING], none)
        + ways.end(text[-_ENDING:], none)
        + ways.flags(sentence.flags)
        + ways.cues(words.cues.named(text))
        + ways.types({m.data_type for m in kept})
        + ways.pairs(text)
        + _verbs(sentence, ways)
    )


def _verbs(sentence: Sentence, ways: Whole[T]) -> T:
    """Tell the verbs, each with the character behind it and with the two before it."""
    text = sentence.text
    if not sentence.verbs:
        return ways.no_verb[bool(sentence.lead)]
    behind = {f"{word}+{text[end : end + 1]}" for _, end, _, word in sentence.verbs}
    before = {f"{text[max(0, start - 2) : start]}+{word}" for start, _, _, word in sentence.verbs}
    kinds = {kind for _, _, kind, _ in sentence.verbs}
    return ways.verbs(sentence.section)(kinds) + ways.names(behind | before)

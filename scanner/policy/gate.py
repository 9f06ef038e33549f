"""Does a sentence speak of what is done with data? The second scorecard, on whole sentences.

Mentions are judged as if the sentence were about handling data; this gate judges the sentence:
its section, its verbs and who does them, its opening and its end, and pairs of characters.
"""

from operator import add

from scanner.policy.found import Mention, Sentence
from scanner.policy.words import Vocabulary

_OPENING = 4
_ENDING = 3


def gate_score(sentence: Sentence, kept: list[Mention], words: Vocabulary) -> int:
    """Return the score of a sentence with its kept mentions; above zero it counts."""
    card = words.gate_card
    return card.sum(gate_features(sentence, kept, words)) - card.threshold


def gate_features(sentence: Sentence, kept: list[Mention], words: Vocabulary) -> set[str]:
    """Return the feature names of a sentence."""
    text = sentence.text
    names = {
        f"section={sentence.section}",
        f"block={sentence.kind}",
        f"lead={sentence.lead or 'none'}",
        f"length={min(len(text) // 30, 5)}",
        f"kept={min(len(kept), 4)}",
        f"best={min(4, max([m.score for m in kept]) // 100)}",
        f"open={text[:_OPENING]}",
        f"end={text[-_ENDING:]}",
        *sentence.flags,
        *words.cues.named(text),
        *[f"type={m.data_type}" for m in kept],
    }
    kinds = {kind for _, _, kind, _ in sentence.verbs}
    names.update(f"verb={kind}" for kind in kinds)
    names.update(f"verb={kind}&section={sentence.section}" for kind in kinds)
    for start, end, _, word in sentence.verbs:
        names.add(f"{word}+{text[end : end + 1]}")
        names.add(f"{text[max(0, start - 2) : start]}+{word}")
    names.update(map(add, text, text[1:]))
    if not kinds:
        names.add(f"verb=none&lead={bool(sentence.lead)}")
    return names

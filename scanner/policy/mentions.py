"""Mentions of data in a sentence, and the score of each as data that is handled here.

A mention counts when the weights of its features sum to more than the card's threshold, that is
when its score is above zero. The features (`features.py`) are words anybody can read, so every
decision can be explained by listing them.
"""

from scanner.policy.features import BESIDE, features
from scanner.policy.found import Mention, Sentence
from scanner.policy.words import Vocabulary


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
        sentence.flags = words.flags.named(text)
        for name, rule in words.masks.possible(text):
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
    card, looks = words.card, words.looks
    both = [looks.split(sum(told)) for told in features(sentence, looks.packed, looks.beside)]
    first = [words.first_card.bias + one for one, _ in both]
    for number, mention in enumerate(sentence.mentions):
        near = card.sum(beside(sentence, first, number)) - card.threshold
        mention.score = near + both[number][1]


def beside(sentence: Sentence, first: list[int], number: int) -> set[str]:
    """Return what the first look said of this mention and of the others in the sentence."""
    names = {f"first={_step(first[number])}"}
    if number:
        names.add(f"first.left={_step(first[number - 1])}")
    if number + 1 < len(first):
        names.add(f"first.right={_step(first[number + 1])}")
    others = first[max(0, number - BESIDE) : number] + first[number + 1 : number + 1 + BESIDE]
    if others:
        names.add(f"first.most={_step(max(others))}")
        names.add(f"first.mean={_step(sum(others) // len(others))}")
    kind = sentence.mentions[number].data_type
    start = max(0, number - BESIDE)
    near = enumerate(sentence.mentions[start : number + 1 + BESIDE], start)
    same = [first[i] for i, m in near if m.data_type == kind and i != number]
    if same:
        names.add(f"first.same={_step(max(same))}")
    return names


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

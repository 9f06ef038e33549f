"""Words that name data elsewhere and, for what stands around them, name none here."""

from collections.abc import Iterable

from scanner.policy.found import Mention, Sentence
from scanner.policy.words import Vocabulary

_APART = ("”", "」", "】", "（而", "（并")


def of_data(mentions: Iterable[Mention], sentence: Sentence, words: Vocabulary) -> list[Mention]:
    """Return the mentions that are left when those are gone that only seem to be data.

    Gone are words in the name of a tool in use ("we integrate the X video SDK") or of a service
    ("Video"), in a bracket that says what is not meant, the phone in a list of permissions
    ("camera, phone and location permissions") or as a means of notice, the receiver of a parcel
    beside name and address, where the sentence tells of no order, and words that only say where
    or with whom the data behind them is.
    """
    text, rules = sentence.text, words.patterns
    names = [m.span() for m in rules["tool"].finditer(text)] if "sdk" in text else []
    if any(sign in text for sign in _APART):
        names += [m.span() for m in rules["apart"].finditer(text)]

    def seems(mention: Mention) -> bool:
        if any(a <= mention.start and mention.end <= b for a, b in names):
            return True
        if rules["touched"].match(text, mention.start):
            return True
        if not mention.weak:
            return False
        if rules["consignee"].match(text, mention.start):
            return not rules["ordered"].search(text)
        return bool(rules["asked"].match(text, mention.start))

    return [mention for mention in mentions if not seems(mention)]

"""Forms of English words: plurals, spellings, verb forms. Tables hold base forms only."""

import re
from collections.abc import Iterable, Iterator, Sequence

_HEAD_END = re.compile(r" (?:of|to|from|for|about|with|in|on|you|your|that|at|and) ")
"""The head of "date of birth" stands before these words."""
_ASKED = re.compile(r"(?:what|which|where|when|whether|who|whom|how) ")
"""A question has no plural."""
_UNCOUNTED = (
    "information",
    "data",
    "details",
    "history",
    "activity",
    "content",
    "education",
    "employment",
    "health",
    "biometrics",
    "diagnostics",
    "correspondence",
    "feedback",
    "s",
)
_SAME = (
    (" your ", (" the ", " their ", " a ")),
    (" you ", (" that you ", " which you ", " you have ", " users ")),
)
"""What may stand for an owner and before a relative clause."""
_SIBILANT = ("ss", "sh", "ch", "x", "z")
_VOWELS = "aeiou"
_SHORT = 3


def plural(word: str) -> str:
    """Return the regular plural of a noun."""
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(_SIBILANT) else "s")


Spelling = tuple[str, re.Pattern[str], str]


def spelling_pairs(pairs: Iterable[Sequence[str]]) -> list[Spelling]:
    """Compile pairs of spellings, each in both directions."""
    both = [(a, b) for one, two in pairs for a, b in ((one, two), (two, one))]
    return [(a, re.compile(rf"(?<![\w-]){re.escape(a)}(?![a-z-])"), b) for a, b in both]


def term_forms(term: str, spellings: Iterable[Spelling]) -> Iterator[str]:
    """Yield a term of the lexicon in every spelling, singular as given and plural."""
    for spelt in _spelt(term, spellings):
        yield spelt
        if _ASKED.match(spelt):
            continue
        cut = _HEAD_END.search(spelt)
        head, rest = (spelt[: cut.start()], spelt[cut.start() :]) if cut else (spelt, "")
        if len(head) > _SHORT - 1 and (head.endswith("ss") or not head.endswith(_UNCOUNTED)):
            before, blank, last = head.rpartition(" ")
            yield before + blank + plural(last) + rest


def _spelt(term: str, spellings: Iterable[Spelling]) -> list[str]:
    found = [term]
    for here, pattern, there in spellings:
        if here in term:
            found += [s for t in found if (s := pattern.sub(there, t)) not in found]
    for here, others in _SAME:
        if here in term:
            found += [t.replace(here, there) for t in found for there in others]
    return found


def verb_forms(base: str, irregular: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield base, third person, past and participles; only the first word of a phrase changes."""
    verb, blank, rest = base.partition(" ")
    for form in _inflected(verb, irregular.get(verb)):
        yield form + blank + rest


def _inflected(verb: str, irregular: tuple[str, ...] | None) -> Iterator[str]:
    yield verb
    if verb == "be":
        yield from irregular or ()
        return
    yield verb + "es" if verb.endswith("o") else plural(verb)
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    yield stem + "ing"
    if irregular:
        yield from irregular
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        yield verb[:-1] + "ied"
    else:
        yield stem + "ed"

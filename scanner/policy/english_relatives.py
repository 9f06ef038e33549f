"""Data named by what the user does: "the pages you view", "what you type"."""

import re
from collections.abc import Iterator

from scanner.policy.english_forms import verb_forms
from scanner.policy.english_terms import EnglishTable, Found

_PERSON = (
    r"(?:users?|customers?|players?|members?|people|child(?:ren)?|kids?|pupils?|students?|drivers?"
    r"|riders?|passengers?|patients?|guests?|visitors?|employees?|travellers?|viewers?|readers?)"
)
_WHO = re.compile(
    r" (?:(?:that|which) )?(?:you|you'(?:ve|re|d|ll)|they|he or she"
    rf"|(?:(?:the|a|your|each|our) )?{_PERSON}) "
    r"(?:(?:have|had|has|also|may|can|could|might|will|are|were|is|was|be|being|been|do|did|just"
    r"|recently|already|currently|usually|often|last|first|choose to|chose to|decide to|want to"
    r"|would like to|wish to|ask us to|ever|actually|yourself|normally|typically|then) ){0,3}"
)
_BEFORE = re.compile(r"(?:[a-z-]+ )?[a-z-]+\Z")
_BEHIND = re.compile(r"[a-z]+(?: [a-z]+){0,4}")
_LONGEST = 40
_PAST = re.compile(
    r"\b([a-z]{3,12}) ([a-z]{2,9}(?:ed|en|wn|ght|ut|id|ad|pt|nt|ld))\b"
    r"(?! (?:your|the|our|us|you|an?|by (?!you|users|the user|your|members|customers|pupils))\b)"
)
"""A noun with a participle: "the songs played", "text typed into the box"."""
_LOOSE = frozenset({"usage_info", "email_content"})
_ASKING = frozenset({"what", "who", "whom", "how", "when", "where", "which", "whether"})
_TIME = re.compile(r"\b(?:when|time)\Z")
_KNOWN = re.compile(
    r"\b(?:records?|notes?|logs?|knows?|sees?|tracks?|learns?|remembers?|saves?|stores?|keeps?|shows?"
    r"|tells? us|notices?|of|about|and|how|where|what|how often|who) (?:also |just )?"
    r"(?:when|every time|each time|the last time|what time)\Z"
)


class EnglishRelatives:
    """Nouns and verbs of the table, looked up around a relative pronoun."""

    def __init__(self, rules: EnglishTable) -> None:
        """Index the nouns, or question words, each with the verb forms that make data of it."""
        self._phrases = [(p.need, re.compile(p.pattern), p.data_type) for p in rules.phrases]
        self._kinds: dict[str, list[tuple[frozenset[str], str]]] = {}
        for kind in rules.relatives:
            verbs = frozenset(f for v in kind.verbs for f in verb_forms(v, rules.irregular))
            for noun in kind.nouns:
                self._kinds.setdefault(noun, []).append((verbs, kind.data_type))

    def find(self, text: str) -> list[Found]:
        """Return what the relative clauses and phrases of a sentence name, in order of place."""
        phrases = [
            Found(m.start(m.lastindex or 0), m.end(m.lastindex or 0), data_type, weak=False)
            for need, pattern, data_type in self._phrases
            if need in text
            for m in pattern.finditer(text)
        ]
        clauses = [
            c
            for c in self._clauses(text)
            if not any(p.start < c.end and c.start < p.end for p in phrases)
        ]
        return sorted([*phrases, *clauses])

    def _clauses(self, text: str) -> Iterator[Found]:
        for who in _WHO.finditer(text):
            before = _BEFORE.search(text, max(0, who.start() - _LONGEST), who.start())
            behind = _BEHIND.match(text, who.end(), who.end() + _LONGEST)
            if before and behind and not _when(text, before):
                yield from self._named(before, behind)
        for past in _PAST.finditer(text):
            noun, verb = past.groups()
            for verbs, data_type in self._kinds.get(noun, ()):
                if verb in verbs and data_type not in _LOOSE and noun not in _ASKING:
                    yield Found(past.start(), past.end(), data_type, weak=True)
                    break

    def _named(self, before: re.Match[str], behind: re.Match[str]) -> Iterator[Found]:
        words = behind.group().split(" ")
        nouns = (before.group(), before.group().rpartition(" ")[2])
        for size in range(len(words), 0, -1):
            verb = " ".join(words[:size])
            for noun in nouns:
                for verbs, data_type in self._kinds.get(noun, ()):
                    if verb in verbs:
                        end = behind.start() + len(verb)
                        yield Found(before.end() - len(noun), end, data_type, weak=False)
                        return


def _when(text: str, before: re.Match[str]) -> bool:
    """Tell a "when" that only gives the time of something: no verb of knowing stands before it."""
    if not _TIME.search(before.group()):
        return False
    head = text[max(0, before.start() - _LONGEST) : before.end()]
    return not _KNOWN.search(head)

"""Data named by what the user does with it: "the pages you view", "books that you borrowed"."""

import re
from collections.abc import Iterator

from scanner.policy.english_forms import verb_forms
from scanner.policy.english_terms import EnglishTable, Found

_WHO = re.compile(r" (?:(?:that|which) )?(?:you|users|customers|they) (?:have |had |also |may )?")
_BEFORE = re.compile(r"(?:[a-z-]+ )?[a-z-]+\Z")
_BEHIND = re.compile(r"[a-z]+(?: [a-z]+){0,4}")
_LONGEST = 40


class EnglishRelatives:
    """Nouns and verbs of the table, looked up around a relative pronoun."""

    def __init__(self, rules: EnglishTable) -> None:
        """Index the nouns, each with the verb forms that make a kind of data of it."""
        self._kinds: dict[str, list[tuple[frozenset[str], str]]] = {}
        for kind in rules.relatives:
            verbs = frozenset(f for v in kind.verbs for f in verb_forms(v, rules.irregular))
            for noun in kind.nouns:
                self._kinds.setdefault(noun, []).append((verbs, kind.data_type))

    def find(self, text: str) -> Iterator[Found]:
        """Yield what the relative clauses of a sentence name, in order of place."""
        for who in _WHO.finditer(text):
            before = _BEFORE.search(text, max(0, who.start() - _LONGEST), who.start())
            behind = _BEHIND.match(text, who.end(), who.end() + _LONGEST)
            if before and behind:
                yield from self._named(before, behind)

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

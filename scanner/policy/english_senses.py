"""Words of the lexicon in another sense: "by e-mail", "legitimate interests"."""

import re
from collections.abc import Iterable

_GROUPS = re.compile(r"\\.|\[[^\]]*\]\??|-\?|[?+*]|\{[\d,]*\}")
_LEAST = 3
_WORDS = re.compile(r"[a-z]{3,}")
_FUNCTION = frozenset(
    re.findall(
        "[a-z]+",
        "you your the and how what where when which who whom are was were has have had that this "
        "for with from our their his her whether not but any all",
    )
)
"""Words that a data word may hold and that say nothing about its sense."""


class EnglishSenses:
    """Patterns around words. A pattern is tried only where one of its own words is a data word."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Compile, and note the words each pattern spells out."""
        self._own: dict[str, list[tuple[str, int]]] = {}
        self._senses = [re.compile(p) for p in patterns]
        for number, pattern in enumerate(self._senses):
            for word in _spelt_out(pattern.pattern):
                self._own.setdefault(word[:_LEAST], []).append((word, number))
        self._known: dict[str, tuple[re.Pattern[str], ...]] = {}

    def spans(self, text: str, words: Iterable[str]) -> list[tuple[int, int]]:
        """Return where the data words of a text may mean something else."""
        senses = {sense: None for word in words for sense in self._of(word)}
        return [m.span() for sense in senses for m in sense.finditer(text)]

    def _of(self, word: str) -> tuple[re.Pattern[str], ...]:
        found = self._known.get(word)
        if found is None:
            parts = {*_WORDS.findall(word), *_WORDS.findall(word.replace("-", ""))} - _FUNCTION
            numbers = {
                number
                for part in parts
                for own, number in self._own.get(part[:_LEAST], ())
                if part.startswith(own) or own.startswith(part)
            }
            found = self._known[word] = tuple(self._senses[n] for n in sorted(numbers))
        return found


def _spelt_out(pattern: str) -> set[str]:
    """Return the words of a pattern: "e-?mails?" is read as "emails"."""
    return set(_WORDS.findall(_GROUPS.sub(lambda m: " " if m.group()[0] in "\\[" else "", pattern)))

"""Words of the lexicon in another sense: "by e-mail", "legitimate interests"."""

import re
from collections.abc import Iterable

_GROUPS = re.compile(r"\\.|\[[^\]]*\]\??|-\?|[?+*]|\{[\d,]*\}")
_WORDS = re.compile(r"[a-z]{3,}")


class EnglishSenses:
    """Patterns around words. A pattern is tried only where one of its own words is a data word."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Compile, and note the words each pattern spells out."""
        self._senses = [(re.compile(p), frozenset(_spelt_out(p))) for p in patterns]
        self._known: dict[str, tuple[re.Pattern[str], ...]] = {}

    def spans(self, text: str, words: Iterable[str]) -> list[tuple[int, int]]:
        """Return where the data words of a text may mean something else."""
        senses = {sense: None for word in words for sense in self._of(word)}
        return [m.span() for sense in senses for m in sense.finditer(text)]

    def _of(self, word: str) -> tuple[re.Pattern[str], ...]:
        found = self._known.get(word)
        if found is None:
            parts = {*_WORDS.findall(word), *_WORDS.findall(word.replace("-", ""))}
            found = self._known[word] = tuple(
                sense
                for sense, own in self._senses
                if any(p.startswith(o) or o.startswith(p) for p in parts for o in own)
            )
        return found


def _spelt_out(pattern: str) -> list[str]:
    """Return the words of a pattern: "e-?mails?" is read as "emails"."""
    return _WORDS.findall(_GROUPS.sub(lambda m: " " if m.group()[0] in "\\[" else "", pattern))

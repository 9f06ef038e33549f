"""Traditional characters and radicals in simplified ones, one for one: every offset stays."""

import re
import unicodedata

from profiles.load import table
from scanner.model.base import Doc
from scanner.policy.normal import han_characters
from scanner.policy.words import Vocabulary

_LOOK = 20_000
"""Characters by which the script of a document is judged."""
_HUNDRED = 100
_RADICALS = re.compile("[\u2e80-\u2fd5\uf900-\ufaff]")
"""Radicals and compatibility characters, which look like Han characters and are none."""


class TraditionalTable(Doc):
    """`tables/policy_traditional.yaml`: characters, and words of equal length."""

    checked: str
    source: tuple[str, ...]
    least: int
    traditional: tuple[str, ...]
    simplified: tuple[str, ...]
    words: dict[str, str]
    radicals: dict[str, str]


class Simplifier:
    """Writes a traditional text in simplified characters, and radicals as what they look like."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        rules = table(words.know, "policy_traditional", TraditionalTable)
        pairs = zip("".join(rules.traditional), "".join(rules.simplified), strict=True)
        self._characters = {ord(a): b for a, b in pairs}
        self._any = re.compile(f"[{''.join(rules.traditional)}]")
        self._words = {a: b for a, b in rules.words.items() if len(a) == len(b)}
        self._pattern = re.compile("|".join(sorted(self._words, key=len, reverse=True)))
        self._least = rules.least
        self._radicals = rules.radicals

    def __call__(self, text: str) -> str:
        """Return a text of the same length in which the simplified lexicon finds its words."""
        text = _RADICALS.sub(self._radical, text)
        if not self.traditional(text):
            return text
        return self._pattern.sub(self._word, text).translate(self._characters)

    def traditional(self, text: str) -> bool:
        """Tell whether a text is written in traditional characters."""
        begin = text[:_LOOK]
        han = han_characters(begin)
        changed = len(self._any.findall(begin))
        return bool(han) and changed * _HUNDRED >= self._least * han

    def _radical(self, found: re.Match[str]) -> str:
        """Return the character that a radical looks like (texts out of PDF are full of them)."""
        sign = found.group()
        plain = self._radicals.get(sign) or unicodedata.normalize("NFKC", sign)
        return plain if len(plain) == 1 else sign

    def _word(self, found: re.Match[str]) -> str:
        return self._words[found.group()]

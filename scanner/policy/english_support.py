"""Which data words of an English clause count: weak ones need something that backs them."""

import re
from collections.abc import Sequence

from scanner.policy.english_terms import EnglishTable, Found, side_by_side
from scanner.policy.english_verbs import EnglishVerbs, Verb

_BEFORE = 60
_HANDLED = frozenset({"collect", "share", "give", "store"})
"""A word that opens its clause counts when one of these rules it, not when it is a tool."""


class EnglishSupport:
    """Looks at what surrounds a weak word: a neighbour, an owner, a verb, a label."""

    def __init__(self, rules: EnglishTable, verbs: EnglishVerbs) -> None:
        """Compile the patterns."""
        self._verbs = verbs
        self._masks = [re.compile(rules.condition), re.compile(rules.purpose)]
        self._beside = re.compile(rules.beside)
        self._direct = re.compile(rules.direct)
        self._article = re.compile(rules.article)
        self._opening = re.compile(rules.opening)

    def counted(
        self, text: str, found: Sequence[Found], verbs: Sequence[Verb], *, led: bool
    ) -> list[Found]:
        """Return the data words that count. `led`: the clause is an item of a list of data."""
        masks = [
            (start, end)
            for mask in self._masks
            for start, end in (m.span() for m in mask.finditer(text))
            if not any(v.start < start < v.end for v in verbs)
        ]
        return [
            f
            for i, f in enumerate(found)
            if not f.weak
            or (
                not any(a <= f.start and f.end <= b for a, b in masks)
                and self._backed(text, found, i, verbs, led=led)
            )
        ]

    def _backed(
        self, text: str, found: Sequence[Found], index: int, verbs: Sequence[Verb], *, led: bool
    ) -> bool:
        data = found[index]
        before, after = text[: data.start], text[data.end : data.end + 2]
        if after == "'s":
            return False
        if self._opening.match(before) and (
            led or after == ": " or self._handled(text, data, verbs)
        ):
            return True
        near = [found[i] for i in (index - 1, index + 1) if 0 <= i < len(found)]
        if any(side_by_side(text, data, other, self._beside) for other in near):
            return True
        if self._direct.search(before[-_BEFORE:]):
            return True
        ruled = [v for v in verbs if v.end <= data.start and v.kind != "none"]
        return bool(ruled and self._article.match(text[ruled[-1].end : data.start]))

    def _handled(self, text: str, data: Found, verbs: Sequence[Verb]) -> bool:
        verb = self._verbs.ruling(text, verbs, data)
        return verb is not None and verb.kind in _HANDLED

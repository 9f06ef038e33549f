"""Whose a verb is: the subject in its clause, or in an earlier one."""

import re
from itertools import pairwise

from scanner.policy.grammar import Grammar, Party
from scanner.policy.rulings import Facts

_CLAUSE = re.compile(r"[^，；。]+")
_NEAR = 4
_BESIDE = 24
_PATTERNS = ("to_us", "named", "beside_us", "as_user", "when")
"""The patterns of the clause table by which subjects are told."""


class Subjects:
    """Reads subjects by the clause table."""

    def __init__(self, grammar: Grammar) -> None:
        """Compile the patterns."""
        rules = grammar.rules
        self._grammar = grammar
        self._says = {name: re.compile(getattr(rules, name)) for name in _PATTERNS}
        self._asked_to = re.compile(f"(?:{rules.asked_to})\\Z")
        self._beside_own = re.compile(f"(?:{rules.beside_own})\\Z")

    def of(self, facts: Facts, verb: int, start: int) -> str:
        """Return the class of the subject of a verb: in its clause, else in an earlier one."""
        text = facts.sentence.text
        inside = self.inside(facts, start, verb)
        if inside and not self._asked(text, inside):
            return self._doer(text, inside)
        before = [
            p
            for p in facts.subjects
            if p.start < start
            and not any(a <= p.start < b for a, b in facts.masks)
            and not self._only_when(text, p)
        ]
        if not before or self._says["named"].match(text, start, verb):
            return ""
        clause = max(text.rfind(mark, 0, before[-1].start) for mark in "，；。")
        if self._says["to_us"].search(text, clause + 1, start):
            return ""
        return next(p.kind for p in before if p.start > clause)

    def inside(self, facts: Facts, start: int, verb: int) -> list[Party]:
        """Return the subjects between the start of a clause and its verb or its put object."""
        put = self._grammar.put(facts.sentence.text, start, verb)
        limit = put if put >= 0 else verb
        return _unbracketed(
            facts.sentence.text, [p for p in facts.subjects if start <= p.start < limit], limit
        )

    def _asked(self, text: str, inside: list[Party]) -> bool:
        """Tell the user as whom somebody named before asks for data: "and demands that you"."""
        first = inside[0]
        return (
            len(inside) == 1
            and first.kind == "user"
            and bool(self._asked_to.search(text, max(0, first.start - _NEAR), first.start))
        )

    def _only_when(self, text: str, party: Party) -> bool:
        """Tell a party named in a clause that only tells when, or what it does as a user."""
        found = _CLAUSE.match(text, party.end)
        end = found.end() if found else party.end
        if party.kind == "third_party" and self._says["as_user"].match(text, party.end, end):
            return True
        first = max(text.rfind(mark, 0, party.start) for mark in "，；。") + 1
        return bool(self._says["when"].match(text, first, end))

    def _doer(self, text: str, inside: list[Party]) -> str:
        """Return the class of the last subject, but of us when it only stands beside us."""
        last = inside[-1]
        if last.kind == "user":
            return inside[0].kind
        opening = max(0, last.start - _BESIDE)
        if last.kind == "affiliate" and self._beside_own.search(text, opening, last.start):
            return "app"
        for first, other in pairwise(inside):
            if first.kind == "app" and self._says["beside_us"].fullmatch(
                text[first.end : other.start]
            ):
                return "app"
        return last.kind


def _unbracketed(text: str, inside: list[Party], verb: int) -> list[Party]:
    """Leave out who acts in a bracket that is shut before the verb, where we act outside it."""
    if not inside or "）" not in text[inside[0].end : verb]:
        return inside
    outside = [p for p in inside if text.find("）", p.end, verb) < 0 or not _opened(text, p)]
    return outside if any(p.kind == "app" for p in outside) else inside


def _opened(text: str, party: Party) -> bool:
    return text.rfind("（", 0, party.start) > text.rfind("）", 0, party.start)

"""Who acts in an English clause: the app, or a third party."""

import re

from scanner.policy.english_terms import EnglishTable
from scanner.policy.resolve import Resolver

_NEAR = 90
_PAIR = 12
"""In "we or our partners" so little stands between the two that both are meant."""
_BY = re.compile(r"\W{1,2}(?:\w+ )?by (?:our |the |a |an |your |another )?")


class EnglishActors:
    """Patterns of the English table that name parties."""

    def __init__(self, rules: EnglishTable, resolver: Resolver) -> None:
        """Compile them; `resolver` knows the names of SDKs."""
        self._resolver = resolver
        self._we = re.compile(rules.we)
        self._third = re.compile(rules.third)
        self._not_subject = re.compile(rules.not_subject)
        self._lets = re.compile(rules.lets)

    def of_passive(self, after: str) -> str:
        """Return the actor of "is collected", knowing what follows the verb."""
        by = _BY.match(after)
        party = self._third.match(after, by.end()) if by else None
        return self._named(party) if party else "app"

    def _named(self, party: re.Match[str]) -> str:
        """Return the SDK that a party's whole name stands for, or `third_party`."""
        return self._resolver.exactly(party.group()) or "third_party"

    def of_active(self, before: str) -> str:
        """Return the actor of a verb, knowing what stands before it in its clause."""
        near = before[-_NEAR:]
        last, let = None, False
        for party in self._third.finditer(near):
            head = near[: party.start()]
            allowed = bool(self._lets.search(head))
            if allowed or not self._not_subject.search(head):
                last, let = party, allowed
        if last is None or self._ours(near, last.end(), len(near)):
            return "app"
        ours = self._ours(near, 0, last.start())
        both = ours and not let and last.start() - ours[-1] < _PAIR
        return "app" if both else self._named(last)

    def _ours(self, near: str, start: int, end: int) -> list[int]:
        """Return where the app stands as a subject: not "in our games"."""
        found = self._we.finditer(near, start, end)
        return [m.end() for m in found if not self._not_subject.search(near[start : m.start()])]

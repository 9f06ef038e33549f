"""Lists of what is not done: "we collect none of the following", or a heading that says so."""

import re

from profiles.load import table
from scanner.model.policy import Action
from scanner.policy.found import Sentence
from scanner.policy.idle import IdleTable
from scanner.policy.negation import Negation
from scanner.policy.normal import Normal
from scanner.policy.reader import Line
from scanner.policy.words import Vocabulary


class DeniedLists:
    """Tells items of such lists."""

    def __init__(self, words: Vocabulary, negation: Negation) -> None:
        """Compile the patterns; `negation` finds what a lead-in denies."""
        rules = table(words.know, "policy_idle", IdleTable)
        self._denying = re.compile(rules.denying)
        self._listing = re.compile(rules.listing)
        self._crossed = re.compile(rules.crossed)
        self._negation = negation
        self._headings: dict[str, bool] = {}
        self._leader: tuple[Sentence, Action | None] | None = None

    def denied(self, line: Line) -> Action | None:
        """Return what is denied of an item that names data and says nothing of it by itself."""
        sentence = line.sentence
        if self._crossed.match(sentence.text):
            return "collect"
        if sentence.verbs or sentence.kind == "heading":
            return None
        leader = sentence.led_by
        if leader is not None:
            return self._of_leader(leader)
        return "collect" if any(map(self._of_heading, line.block.path[-1:])) else None

    def _of_leader(self, leader: Sentence) -> Action | None:
        if self._leader is None or self._leader[0] is not leader:
            self._leader = leader, self._told(leader)
        return self._leader[1]

    def _told(self, leader: Sentence) -> Action | None:
        """Return what a lead-in denies of its items; cases that bound a denial are no items."""
        text = leader.text
        listed = self._listing.search(text)
        spans = self._negation.denied(text)
        if not listed or not spans or spans[-1][1] < listed.start():
            return None
        if self._negation.polarity(text, spans, *spans[-1]) != "negative":
            return None
        first = spans[-1][0]
        gathers = any(kind == "collect" for start, _, kind, _ in leader.verbs if start >= first)
        return "collect" if gathers else "share"

    def _of_heading(self, heading: str) -> bool:
        found = self._headings.get(heading)
        if found is None:
            text = Normal(heading).text.strip()
            found = self._headings[heading] = bool(self._denying.search(text))
        return found

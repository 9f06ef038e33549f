"""Clauses that state no practice although they name data: suppositions, reasons, labels."""

import re

from scanner.policy.found import Mention, Sentence
from scanner.policy.grammar import ClauseTable
from scanner.policy.words import Vocabulary


class Idle:
    """Tells clauses and sentences that declare nothing."""

    def __init__(self, rules: ClauseTable, words: Vocabulary) -> None:
        """Compile the patterns."""
        self._silent, self._limited = words.silent, words.limited
        self._nothing = re.compile(rules.nothing)
        self._supposed = re.compile(rules.supposed)
        self._occasion = re.compile(rules.occasion)
        self._practice = re.compile(rules.practice)
        self._label = re.compile(rules.label)
        self._bare = re.compile(rules.bare)
        self._title = re.compile(rules.title)
        self._advice = re.compile(rules.advice)

    def sentence(self, sentence: Sentence) -> bool:
        """Tell a sentence that warns of what the user publishes, or a heading that announces."""
        if sentence.kind == "heading" and self._title.match(sentence.text):
            return True
        return bool(self._advice.search(sentence.text))

    def clause(self, clause: str, here: list[Mention], start: int, *, positive: bool) -> bool:
        """Tell a clause that states nothing of its mentions, which are offsets from `start`.

        What stands before a colon, or in brackets behind the data, is another matter; and in
        "such as user names" nothing is supposed.
        """
        if self._label.match(clause) or (_alone(here) and self._bare.match(clause)):
            return True
        first = here[0].start - start if here else 0
        opening = clause.rfind("：", 0, first) + 1
        closing = clause.find("（", here[-1].end - start) if here else -1
        said = clause[opening : closing if closing >= 0 else len(clause)]
        if self._nothing.search(said):
            return True
        if positive and (self._silent.search(said) or self._limited.search(said)):
            return True
        return self._occurs(said, first - opening if here else len(said))

    def _occurs(self, said: str, first: int) -> bool:
        """Tell a clause that only tells when, or supposes something of the user."""
        found = self._supposed.search(said)
        supposed = found and found.end() < first
        return bool(supposed or self._occasion.search(said)) and not self._practice.search(said)


def _alone(here: list[Mention]) -> bool:
    return len({m.data_type for m in here}) == 1

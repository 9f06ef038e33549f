"""Clauses that state no practice although they name data: suppositions, reasons, definitions."""

import re
from collections.abc import Iterable, Iterator

from profiles.load import table
from scanner.model.base import Doc
from scanner.policy.found import Mention, Sentence
from scanner.policy.prefilter import Prefilter
from scanner.policy.words import Vocabulary

_MARK = re.compile(r"(?:[•·●▪-]|[（(]?[0-9a-z一二三四五六七八九十]{1,2}[)）.、．])\s?")
"""The number or the bullet before a clause."""
_SIGN = re.compile(r"\\.|\[[^]]*\]|[()|]")
"""What may divide a pattern, and what only seems to: escaped, or in a class."""
_RIGHTS = "rights"
_EXAMPLES = ("包括", "如", "例如", "比如")
_MARKS_OFF = "，；。"
_LEAD = 90
"""The end of a lead-in, where it says what its list holds."""
_DEFINED = "definitions"
_DEFINING = (_DEFINED, "contact")
"""Definitions often stand at the end, below the heading that says how to reach the operator."""


class IdleGroup(Doc):
    """Patterns of one kind, and what they find."""

    what: str
    patterns: tuple[str, ...]


class IdleTable(Doc):
    """`tables/policy_idle.yaml`."""

    checked: str
    source: tuple[str, ...]
    nothing: tuple[IdleGroup, ...]
    supposed: tuple[str, ...]
    occasion: tuple[str, ...]
    practice: tuple[str, ...]
    sentence: tuple[str, ...]
    unled: tuple[str, ...]
    glossary: str
    contacts: str
    granting: str
    granted: str
    erasing: str
    scoping: str
    scoped: str
    exemplified: str
    refused: str
    label: str
    bare: str
    title: str
    right: str
    told: str
    longest_label: int
    measures: str
    denying: str
    listing: str
    crossed: str
    service: str


class Idle:
    """Tells clauses and sentences that declare nothing."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the patterns."""
        rules = table(words.know, "policy_idle", IdleTable)
        self._silent, self._limited = words.silent, words.limited
        self._nothing = Told(p for g in rules.nothing for p in g.patterns)
        self._supposed = _any(rules.supposed)
        self._occasion = Told(rules.occasion)
        self._practice = _any(rules.practice)
        self._sentence = Told(rules.sentence)
        self._unled = Told(rules.unled)
        self._glossary = re.compile(rules.glossary)
        self._contacts = re.compile(rules.contacts)
        self._granting = re.compile(rules.granting)
        self._granted = re.compile(rules.granted)
        self._erasing = re.compile(rules.erasing)
        self._scoping = re.compile(rules.scoping)
        self._scoped = re.compile(rules.scoped)
        self._exemplified = re.compile(rules.exemplified)
        self._refused = re.compile(rules.refused)
        self._label = re.compile(rules.label)
        self._bare = re.compile(rules.bare)
        self._right = re.compile(rules.right)
        self._title = re.compile(rules.title)

    def sentence(self, sentence: Sentence) -> bool:
        """Tell a sentence that states nothing as a whole.

        It warns of what the user publishes, defines a word, or is a heading that announces.
        """
        if sentence.kind == "heading" and self._title.match(sentence.text):
            return True
        if not self._led(sentence) and (
            self._unled(sentence.text) or (sentence.section == _DEFINED and not sentence.verbs)
        ):
            return True
        if sentence.section == _RIGHTS and self._right.match(sentence.text):
            return True
        if sentence.section in _DEFINING and self._glossary.match(sentence.text):
            return True
        if self._of_list(sentence):
            return True
        return self._sentence(sentence.text)

    def _led(self, sentence: Sentence) -> bool:
        """Tell a sentence that stands in an announced list; addresses announce none."""
        leader = sentence.led_by
        return bool(sentence.lead) and not (leader and self._contacts.search(leader.text[-_LEAD:]))

    def _of_list(self, sentence: Sentence) -> bool:
        """Tell an item of a list of rights, or of what words cover: nobody handles data in it."""
        leader = sentence.led_by
        if leader is None:
            return False
        end = leader.text[-_LEAD:]
        if self._erasing.search(leader.text):
            return bool(self._scoped.match(sentence.text))
        if self._scoping.search(end):
            return bool(self._scoped.match(sentence.text))
        return bool(self._granting.search(end) and self._granted.match(sentence.text))

    def exemplified(self, text: str, start: int) -> bool:
        """Tell a clause that only gives examples of what the one before it states nothing of."""
        if not text.startswith(_EXAMPLES, start):
            return False
        first = max(text.rfind(mark, 0, start - 1) for mark in _MARKS_OFF) + 1
        return bool(self._exemplified.search(text, first, start - 1))

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
        mark = _MARK.match(clause, opening)
        opening = mark.end() if mark and mark.end() <= first else opening
        said = clause[opening : closing if closing >= 0 else len(clause)]
        if self._nothing(said):
            return True
        if positive and (
            self._silent.search(said) or self._limited.search(said) or self._refused.match(said)
        ):
            return True
        return self._occurs(said, first - opening if here else len(said))

    def _occurs(self, said: str, first: int) -> bool:
        """Tell a clause that only tells when, or supposes something of the user."""
        found = self._supposed.search(said)
        supposed = found and found.end() < first
        return (bool(supposed) or self._occasion(said)) and not self._practice.search(said)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


class Told:
    """Whether one of many patterns is found. Most of their alternatives need words that a text has
    not; those bound to the beginning are tried there only.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        """Compile the alternatives of all patterns."""
        every = [re.compile(part) for pattern in patterns for part in alternatives(pattern)]
        self._possible = Prefilter(every)
        self._found = [p.match if p.pattern.startswith("^") else p.search for p in every]

    def __call__(self, text: str) -> bool:
        """Tell whether the text holds one."""
        return any(self._found[number](text) for number in self._possible(text))


def alternatives(pattern: str) -> Iterator[str]:
    """Yield the alternatives of a pattern that stand outside every group."""
    depth = start = 0
    for found in _SIGN.finditer(pattern):
        sign = found.group()
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            yield pattern[start : found.start()]
            start = found.end()
    yield pattern[start:]


def _alone(here: list[Mention]) -> bool:
    return len({m.data_type for m in here}) == 1

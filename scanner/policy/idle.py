"""Clauses that state no practice although they name data: suppositions, reasons, labels."""

import re
from collections.abc import Iterable, Sequence

from profiles.load import table
from scanner.model.base import Doc
from scanner.policy.blocks import bullet, numbering
from scanner.policy.found import Mention, Sentence
from scanner.policy.reader import Line
from scanner.policy.words import Vocabulary

_MARKS = "【】[]《》“”*#。.：: "
_DEFINED = "definitions"
_SECTION = re.compile(r"\d{1,2}[.．]\d")
_BULLETS = 9
_NAMED = 2
"""A line that only names what follows names no more kinds of data than this."""


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
    label: str
    bare: str
    title: str
    told: str
    longest_label: int


class Idle:
    """Tells clauses and sentences that declare nothing."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the patterns."""
        rules = table(words.know, "policy_idle", IdleTable)
        self._silent, self._limited = words.silent, words.limited
        self._nothing = _any(p for group in rules.nothing for p in group.patterns)
        self._supposed = _any(rules.supposed)
        self._occasion = _any(rules.occasion)
        self._practice = _any(rules.practice)
        self._sentence = _any(rules.sentence)
        self._unled = _any(rules.unled)
        self._label = re.compile(rules.label)
        self._bare = re.compile(rules.bare)
        self._title = re.compile(rules.title)
        self._told = re.compile(rules.told)
        self._longest = rules.longest_label

    def sentence(self, sentence: Sentence) -> bool:
        """Tell a sentence that states nothing as a whole.

        It warns of what the user publishes, defines a word, or is a heading that announces.
        """
        if sentence.kind == "heading" and self._title.match(sentence.text):
            return True
        if not sentence.lead and (
            self._unled.search(sentence.text)
            or (sentence.section == _DEFINED and not sentence.verbs)
        ):
            return True
        return bool(self._sentence.search(sentence.text))

    def names(self, lines: Sequence[Line], number: int) -> bool:
        """Tell a numbered line that only names what the next line tells: `（1）日志信息`.

        In a list that was announced ("we collect:") it is an item, unless the next line says the
        same data again.
        """
        line = lines[number]
        size = numbering(line.text)[1] or bullet(line.text)
        rest = line.text[size:].strip(_MARKS)
        if not size or not rest or len(rest) > self._longest or self._told.search(rest):
            return False
        kinds = {m.data_type for m in line.sentence.mentions}
        many = len(kinds) > _NAMED and not self._title.match(line.text)
        if many or number + 1 == len(lines) or _listed(lines, number):
            return False
        again = kinds & {m.data_type for m in lines[number + 1].sentence.mentions}
        return not line.sentence.lead or bool(again)

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


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _listed(lines: Sequence[Line], number: int) -> bool:
    """Tell a line that stands in a list: a line beside it has a number of the same kind.

    The number of a section (`1.2.3`) opens a section whatever stands before it.
    """
    own = _level(lines[number])
    first = number if _SECTION.match(lines[number].text) else max(0, number - 1)
    beside = [*lines[first:number], *lines[number + 1 : number + 2]]
    return any(line.block is not lines[number].block and _level(line) == own for line in beside)


def _level(line: Line) -> int:
    """Return the level of a line's number, of its bullet, or 0."""
    return numbering(line.text)[0] or (_BULLETS if bullet(line.text) else 0)


def _alone(here: list[Mention]) -> bool:
    return len({m.data_type for m in here}) == 1

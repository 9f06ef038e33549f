"""Lines that name data and say nothing of it: names of what follows, definitions, measures."""

import re
from collections.abc import Sequence

from profiles.load import table
from scanner.policy.blocks import bullet, numbering
from scanner.policy.idle import IdleTable
from scanner.policy.normal import Normal
from scanner.policy.reader import Line
from scanner.policy.words import Vocabulary

_MARKS = "【】[]《》“”*#。.：: "
_SECTION = re.compile(r"\d{1,2}[.．]\d")
_DIGITS = re.compile(r"[0-9a-z一二三四五六七八九十①-⑳]+")
_ENTRY = re.compile("[^：，。；我您]{2,12}：[^，。；：]{0,8}(?:包括|包含|是?指)")
_MEANS = re.compile("[^：，。；我您]{2,12}：是?指")
_BESIDE = 4
"""So many sentences away another entry of a glossary is looked for."""
_NAMED = 2
"""A line that only names what follows names no more kinds of data than this."""


class Labels:
    """Tells such lines from items of a list."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the patterns."""
        rules = table(words.know, "policy_idle", IdleTable)
        self._title = re.compile(rules.title)
        self._told = re.compile(rules.told)
        self._scoped = re.compile(rules.scoped)
        self._measures = re.compile(rules.measures)
        self._service = re.compile(rules.service)
        self._longest = rules.longest_label

    def names_only(self, lines: Sequence[Line], number: int) -> bool:
        """Tell a line that names data and says nothing of it."""
        named = self.label(lines, number) or self._entry(lines, number)
        return named or self._measure(lines[number])

    def _measure(self, line: Line) -> bool:
        """Tell an item below a heading of security measures that has no verb of handling."""
        if any(kind != "use" for _, _, kind, _ in line.sentence.verbs):
            return False
        return any(self._measures.search(Normal(t).text.strip()) for t in line.block.path[-1:])

    def _entry(self, lines: Sequence[Line], number: int) -> bool:
        """Tell an entry of a glossary ("device data: includes ...") by those beside it.

        They say what a word means; nobody handles data in them.
        """
        if not (_ENTRY.match(lines[number].text) and self._scoped.match(lines[number].text)):
            return False
        own = lines[number].block
        beside = lines[max(0, number - _BESIDE) : number + 1 + _BESIDE]
        return any(
            _MEANS.match(x.text) and self._scoped.match(x.text)
            for x in beside
            if x.block is not own and x.block.path == own.path
        )

    def label(self, lines: Sequence[Line], number: int) -> bool:
        """Tell a line that only names what the next line tells: `（1）日志信息`.

        Without a number, or in a list that was announced ("we collect:"), it is data, unless the
        next line says the same data again.
        """
        line = lines[number]
        size = numbering(line.text)[1] or bullet(line.text)
        rest = line.text[size:].strip(_MARKS)
        if not rest or len(rest) > self._longest or self._told.search(rest):
            return False
        kinds = {m.data_type for m in line.sentence.mentions}
        many = len(kinds) > _NAMED and not self._title.match(line.text)
        if many or number + 1 == len(lines) or (size and _listed(lines, number)):
            return False
        again = kinds & {m.data_type for m in lines[number + 1].sentence.mentions}
        if size:
            service = self._service.search(rest)
            return bool(again or service) or not line.sentence.lead
        return bool(again) and [m.term for m in line.sentence.mentions] == [rest]


def _listed(lines: Sequence[Line], number: int) -> bool:
    """Tell a line that stands in a list: a line beside it has a number of the same shape.

    The number of a section (`1.2.3`) opens a section whatever stands before it.
    """
    own = _shape(lines[number].text)
    first = number if _SECTION.match(lines[number].text) else max(0, number - 1)
    beside = [*lines[first:number], *lines[number + 1 : number + 2]]
    return any(x.block is not lines[number].block and _shape(x.text) == own for x in beside)


def _shape(text: str) -> str:
    """Return a line's number or bullet with its digits and letters made alike, or nothing."""
    return _DIGITS.sub("0", text[: numbering(text)[1] or bullet(text)]).rstrip()

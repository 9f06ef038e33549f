"""What a sentence denies, and whether a clause is denied, excepted or only announced."""

import re

from scanner.model.policy import Polarity
from scanner.policy.found import Mention, Sentence
from scanner.policy.grammar import Grammar
from scanner.policy.prefilter import Guarded

_BACK = 80
_FORBIDDEN = re.compile("[也更且并亦但]?不得")
"""Who must not do something is said once for all clauses of the sentence."""
_BUT = ("但", "以下", "下列", "除非", "如", "若")
"""How the next part of a sentence begins that may bound a denial."""
_LABEL = re.compile("[^，；。：]{1,30}：")
"""What a clause is about, when all behind it is denied: "camera: we do not use it"."""
_SENT = re.compile("不(?:会|再)?(?:上传|回传)")
"""What is read of the one part is not sent: that denies no reading."""
_EXAMPLE = re.compile(
    "，(?:(?:例如|比如|包括)[^，。；]*(?:，[^，。；会将不可我您]{1,12}(?=[，。；]|$)){0,8}"
    "|(?:其|该|此|这|上述|相关)[^，。；]{0,8}仅"
    "[^，。；]{0,40}(?:设备|手机|终端|本地)[^，。；]{0,6}(?:保存|存储|储存|处理)[^，。；]{0,8}"
    "|或者?(?:将|把|向|用于)(?![^，。；]{0,60}(?:匿名|去标识|删除|消除|汇总|聚合|脱敏))[^，。；]*)"
)
"""What is given as an example of data that is denied is denied with it; so is what stays on the
device because we do not collect it, and what goes on with "or pass it".
"""


def _in_brackets(text: str, place: int) -> bool:
    """Tell a place behind an open bracket: what is denied there is denied within it only."""
    return text.rfind("（", 0, place) > text.rfind("）", 0, place)


class Negation:
    """Finds denials by the clause table."""

    def __init__(self, grammar: Grammar) -> None:
        """Compile the patterns."""
        rules = grammar.rules
        self._grammar = grammar
        self._not_negation = re.compile(rules.not_negation)
        self._negation = re.compile(rules.negation)
        self._denies = Guarded(rules.negation)
        self._deniable = re.compile(rules.deniable)
        self._withdrawn = re.compile(rules.withdrawn)
        self._anaphor = re.compile(rules.anaphor)
        self._stop = re.compile(rules.negation_stop)
        self._exception = re.compile(rules.exception)
        self._bounded_behind = re.compile(f"{rules.bounded_behind}|{rules.given_after_all}")
        self._given_only = re.compile(rules.given_only)
        self._given_where = re.compile(rules.given_where)
        self._rest = re.compile(rules.rest)
        self._conditional = Guarded(rules.conditional)
        self._last: tuple[str, list[tuple[int, int]]] = "", []

    def denied(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of clauses whose handling of data is denied.

        A span runs from the clause of the negation to the clause of the verb it denies: brackets
        and commas may stand between "we will not" and "share". What the user does not do is no
        denial, nor is what ends because the user withdrew.
        """
        if text != self._last[0]:
            self._last = text, self._denied(text) if self._denies.search(text) else []
        return self._last[1]

    def _denied(self, text: str) -> list[tuple[int, int]]:
        blanked = self._not_negation.sub(lambda m: "〇" * len(m.group()), text)
        spans = []
        for found in self._negation.finditer(blanked):
            inside = _in_brackets(blanked, found.start())
            marks = "，；。：（" if inside else "，；。："
            first = max(blanked.rfind(mark, 0, found.start()) for mark in marks) + 1
            if self._withdrawn.search(text, max(0, first - _BACK), found.start()):
                continue
            whose = 0 if _FORBIDDEN.fullmatch(blanked, first, found.end()) else first
            if self._grammar.user_spoken_of(text, whose, found.start()):
                continue
            stop = self._stop.search(blanked, found.end())
            end = stop.start() if stop else len(blanked)
            close = blanked.find("）", found.end(), end) if inside else -1
            end = close if close >= 0 else end
            verb = self._deniable.search(blanked, found.start(), end)
            if verb:
                ends = [at for at in (blanked.find(c, verb.end()) for c in "，；。") if at >= 0]
                last = min(close if close >= 0 else len(text), *ends, len(text))
                example = _EXAMPLE.match(text, last)
                spans.append((first, example.end() if example else last))
        return spans

    def about(self, sentence: Sentence, start: int, end: int) -> list[Mention]:
        """Return the data that a denial speaks of: in it, or named before it and meant again."""
        text = sentence.text
        inside = [m for m in sentence.mentions if start <= m.start < end]
        found = [m for m in inside if m.score > 0 or not m.weak or self._object(text, start, m)]
        if inside or not self._anaphor.search(text, start, end):
            return found
        opened = text.rfind("（", 0, start) + 1 if _in_brackets(text, start) else 0
        before = [m for m in sentence.mentions if opened <= m.start and m.end <= start]
        told = [m for m in before if m.score > 0] or before
        part = text.rfind("；", 0, start)
        return [m for m in told if m.start > part] or told

    def _object(self, text: str, start: int, mention: Mention) -> bool:
        """Tell whether a weak term is what is handled: behind the verb, or put before it."""
        if self._grammar.disposal(text, start, mention.start) >= 0:
            return True
        return bool(self._deniable.search(text, start, mention.start))

    def polarity(self, text: str, denied: list[tuple[int, int]], start: int, end: int) -> Polarity:
        """Return the polarity of a clause.

        What is announced ("should we later need it, we will ask") binds the clauses from there to
        the next semicolon.
        """
        span = next(
            (
                (a, b)
                for a, b in denied
                if end <= b and (a <= start or _LABEL.fullmatch(text, start, a))
            ),
            None,
        )
        if span:
            return "negative_with_exception" if self._bounded(text, span) else "negative"
        part = text.rfind("；", 0, start) + 1
        close = text.find("；", end)
        later = self._conditional.search(text, part, close if close >= 0 else len(text))
        return "conditional" if later and later.start() < end else "positive"

    def _bounded(self, text: str, span: tuple[int, int]) -> bool:
        """Tell a denial that something bounds: behind it, or before it within its semicolons.

        A denial of the rest is bounded by what is done with the other part.
        """
        start, end = span
        part = text.rfind("；", 0, start) + 1
        rest = self._rest.search(text, part, end)
        if rest and (rest.end() > start or _SENT.search(text, start, end)):
            return True
        close = text.find("；", end)
        last = close if close >= 0 and not text.startswith(_BUT, close + 1) else len(text)
        return bool(
            self._exception.search(text, part, last)
            or self._bounded_behind.search(text, start, last)
        )

    def given_only(self, said: str, whole: str) -> bool:
        """Tell a clause that gives data away in certain cases only: otherwise it is denied.

        `whole` is its sentence, which may begin with the cases.
        """
        return bool(self._given_only.search(said) or self._given_where.match(whole))

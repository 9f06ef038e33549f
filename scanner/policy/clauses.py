"""Clause level: who, what, whether, under which condition, to whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanner.model.policy import Action, Polarity
from scanner.policy.actions import Actions
from scanner.policy.denied_lists import DeniedLists
from scanner.policy.found import Mention, Sentence
from scanner.policy.grammar import Grammar
from scanner.policy.idle import Idle
from scanner.policy.labels import Labels
from scanner.policy.negation import Negation
from scanner.policy.rulings import Facts, Ruling, Rulings
from scanner.policy.torn import TornReader
from scanner.policy.words import Vocabulary


@dataclass(slots=True)
class Reading:
    """What a clause says about the mentions in it."""

    action: Action
    polarity: Polarity
    actor: str
    receiver: str = ""
    condition: str = ""


@dataclass(slots=True)
class _Clause:
    """A clause: its span, the span of its statement, the verb that rules it, the data in it."""

    start: int
    end: int
    ruling: Ruling
    first: int
    last: int
    here: list[Mention]


_CLAUSE = re.compile(r"[^，；。]+")
_ASIDE = re.compile("（[^（），；。]{0,80}[，；][^（）。]{0,80}）")
_AND_NOT = re.compile(
    "((?:获取|收集|读取|访问|采集|申请|记录)[^，；。：（）不未]{2,40}?)(并?且|但|而)"
    "(?=也?(?:不会|绝不|从不|不将|不向))"
)
"""Where a clause goes on to what is not done with the data: a denial is a clause by itself."""
_BLANK = "〇"
_GOING_ON = ("、", "和", "及", "以及")
_OWN_CLAUSE = re.compile("不(?!同|限|仅)|拒绝|关闭|退出|如果|若|当您|允许")
_NOWHERE = -2
_INCLUDING = "包括"
_NOT_AMONG = re.compile("不包[含括][^，；。]*$")
"""What is said not to be in something is not handled there: "the log contains no addresses"."""
_OFFERED = re.compile("[^，；信数需]*[为向]您提供[^，；信数需]*(?:功能|服务|能力|工具)")
"""What an offer includes is no data of its user."""
_PREDICATE = re.compile("(?:也|均|都)?(?:仅|只)?(?:将|会|可能|需要)")
"""How a clause begins whose subject is the data named before it."""
_PART = "；"
_MORE = re.compile("(?:以及|及|和|或)|在[^，；。]{1,30}(?:期间|时|内|情况下)$")
"""A clause that goes on naming, or tells when, before the verb comes."""
_AHEAD = 4
"""A topic's verb stands in one of so many clauses behind it."""
_ABROAD = "transfer_abroad"
_OPENING = 2
_ONLY_THEN = "才"
_MOST_RECEIVER = 80
_FAINT = 50
"""A mention that scores no more than this needs a place where data is handled."""
_Run = tuple[int, int, Reading, list[Mention]]


class ClauseReader:
    """Compiled clause patterns; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        self._grammar = grammar = Grammar(words)
        self._rulings = rulings = Rulings(grammar)
        self._actions = Actions(grammar, rulings)
        self._negation = Negation(grammar)
        self.denied_lists = DeniedLists(words, self._negation)
        self._idle = Idle(words)
        self.labels = Labels(words)
        self.torn = TornReader(words)
        self._receiver = re.compile(grammar.rules.receiver)
        self._qualifiers = frozenset(grammar.rules.qualifiers)
        self._supposed_abroad = re.compile(grammar.rules.supposed_abroad)
        self._owner = re.compile(grammar.rules.owner)
        self._case = re.compile(grammar.rules.case)
        self._topic = re.compile(grammar.rules.topic)

    def read(self, sentence: Sentence, mentions: list[Mention]) -> list[_Run]:
        """Return (first clause start, last clause end, reading, data) per run of like clauses.

        The spans are in sentence coordinates and cover the clauses that hold the mentions, and
        the clause that holds their verb. Clauses that state no practice are left out.
        """
        if self._idle.sentence(sentence):
            return []
        sentence = _joined(sentence)
        text = sentence.text
        facts = self._rulings.facts(sentence)
        denied = self._negation.denied(text)
        mentions = [m for m in _outside(text, denied, mentions) if text[m.start] != _BLANK]
        runs: list[_Run] = []
        last, offered = Ruling(), _NOWHERE
        for found in _CLAUSE.finditer(text):
            start, end = found.span()
            here = [m for m in mentions if start <= m.start < end]
            own = self._rulings.ruling(facts, start, end, here)
            if not own and not here:
                continue
            polarity = self._negation.polarity(text, denied, start, end)
            positive = not polarity.startswith("negative")
            idle = (positive and self._idle.exemplified(text, start)) or self._idle.clause(
                text[start:end], here, start, positive=positive
            )
            if idle or (offered == start - 1 and text.startswith(_INCLUDING, start)):
                offered = end if _OFFERED.fullmatch(text, start, end) else _NOWHERE
                continue
            ahead = None
            if here:
                clause = self._clause(facts, (start, end), own, last, here)
                ahead = clause.ruling if clause.last > end else None
                clause.here = self._told(facts, clause, positive=positive)
                if clause.here and not self._actions.by_user(
                    facts, clause.ruling, clause.start, clause.last
                ):
                    _add(runs, self._run(facts, clause, polarity), start, text)
            if here and (own is None or own.kind == "use"):
                own = self._rulings.ruling(facts, start, end, []) or own
            last = own or ahead or last
        return runs

    def _told(self, facts: Facts, clause: _Clause, *, positive: bool) -> list[Mention]:
        """Return the data that a clause is about: none named faintly in a purpose or condition."""
        text = facts.sentence.text
        starts = {m.start for m in clause.here}
        return [
            m
            for m in clause.here
            if (m.score > _FAINT or not any(a <= m.start < b for a, b in facts.masks))
            and not (m.term in self._qualifiers and m.end in starts)
            and not self._owner.match(text, m.end)
            and not (positive and _NOT_AMONG.search(text, clause.start, m.start))
        ]

    def _clause(
        self,
        facts: Facts,
        span: tuple[int, int],
        own: Ruling | None,
        before: Ruling,
        here: list[Mention],
    ) -> _Clause:
        """Return a clause with the clause of its verb, which may stand before or behind it."""
        (start, end), text = span, facts.sentence.text
        if own.gathered if own else not before.kind and _is_noun(facts, start, end):
            ruling, last = self._told_of(facts, end)
            ruling, last = (
                (ruling, last) if ruling.kind else self._put_first(facts, start, end, own)
            )
            if ruling.kind:
                return _Clause(start, end, ruling, start, last, here)
        if own and not self._case.match(text[start:end]):
            return _Clause(start, end, own, start, end, here)
        put = self._grammar.disposal(text, start, end) >= 0
        if own or put or (not before.kind and self._topic.search(text[start:end])):
            ruling, last = self._ahead(facts, end)
            if ruling.kind:
                what = [] if self._idle.clause(text[end + 1 : last], [], 0, positive=True) else here
                return _Clause(start, end, ruling, start, last, what)
            if self._case.match(text[start:end]):
                return _Clause(start, end, before, start, end, [])
        later = _CLAUSE.match(text, before.start) if before.start >= end else None
        if later:
            return _Clause(start, end, before, start, later.end(), here)
        near = before.start >= 0 and _PART not in text[before.start : start]
        return _Clause(start, end, before, before.start if near else start, end, here)

    def _told_of(self, facts: Facts, end: int) -> tuple[Ruling, int]:
        """Return the verb of the next clause when it only tells of the data named before it.

        "The photos you upload, we store on our servers": it begins with us and names no data.
        """
        sentence = facts.sentence
        found = _CLAUSE.match(sentence.text, end + 1)
        while found and (_MORE.match(sentence.text, *found.span())):
            found = _CLAUSE.match(sentence.text, found.end() + 1)
        if found and self._rulings.only_used(sentence.text, *found.span()):
            return Ruling("use", "", found.start(), found.start(), passive=True), found.end()
        if not found or sentence.lead or sentence.text[end : end + 1] == _PART:
            return Ruling(), end
        start, last = found.span()
        ours = [p for p in facts.subjects if start <= p.start <= start + _OPENING]
        led = _PREDICATE.match(sentence.text, start, last)
        named = any(start <= m.start < last and m.score > 0 for m in sentence.mentions)
        idle = self._idle.clause(sentence.text[start:last], [], 0, positive=True)
        told = led and not any(start <= p.start < last for p in facts.subjects)
        if named or idle or not (told or (ours and ours[0].kind == "app")):
            return Ruling(), end
        return self._rulings.ruling(facts, start, last, []) or Ruling(), last

    def _put_first(
        self, facts: Facts, start: int, end: int, own: Ruling | None
    ) -> tuple[Ruling, int]:
        """Return the next verb behind gathered data that `将` puts before it."""
        text = facts.sentence.text
        if own is None or self._grammar.disposal(text, start, end) < 0:
            return Ruling(), end
        ruling, last = self._ahead(facts, end)
        idle = self._idle.clause(text[end + 1 : last], [], 0, positive=True)
        return (Ruling(), end) if idle else (ruling, last)

    def _ahead(self, facts: Facts, end: int) -> tuple[Ruling, int]:
        """Return the next verb behind a clause that is only a topic, and the end of its clause."""
        text = facts.sentence.text
        at = end
        for _ in range(_AHEAD):
            found = _CLAUSE.match(text, at + 1)
            if not found or _PART in text[at : found.start()]:
                break
            ruling = self._rulings.ruling(facts, *found.span(), [])
            if ruling:
                return ruling, found.end()
            at = found.end()
        return Ruling(), end

    def _run(self, facts: Facts, clause: _Clause, polarity: Polarity) -> _Run:
        sentence = facts.sentence
        action, actor = self._actions.doing(
            facts, clause.ruling, clause.start, clause.last, clause.here[0].start
        )
        said = sentence.text[clause.start : clause.last]
        if action == _ABROAD and polarity == "positive" and self._supposed_abroad.search(said):
            polarity = "conditional"
        handed = action in {"share", "entrust"}
        given = handed or action == _ABROAD
        if given and polarity == "positive" and self._given_only(sentence.text, clause):
            polarity = "negative_with_exception"
        receiver = self._handed_to(facts, clause.start, clause.last) if handed else ""
        spans = sentence.masks.get("condition", ())
        condition = next((sentence.text[a:b] for a, b in spans), "")[:120]
        reading = Reading(action, polarity, actor, receiver, condition)
        return clause.first, clause.last, reading, clause.here

    def _given_only(self, text: str, clause: _Clause) -> bool:
        """Tell a clause that gives data away in certain cases only, told in the one before it."""
        start = clause.start
        if text.startswith(_ONLY_THEN, start):
            start = _opening(text, max(0, start - 1))
        return self._negation.given_only(text[start : clause.last], text)

    def _handed_to(self, facts: Facts, start: int, end: int) -> str:
        """Return who gets the data, in the words of the clause."""
        found = self._receiver.search(facts.sentence.text, start, end)
        company = self._actions.company(facts, start, end)
        if found:
            return found.group(1)[:_MOST_RECEIVER]
        return facts.sentence.text[company.start : company.end] if company else ""

    def denials(self, sentence: Sentence, done: Sequence[tuple[int, int]]) -> list[_Run]:
        """Return denials that no run covers: about "such information", or data named before."""
        out = []
        read = _joined(sentence).text
        sentence = _joined(sentence, shut=False)
        facts: Facts | None = None
        for start, end in self._negation.denied(sentence.text):
            covered = any(a < end and b > start for a, b in done)
            apart = read[start] == _BLANK or _aside(read, start)
            if covered and not apart:
                continue
            about = self._negation.about(sentence, start, end)
            inside = [m for m in about if m.start >= start]
            idle = self._idle.clause(sentence.text[start:end], inside, start, positive=False)
            if about and not idle:
                facts = facts or self._rulings.facts(sentence)
                ruling = self._rulings.ruling(facts, start, end, inside) or Ruling()
                polarity = self._negation.polarity(sentence.text, [(start, end)], start, end)
                back = about[0].start < start
                told = _opening(sentence.text, about[0].start) if back else start
                clause = _Clause(start, end, ruling, told, end, about)
                out.append(self._run(facts, clause, polarity))
        return out


def _aside(text: str, place: int) -> bool:
    """Tell a place that opens a bracket: what is denied there is told by itself."""
    return text[place - 1 : place] == "（"


def _outside(text: str, denied: list[tuple[int, int]], mentions: list[Mention]) -> list[Mention]:
    """Return the data that no bracket denies by itself."""
    asides = [(a, b) for a, b in denied if _aside(text, a)]
    return [m for m in mentions if not any(a <= m.start < b for a, b in asides)]


def _opening(text: str, place: int) -> int:
    """Return where the clause of a place begins."""
    return max(text.rfind(mark, 0, place) for mark in "，；。") + 1


def _joined(sentence: Sentence, *, shut: bool = True) -> Sentence:
    """Return a sentence whose brackets hold no clauses of their own: their commas only list.

    `shut`: a bracket that denies or supposes within a list that goes on is blanked.
    """
    text = sentence.text
    if "不" in text and _AND_NOT.search(text):
        text = _AND_NOT.sub(lambda m: m[1] + "，" * len(m[2]), text)
    if "（" in text and _ASIDE.search(text):
        text = _ASIDE.sub(_shut if shut else _as_list, text)
    return sentence if text is sentence.text else replace(sentence, text=text)


def _as_list(aside: re.Match[str]) -> str:
    """Return a bracket with its commas as those of a list; one that denies or supposes stays."""
    said = aside.group()
    return said if _OWN_CLAUSE.search(said) else said.replace("，", "、")


def _shut(aside: re.Match[str]) -> str:
    """Return the same, with nothing left to read where such a bracket stands in a list."""
    said = aside.group()
    inside = aside.string.startswith(_GOING_ON, aside.end()) and _OWN_CLAUSE.search(said)
    return f"（{_BLANK * (len(said) - 2)}）" if inside else _as_list(aside)


def _is_noun(facts: Facts, start: int, end: int) -> bool:
    """Tell a clause that only names data: nobody acts in it, or a verb only describes the data."""
    described = any(start <= v.start < end for v in facts.described)
    return described or not any(start <= p.start < end for p in facts.subjects)


def _add(runs: list[_Run], new: _Run, own: int, text: str) -> None:
    """Add a clause that begins at `own`, or join it to the one before when it says the same.

    Runs do not overlap: a statement that was lengthened gives way to the clause behind it.
    """
    start, end, reading, here = new
    if runs:
        first, last, before, old = runs[-1]
        if before == reading and start <= last + 1 and _PART not in text[last:start]:
            runs[-1] = (first, max(end, last), reading, [*old, *here])
            return
        if own <= last:
            runs[-1] = (first, own - 1, before, old)
        start = max(start, runs[-1][1] + 1)
    runs.append((start, end, reading, here))

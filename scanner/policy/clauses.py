"""Clause level: who, what, whether, under which condition, to whom."""

import re
from dataclasses import dataclass
from functools import cached_property

from profiles.load import table
from scanner.model.base import Doc
from scanner.model.policy import Action, Polarity
from scanner.policy.mentions import Mention, Sentence
from scanner.policy.words import Finder, Vocabulary


class ClauseTable(Doc):
    """`tables/policy_clauses.yaml`."""

    checked: str
    source: tuple[str, ...]
    not_negation: str
    negation: str
    withdrawn: str
    anaphor: str
    deniable: str
    negation_stop: str
    exception: str
    conditional: str
    actors: dict[str, tuple[str, ...]]
    receiver: str
    outward: str


@dataclass(slots=True)
class Reading:
    """What a clause says about the mentions in it."""

    action: Action
    polarity: Polarity
    actor: str
    receiver: str = ""
    condition: str = ""


_ACTIONS: dict[str, Action] = {
    "collect": "collect",
    "give": "collect",
    "share": "share",
    "use": "use",
    "store": "store",
    "entrust": "entrust",
    "abroad": "transfer_abroad",
}
_REACH = 16
_OBJECT = re.compile(r"(?:向|给|与|和|至|从|对|为|除|跟|通过|同)[^，。；们司]{0,14}\Z")
"""A party after a preposition is no subject: "we share with third parties"."""
_BACK = 80
_EXAMPLE = re.compile("，(?:例如|比如|包括)[^，。；]*")
"""What is given as an example of data that is denied is denied with it."""
_CLAUSE = re.compile(r"[^，；。]+")


class ClauseReader:
    """Compiled clause patterns; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        rules = table(words.know, "policy_clauses", ClauseTable)
        self._rules = rules
        self._not_negation = re.compile(rules.not_negation)
        self._negation = re.compile(rules.negation)
        self._deniable = re.compile(rules.deniable)
        self._withdrawn = re.compile(rules.withdrawn)
        self._anaphor = re.compile(rules.anaphor)
        self._stop = re.compile(rules.negation_stop)
        self._exception = re.compile(rules.exception)
        self._conditional = re.compile(rules.conditional)
        self._receiver = re.compile(rules.receiver)
        self._outward = re.compile(rules.outward)

    @cached_property
    def _actors(self) -> Finder:
        return Finder({w: kind for kind, words in self._rules.actors.items() for w in words})

    def read(self, sentence: Sentence, mentions: list[Mention]) -> list[tuple[int, int, Reading]]:
        """Return (first clause start, last clause end, reading) per run of like clauses.

        The spans cover the clauses that hold the mentions and are in sentence coordinates.
        """
        text = sentence.text
        denied = self.denied(text)
        data = {(m.start, m.end) for m in sentence.mentions}
        actors = [
            found
            for found in self._actors.find(text)
            if not any(start < found[1] and end > found[0] for start, end in data)
            and not _OBJECT.search(text, max(0, found[0] - _REACH), found[0])
        ]
        runs: list[tuple[int, int, Reading]] = []
        for found in _CLAUSE.finditer(text):
            start, end = found.span()
            if not any(start <= m.start < end for m in mentions):
                continue
            reading = self._clause(sentence, denied, actors, start, end)
            if (
                runs
                and runs[-1][1] == start - 1
                and text[start - 1] == "，"
                and (runs[-1][2] == reading)
            ):
                runs[-1] = (runs[-1][0], end, reading)
            else:
                runs.append((start, end, reading))
        return runs

    def _clause(
        self,
        sentence: Sentence,
        denied: list[tuple[int, int]],
        actors: list[tuple[int, int, str, str]],
        start: int,
        end: int,
    ) -> Reading:
        text = sentence.text
        verb, at = _governing(sentence, start, end)
        actor = _subject(actors, at if at >= 0 else start, start)
        outward = bool(self._outward.search(text, start, end))
        action = _ACTIONS.get(verb) or _ACTIONS.get(sentence.lead) or "collect"
        if verb == "give" and outward and actor in {"app", ""}:
            action = "share"
        elif verb == "share" and actor == "user":
            action = "collect"
        found = self._receiver.search(text, start, end)
        receiver = found.group(1)[:80] if found and action in {"share", "entrust"} else ""
        condition = next((text[a:b] for a, b in sentence.masks.get("condition", ())), "")[:120]
        if actor in {"", "user"}:
            actor = "app"
        return Reading(action, self._polarity(text, denied, start, end), actor, receiver, condition)

    def denied(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of clauses whose handling of data is denied.

        A span runs from the clause of the negation to the clause of the verb it denies: brackets
        and commas may stand between "we will not" and "share". What the user does not do is no
        denial, nor is what ends because the user withdrew.
        """
        blanked = self._not_negation.sub(lambda m: "〇" * len(m.group()), text)
        spans = []
        for found in self._negation.finditer(blanked):
            first = max(blanked.rfind(mark, 0, found.start()) for mark in "，；。：") + 1
            if self._withdrawn.search(text, max(0, first - _BACK), found.start()):
                continue
            if self._by_user(text, first, found.start()):
                continue
            stop = self._stop.search(blanked, found.end())
            end = stop.start() if stop else len(blanked)
            verb = self._deniable.search(blanked, found.start(), end)
            if verb:
                ends = [at for at in (blanked.find(c, verb.end()) for c in "，；。") if at >= 0]
                last = min(ends, default=len(text))
                example = _EXAMPLE.match(text, last)
                spans.append((first, example.end() if example else last))
        return spans

    def _by_user(self, text: str, start: int, end: int) -> bool:
        """Tell whether the subject between two places is the user (`您的` is none)."""
        subjects = [
            kind
            for _, last, kind, _ in self._actors.find(text[start:end])
            if text[start + last : start + last + 1] not in {"的", "在"}
        ]
        return bool(subjects) and subjects[-1] == "user"

    def denials(
        self, sentence: Sentence, done: list[tuple[int, int]]
    ) -> list[tuple[int, int, Reading, list[Mention]]]:
        """Return denials that no run covers: about "such information", or data named before."""
        text = sentence.text
        out = []
        for start, end in self.denied(text):
            if any(a < end and b > start for a, b in done):
                continue
            about = [m for m in sentence.mentions if start <= m.start < end]
            if not about and self._anaphor.search(text, start, end):
                about = [m for m in sentence.mentions if m.end <= start]
            if about:
                reading = self._clause(sentence, [(start, end)], [], start, end)
                out.append((start, end, reading, about))
        return out

    def _polarity(self, text: str, denied: list[tuple[int, int]], start: int, end: int) -> Polarity:
        if any(a <= start and end <= b for a, b in denied):
            excepted = self._exception.search(text)
            return "negative_with_exception" if excepted else "negative"
        return "conditional" if self._conditional.search(text) else "positive"


def _governing(sentence: Sentence, start: int, end: int) -> tuple[str, int]:
    """Return the verb class that rules a clause, and its place (-1 = none in the sentence)."""
    inside = [(s, kind) for s, _, kind, _ in sentence.verbs if start <= s < end]
    masks = [*sentence.masks.get("purpose", ()), *sentence.masks.get("condition", ())]
    open_verbs = [(s, k) for s, k in inside if not any(a <= s < b for a, b in masks)]
    for wanted in (("abroad",), ("entrust",), ("share",), ("collect",), ("give",)):
        for place, kind in open_verbs:
            if kind in wanted:
                return kind, place
    if open_verbs:
        return open_verbs[0][1], open_verbs[0][0]
    before = [(s, kind) for s, _, kind, _ in sentence.verbs if s < start]
    return (before[-1][1], before[-1][0]) if before else ("", -1)


def _subject(actors: list[tuple[int, int, str, str]], verb: int, start: int) -> str:
    """Return the class of the last actor before the verb, nearest clause first."""
    before = [(s, kind) for s, _, kind, _ in actors if s < verb]
    inside = [kind for s, kind in before if s >= start]
    if inside:
        return inside[-1] if inside[-1] != "user" or len(inside) == 1 else inside[0]
    return before[-1][1] if before else ""

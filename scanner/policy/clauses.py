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
_CLAUSE = re.compile(r"[^，；。]+")


class ClauseReader:
    """Compiled clause patterns; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        rules = table(words.know, "policy_clauses", ClauseTable)
        self._rules = rules
        self._not_negation = re.compile(rules.not_negation)
        self._negation = re.compile(rules.negation)
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
        blanked = self._not_negation.sub(lambda m: "〇" * len(m.group()), text)
        actors = self._actors.find(text)
        runs: list[tuple[int, int, Reading]] = []
        for found in _CLAUSE.finditer(text):
            start, end = found.span()
            if not any(start <= m.start < end for m in mentions):
                continue
            reading = self._clause(sentence, blanked, actors, start, end)
            if runs and runs[-1][1] == start - 1 and text[start - 1] == "，" and (
                runs[-1][2] == reading
            ):
                runs[-1] = (runs[-1][0], end, reading)
            else:
                runs.append((start, end, reading))
        return runs

    def _clause(
        self,
        sentence: Sentence,
        blanked: str,
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
        condition = next((text[a:b] for a, b in sentence.conditions), "")[:120]
        if actor in {"", "user"}:
            actor = "app"
        return Reading(
            action, self._polarity(text, blanked, start, end), actor, receiver, condition
        )

    def _polarity(self, text: str, blanked: str, start: int, end: int) -> Polarity:
        if self._negation.search(blanked, start, end):
            excepted = self._exception.search(text)
            return "negative_with_exception" if excepted else "negative"
        if self._conditional.match(text, start, end):
            return "conditional"
        return "positive"


def _governing(sentence: Sentence, start: int, end: int) -> tuple[str, int]:
    """Return the verb class that rules a clause, and its place (-1 = none in the sentence)."""
    inside = [(s, kind) for s, _, kind, _ in sentence.verbs if start <= s < end]
    masks = [*sentence.purposes, *sentence.conditions]
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

"""Which verb rules a clause, who does it, and which action that is."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from scanner.model.policy import Action
from scanner.policy.found import Mention, Sentence
from scanner.policy.grammar import Grammar, Party, Verb

_ACTIONS: dict[str, Action] = {
    "collect": "collect",
    "give": "collect",
    "share": "share",
    "use": "use",
    "store": "store",
    "entrust": "entrust",
    "abroad": "transfer_abroad",
}
_OWN_USE = re.compile("您用于[^，。；]{1,12}的")
"""What the user uses for something is no purpose of ours: "the number you use for paying"."""
_RANKS = (("abroad",), ("entrust",), ("collect", "share"), ("give",))


@dataclass(slots=True)
class Facts:
    """What is known of a whole sentence before its clauses are read."""

    sentence: Sentence
    verbs: list[Verb]
    described: list[Verb]
    """Verbs that only describe a noun: "the data you provided"."""
    subjects: list[Party]
    masks: list[tuple[int, int]]
    """Purposes and conditions: their verbs and subjects rule nothing outside."""
    purposes: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verb that rules a clause: class, word, place; where its clause begins.

    `put`: the object stands before the verb, after `将` or the like; `passive`: it is the subject.
    """

    kind: str = ""
    word: str = ""
    at: int = -1
    start: int = -1
    put: bool = False
    passive: bool = False


class Rulings:
    """Chooses verbs, subjects and actions by the clause table."""

    def __init__(self, grammar: Grammar) -> None:
        """Compile the patterns."""
        rules = grammar.rules
        self._grammar = grammar
        self._outward = re.compile(rules.outward)
        self._to_user = re.compile(rules.to_user)
        self._to_us = re.compile(rules.to_us)
        self._our_servers = re.compile(rules.our_servers)
        self._handed = re.compile(rules.handed)
        self._passive = re.compile(rules.passive)
        self._visible = re.compile(rules.visible)
        self._named = re.compile(rules.named)
        self._abroad_to = re.compile(rules.abroad_to)
        self._beside_us = re.compile(rules.beside_us)
        self._not_done = re.compile(rules.not_done)
        self._carried = frozenset(rules.carried)
        self._shown = frozenset(rules.shown)

    def facts(self, sentence: Sentence) -> Facts:
        """Find the verbs and subjects of a sentence."""
        parties = self._grammar.parties(sentence)
        verbs, described = self._grammar.verbs(sentence, parties)
        subjects = self._grammar.subjects(sentence.text, parties)
        purposes = sentence.masks.get("purpose", ())
        masks = [span for span in purposes if not _OWN_USE.match(sentence.text, span[0] - 1)]
        conditions = sentence.masks.get("condition", ())
        return Facts(sentence, verbs, described, subjects, [*masks, *conditions], masks)

    def ruling(self, facts: Facts, start: int, end: int, here: list[Mention]) -> Ruling | None:
        """Return the verb that rules a clause, or nothing when it has none of its own.

        A verb before the data rules it; one behind it only when the object was put first or the
        data is the subject ("your position will be shown").
        """
        inside = [v for v in facts.verbs if start <= v.start < end]
        verbs = [
            v
            for v in inside
            if not any(a <= v.start < b for a, b in facts.masks)
            and not (v.kind == "use" and self._by_user(facts, start, v))
        ]
        if not here:
            return _chosen(verbs, start) if verbs else None
        text = facts.sentence.text
        colon = text.find("：", here[0].end, here[-1].start)
        here = [m for m in here if m.start > colon]
        before = [v for v in verbs if v.end <= here[0].start]
        after = [v for v in verbs if v.start >= here[0].end]
        late = [v for v in after if v.start >= here[-1].end] or after
        late = [v for v in late if v.kind != "give"] or late
        put = self.put(text, start, here[0].start)
        if put >= 0 and late and (not before or before[-1].end <= put):
            return _chosen(late[:1], start, put=True)
        by = put >= 0 and self._grammar.basis(text, start, here[0].start) == put
        if by and not (before and before[-1].start > put):
            return Ruling("use", "", put, start, put=True)
        if before:
            return _chosen(before, start)
        passive = late and self._passive.search(text, here[0].end, late[-1].start)
        if passive:
            return replace(_chosen(late, start), passive=True)
        return _gathered(facts.described, start, here[0].start)

    def _by_user(self, facts: Facts, start: int, verb: Verb) -> bool:
        """Tell a verb whose subject in the clause is the user: what he uses is no use of data."""
        before = [p.kind for p in facts.subjects if start <= p.start < verb.start]
        return bool(before) and set(before) == {"user"}

    def put(self, text: str, start: int, end: int) -> int:
        """Return the place where an object is put before its verb, or -1."""
        return max(self._grammar.disposal(text, start, end), self._grammar.basis(text, start, end))

    def doing(self, facts: Facts, ruling: Ruling, start: int, end: int) -> tuple[Action, str]:
        """Return the action of a clause and the class of its actor."""
        text = facts.sentence.text
        first = ruling.start if ruling.start >= 0 else start
        actor = self._subject(facts, ruling.at if ruling.at >= 0 else start, first)
        action = self._action(facts, ruling, first, end)
        if action != "collect" and self._to_us.search(text, first, end):
            return "collect", "app"
        return action, "app" if actor in {"", "user"} else actor

    def _action(self, facts: Facts, ruling: Ruling, start: int, end: int) -> Action:
        text, kind = facts.sentence.text, ruling.kind
        outward = bool(self._outward.search(text, start, end))
        if kind in {"", "give"} and self._visible.search(text, start, end):
            return "use" if self._to_user.search(text, start, end) else "share"
        if not kind:
            return self._unruled(facts, start, end, outward=outward)
        inside = self._inside(facts, start, ruling.at)
        asked = bool(inside) and inside[-1].kind == "user" and not ruling.passive
        if kind in {"share", "give"} and not asked and self._abroad_to.search(text, start, end):
            return "transfer_abroad"
        if kind == "give" or (kind == "share" and asked):
            return "collect" if asked else self._given(text, ruling, start, outward=outward)
        to_user = ruling.word in self._shown and self._to_user.search(text, start, end)
        if to_user or (ruling.word in self._carried and not outward):
            ours = not to_user and self._our_servers.search(text, start, end)
            return "collect" if ours else "use"
        return _ACTIONS[kind]

    def _unruled(self, facts: Facts, start: int, end: int, *, outward: bool) -> Action:
        """Return the action of a clause without a verb of the list: its lead's, or collection."""
        text = facts.sentence.text
        if outward and self._handed.search(text, start, end):
            return "share"
        if self._grammar.disposal(text, start, end) >= 0:
            return "use"
        return _ACTIONS.get(facts.sentence.lead) or "collect"

    def _given(self, text: str, ruling: Ruling, start: int, *, outward: bool) -> Action:
        """Return what we do when we are who gives: share it, or use it for something."""
        if outward or self._not_done.search(text, start, ruling.at):
            return "share"
        return "use" if ruling.put else "collect"

    def _subject(self, facts: Facts, verb: int, start: int) -> str:
        """Return the class of the subject of a verb: in its clause, else in an earlier one."""
        text = facts.sentence.text
        inside = self._inside(facts, start, verb)
        if inside:
            return self._doer(text, inside)
        before = [
            p
            for p in facts.subjects
            if p.start < start and not any(a <= p.start < b for a, b in facts.masks)
        ]
        if not before or self._named.match(text, start, verb):
            return ""
        clause = max(text.rfind(mark, 0, before[-1].start) for mark in "，；。")
        return next(p.kind for p in before if p.start > clause)

    def _inside(self, facts: Facts, start: int, verb: int) -> list[Party]:
        """Return the subjects between the start of a clause and its verb or its put object."""
        put = self.put(facts.sentence.text, start, verb)
        limit = put if put >= 0 else verb
        return [p for p in facts.subjects if start <= p.start < limit]

    def _doer(self, text: str, inside: list[Party]) -> str:
        """Return the class of the last subject, but of us when it only stands beside us."""
        last = inside[-1]
        if last.kind == "user":
            return inside[0].kind
        for first, other in pairwise(inside):
            if first.kind == "app" and self._beside_us.fullmatch(text[first.end : other.start]):
                return "app"
        return last.kind


def _gathered(described: list[Verb], start: int, end: int) -> Ruling | None:
    """Return the last verb by which the data before it was gathered: "the data we collected"."""
    found = [v for v in described if start <= v.start < end and v.kind in {"collect", "give"}]
    return Ruling("collect", found[-1].word, found[-1].start, start) if found else None


def _chosen(verbs: list[Verb], start: int, *, put: bool = False) -> Ruling:
    """Choose among the verbs of a clause: export first, then the nearest of collect and share."""
    for wanted in _RANKS:
        found = [v for v in verbs if v.kind in wanted]
        if found:
            return Ruling(found[-1].kind, found[-1].word, found[-1].start, start, put)
    return Ruling(verbs[0].kind, verbs[0].word, verbs[0].start, start, put)

"""Verbs of handling in an English clause: which one rules a data word, who acts, what is denied."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from scanner.model.policy import Action, Polarity
from scanner.policy.english_actors import EnglishActors
from scanner.policy.english_finder import EnglishFinder
from scanner.policy.english_forms import verb_forms
from scanner.policy.english_terms import EnglishTable, Found
from scanner.policy.resolve import Resolver

_DENIAL = 160
_UNTIL = 60
_ERASING = ("delete", "erase", "remove", "destroy", "purge", "overwrite", "anonymise", "anonymize")
_BEING = ("is ", "are ", "was ", "were ", "be ")
_ENDED = re.compile(r"(?:ed|ied|en|got|sent|sold|kept|held|read|told|shown|paid|set|put)\b")


_ADJECTIVE = re.compile(r"\b(?:your|the|an?|our|their|any|this|other|such|his|her|of|with) \Z")
_ARTICLE = re.compile(r"\b(?:your|the|an?|our|their|any|its|his|her|such|every|each) \Z")
"""A participle after these words describes: "your hashed phone number"."""


_YOU = re.compile(r"\byou (?:(?:can|may|will|could|also|always|then|have) ){0,3}\Z")
_NEAR = 40
_SUBJECT = re.compile(
    r" (?:(?:can|may|will|could|might|also|then|only|never|always|often|cannot|do|does|not) ){0,3}"
)
_PREDICATE = re.compile(r"\b(?:is|are|was|were|may|will|can|be|not|never)\b[\w ]{0,24}\Z")


class Verb(NamedTuple):
    """A verb form: offsets in the clause and its class. `behind`: it follows its data only."""

    start: int
    end: int
    kind: str
    noun: bool = False
    behind: bool = False


class Deed(NamedTuple):
    """What one verb does with the data it rules."""

    actor: str
    action: Action
    polarity: Polarity


class EnglishVerbs:
    """Compiled verb classes and patterns of the English table."""

    def __init__(self, rules: EnglishTable, resolver: Resolver) -> None:
        """Make the forms of every verb; the first class that names a verb has it."""
        classes: dict[str, str] = {}
        for kind, bases in rules.verbs.items():
            for base in bases:
                for form in verb_forms(base, rules.irregular):
                    classes.setdefault(form, kind)
        self._behind = {
            form: kind
            for kind, bases in rules.behind.items()
            for base in bases
            for form in verb_forms(base, rules.irregular)
            if form not in classes
        }
        classes |= self._behind
        self._nouns = {noun for nouns in rules.nouns.values() for noun in nouns}
        classes |= {noun: kind for kind, nouns in rules.nouns.items() for noun in nouns}
        self._erasing = _erasing(rules)
        self._finder = EnglishFinder(classes)
        self._actors = EnglishActors(rules, resolver)
        self._p = {
            name: re.compile(getattr(rules, name))
            for name in (
                "user", "relative", "to_us", "outward", "passive", "negated", "not_negated",
                "after_negated", "exception", "later", "kept_until", "onlookers",
            )
        }  # fmt: skip

    def find(self, text: str, found: list[Found]) -> list[Verb]:
        """Return the verbs of a sentence that are no part of a data word."""
        taken = [(f.start, f.end) for f in found]
        return [
            Verb(a, b, self._kind(text, a, b, kind), word in self._nouns, word in self._behind)
            for a, b, kind, word in self._finder.find(text)
            if kind != "aside"
            and not any(c < b and a < d for c, d in taken)
            and (not a or text[a - 1] != "-")
            and text[b : b + 1] != "-"
            and (word in self._nouns or not self._is_noun(text, a, b))
        ]

    def _is_noun(self, text: str, start: int, end: int) -> bool:
        """Tell whether a form only looks like a verb: "your request", "the hashed number"."""
        before = text[max(0, start - 12) : start]
        if _ENDED.search(text[start:end]):
            return bool(_ADJECTIVE.search(before))
        return bool(_ARTICLE.search(before)) and not text[start:end].endswith("ing")

    def _kind(self, text: str, start: int, end: int, kind: str) -> str:
        """Return the class of a verb; what is deleted after a time is stored until then.

        What "you" see is shown to you: no handling.
        """
        if kind == "see" and _YOU.search(text[max(0, start - _NEAR) : start]):
            return "none"
        if text[start:end] not in self._erasing:
            return kind
        return "store" if self._p["kept_until"].search(text[end : end + _UNTIL]) else kind

    def ruling(self, text: str, verbs: Sequence[Verb], data: Found) -> Verb | None:
        """Return the verb that rules a data word: the last before it, else the first behind it."""
        before = [v for v in verbs if v.end <= data.start and not v.behind]
        deeds = [v for v in before if v.kind != "list"]
        if deeds and not deeds[-1].noun:
            return deeds[-1]
        undone = [v for v in verbs if v.start >= data.end and v.kind == "none"]
        if deeds:
            return undone[0] if undone else deeds[-1]
        after = [v for v in verbs if v.start >= data.end]
        since = [data.end, *(v.end for v in after)]
        relative = self._p["relative"]
        behind = [
            v
            for v, a in zip(after, since, strict=False)
            if text.startswith(":", a) or not relative.search(text[a : v.start])
        ]
        acting = [v for v in behind if v.kind != "list"]
        return next(iter(acting or behind or before or after), self._within(text, data))

    def _within(self, text: str, data: Found) -> Verb | None:
        """Return the verb that a data word itself begins with: "record the call"."""
        own = self._finder.find(text[data.start : data.end])
        if not own or own[0][0] or own[0][2] != "collect":
            return None
        return Verb(data.start, data.start + own[0][1], own[0][2])

    def deed(self, text: str, verb: Verb, sentence: str) -> Deed:
        """Return who does what by this verb of a clause, and whether it is denied."""
        before, after = text[: verb.start], text[verb.end :]
        passive = self._passive(text, verb)
        to_us = verb.kind in {"give", "share"} and bool(self._p["to_us"].match(after))
        action: Action = "collect"
        if to_us:
            actor = "app"
        else:
            actor = self._actors.of_passive(after) if passive else self._actors.of_active(before)
            action = self._action(verb.kind, before, after, passive=passive)
        if action == "share" and verb.kind == "see":
            actor = "app"
        if action == "share" and actor != "app":
            actor, action = ("app", "share") if passive else (actor, "collect")
        return Deed(actor, action, self._polarity(text, verb, sentence))

    def tells(self, text: str, verb: Verb, data: Found) -> bool:
        """Tell whether a verb speaks for an item of a list: it rules it, or is its predicate.

        In "password (stored as a hash)" and "contacts, to find friends" it only adds something.
        """
        return verb.start < data.end or bool(_PREDICATE.search(text[data.end : verb.start]))

    def acts(self, text: str, verb: Verb, data: Found) -> bool:
        """Tell whether a word before a verb is its subject: an active verb that follows it."""
        between = text[data.end : verb.start]
        return not self._passive(text, verb) and bool(_SUBJECT.fullmatch(between))

    def _passive(self, text: str, verb: Verb) -> bool:
        form = text[verb.start : verb.end]
        return form.startswith(_BEING) or bool(
            self._p["passive"].search(text[max(0, verb.start - 40) : verb.start])
            and _ENDED.search(form)
        )

    def _action(self, kind: str, before: str, after: str, *, passive: bool) -> Action:
        """Return the action; what the user gives is collected, what goes to others is shared."""
        if kind in {"collect", "store", "use"}:
            return kind  # type: ignore[return-value]
        if kind == "see":
            seen = passive or self._p["onlookers"].search(before)
            return "share" if seen else "collect"
        outward = bool(self._p["outward"].search(after))
        if kind == "give":
            by_user = not passive and self._p["user"].search(before)
            return "share" if outward and not by_user else "collect"
        if kind == "share" and (passive or not self._p["user"].search(before)):
            return "share"
        return "collect"

    def _polarity(self, text: str, verb: Verb, sentence: str) -> Polarity:
        blank = self._p["not_negated"].sub(lambda m: "~" * len(m.group()), text[: verb.end])
        denied = self._p["negated"].search(blank[: verb.start][-_DENIAL:])
        if not denied and not self._p["after_negated"].match(text[verb.end :]):
            return "conditional" if self._p["later"].search(sentence) else "positive"
        excepted = self._p["exception"].search(sentence)
        return "negative_with_exception" if excepted else "negative"


def _erasing(rules: EnglishTable) -> frozenset[str]:
    return frozenset(form for verb in _ERASING for form in verb_forms(verb, rules.irregular))

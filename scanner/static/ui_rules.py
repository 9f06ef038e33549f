"""Words of consent interfaces: the table's types, and which rules hold for a text."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from profiles.load import table
from profiles.model import Knowledge
from profiles.once import Once
from scanner.model.base import Doc
from scanner.model.common import Confidence

_STRIP = " \t\r\n《》〈〉「」“”\"'‘’<>[]()（）【】:：,，.。!！>＞"
_LONGEST = 4000


class Rule(Doc):
    """One row of the table; see the head of `consent_ui.yaml`."""

    kind: str
    any: tuple[str, ...]
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    exact: bool = False
    weak: bool = False
    pattern: str = ""
    least: int = 1
    most: int = 200
    firm_to: int = 60


class ConsentWords(Doc):
    """Words that make a box a consent box: one of each list in its text or beside it."""

    about: tuple[str, ...]
    act: tuple[str, ...]


class PolicyText(Doc):
    """What makes a long text a privacy policy: `least` different words, `shortest` characters."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    least: int
    shortest: int


class TextPool(Doc):
    """Files in which a cross-platform framework keeps its texts."""

    framework: str
    names: tuple[str, ...]


class Bound(Doc):
    """What the code that data binding makes is known by; see the table."""

    parents: tuple[str, ...]
    setters: tuple[str, ...]
    setter: str
    state_reads: tuple[str, ...]
    state_writes: tuple[str, ...]
    boxed: str


class ConsentUi(Doc):
    """The whole table `consent_ui.yaml`."""

    checked: str
    source: tuple[str, ...]
    rules: tuple[Rule, ...]
    consent_words: ConsentWords
    consent_names: tuple[str, ...]
    box_views: tuple[str, ...]
    policy_url_words: tuple[str, ...]
    agreement_url_words: tuple[str, ...]
    policy_file_words: tuple[str, ...]
    policy_text: PolicyText
    text_pools: tuple[TextPool, ...]
    unreadable: tuple[TextPool, ...]
    partly_readable: tuple[TextPool, ...]
    composed_boxes: tuple[str, ...]
    composed_box_names: tuple[str, ...]
    composed_state: str
    bound: Bound


class Match(NamedTuple):
    """A rule that holds: its kind, how sure, and the text that matters."""

    kind: str
    confidence: Confidence
    text: str


class PlacedText(NamedTuple):
    """A text and where it was found."""

    place: str
    text: str


class Rules:
    """The table, ready to be asked."""

    def __init__(self, know: Knowledge) -> None:
        """Load the table. Raises `KnowledgeError` when it does not fit its type."""
        self.table = table(know, "consent_ui", ConsentUi)
        self._patterns = {
            rule.pattern: re.compile(rule.pattern) for rule in self.table.rules if rule.pattern
        }
        self._exact: dict[str, list[Rule]] = {}
        self._inside: dict[str, list[Rule]] = {}
        for rule in self.table.rules:
            target = self._exact if rule.exact else self._inside
            for phrase in rule.any:
                target.setdefault(phrase.lower(), []).append(rule)

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Return every phrase in lower case, sorted: what a scan must look for."""
        return tuple(sorted({*self._exact, *self._inside}))

    def of(self, text: str) -> Iterator[Match]:
        """Yield the rules that hold for one text, each kind once."""
        if not text or len(text) > _LONGEST:
            return
        lower = text.lower()
        seen: set[str] = set()
        for rule in self._candidates(lower):
            if rule.kind in seen or not self._holds(rule, lower):
                continue
            shown = self._shown(rule, text)
            if shown:
                seen.add(rule.kind)
                firm = not rule.weak and (bool(rule.pattern) or len(shown) <= rule.firm_to)
                yield Match(rule.kind, "firm" if firm else "tentative", shown)

    def _candidates(self, lower: str) -> Iterator[Rule]:
        yield from self._exact.get(lower.strip(_STRIP), ())
        for phrase, rules in self._inside.items():
            if phrase in lower:
                yield from rules

    @staticmethod
    def _holds(rule: Rule, lower: str) -> bool:
        if not rule.exact and not rule.pattern and not rule.least <= len(lower) <= rule.most:
            return False
        if rule.also and not any(word.lower() in lower for word in rule.also):
            return False
        return not any(word.lower() in lower for word in rule.without)

    def _shown(self, rule: Rule, text: str) -> str:
        if not rule.pattern:
            return text.strip()
        found = self._patterns[rule.pattern].search(text)
        return found[0] if found else ""

    def consents(self, text: str) -> bool:
        """Tell whether a text beside a box asks for consent to a policy or an agreement."""
        lower = text.lower()
        words = self.table.consent_words
        return any(w in lower for w in words.about) and any(w in lower for w in words.act)

    def consent_name(self, name: str) -> bool:
        """Tell whether a view's id or a string's name speaks of consent."""
        lower = name.lower()
        return any(word in lower for word in self.table.consent_names)

    def url_kind(self, url: str, name: str = "") -> str:
        """Return `policy-link` or `agreement-link` for a URL, or nothing."""
        lower = f"{url} {name}".lower()
        if any(word in lower for word in self.table.policy_url_words):
            return "policy-link"
        if any(word in lower for word in self.table.agreement_url_words):
            return "agreement-link"
        return ""


interface_rules = Once(Rules)
"""The rules of a knowledge, built once."""

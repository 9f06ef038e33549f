"""Clause level: who, what, whether, under which condition, to whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from scanner.model.policy import Action, Polarity
from scanner.policy.grammar import Grammar, Party, Verb
from scanner.policy.mentions import Mention, Sentence
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
class _Facts:
    """What is known of a whole sentence before its clauses are read."""

    sentence: Sentence
    verbs: list[Verb]
    subjects: list[Party]
    denied: list[tuple[int, int]]
    masks: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ruling:
    """The verb class that rules a clause, the verb's place, and where its clause begins."""

    kind: str = ""
    word: str = ""
    at: int = -1
    start: int = -1


_ACTIONS: dict[str, Action] = {
    "collect": "collect",
    "give": "collect",
    "share": "share",
    "use": "use",
    "store": "store",
    "entrust": "entrust",
    "abroad": "transfer_abroad",
}
_BACK = 80
_EXAMPLE = re.compile("，(?:例如|比如|包括)[^，。；]*")
"""What is given as an example of data that is denied is denied with it."""
_CLAUSE = re.compile(r"[^，；。]+")
_OWN_USE = re.compile("您用于[^，。；]{1,12}的")
"""What the user uses for something is no purpose of ours: "the number you use for paying"."""
_STRONG = ("collect", "share")


class ClauseReader:
    """Compiled clause patterns; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        self._grammar = Grammar(words)
        rules = self._grammar.rules
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
        self._to_user = re.compile(rules.to_user)
        self._to_us = re.compile(rules.to_us)
        self._our_servers = re.compile(rules.our_servers)
        self._carried = frozenset(rules.carried)
        self._shown = frozenset(rules.shown)
        self._silent, self._limited = words.silent, words.limited
        self._nothing = re.compile(rules.nothing)
        self._supposed = re.compile(rules.supposed)
        self._occasion = re.compile(rules.occasion)
        self._practice = re.compile(rules.practice)
        self._advice = re.compile(rules.advice)

    def read(self, sentence: Sentence, mentions: list[Mention]) -> list[tuple[int, int, Reading]]:
        """Return (first clause start, last clause end, reading) per run of like clauses.

        The spans are in sentence coordinates and cover the clauses that hold the mentions, and
        the clause before them that holds their verb. Clauses that only suppose or advise are
        left out.
        """
        text = sentence.text
        if self._advice.search(text):
            return []
        facts = self._facts(sentence)
        runs: list[tuple[int, int, Reading]] = []
        last = _Ruling()
        for found in _CLAUSE.finditer(text):
            start, end = found.span()
            here = [m for m in mentions if start <= m.start < end]
            ruling = self._ruling(facts, start, end, here) or last
            if ruling.kind:
                last = ruling
            if not here:
                continue
            first = ruling.start if 0 <= ruling.start < start else start
            if "；" in text[first:start]:
                first = start
            reading = self._reading(facts, ruling, start, end)
            if self._is_idle(text[start:end], here[0].start - start, here[-1].end - start, reading):
                continue
            _add(runs, (first, end, reading), text)
        return runs

    def _facts(self, sentence: Sentence) -> _Facts:
        parties = self._grammar.parties(sentence)
        verbs = self._grammar.verbs(sentence, parties)
        subjects = self._grammar.subjects(sentence.text, parties)
        purposes = sentence.masks.get("purpose", ())
        masks = [span for span in purposes if not _OWN_USE.match(sentence.text, span[0] - 1)]
        masks += sentence.masks.get("condition", ())
        return _Facts(sentence, verbs, subjects, self.denied(sentence.text), masks)

    def _is_idle(self, clause: str, first: int, last: int, reading: Reading) -> bool:
        """Tell a clause that states no practice: a definition, a supposition, a reason, a limit.

        `first` and `last` bound its mentions: what stands before a colon or in brackets behind
        them is another matter, and in "such as user names" nothing is supposed.
        """
        opening = clause.rfind("：", 0, first) + 1
        closing = clause.find("（", last)
        said = clause[opening : closing if closing >= 0 else len(clause)]
        if self._nothing.search(said):
            return True
        positive = reading.polarity in {"positive", "conditional"}
        if positive and (self._silent.search(said) or self._limited.search(said)):
            return True
        found = self._supposed.search(said)
        supposed = found and found.end() <= first - opening
        occasion = supposed or self._occasion.search(said)
        return bool(occasion) and not self._practice.search(said)

    def _ruling(self, facts: _Facts, start: int, end: int, here: list[Mention]) -> _Ruling | None:
        """Return the verb that rules a clause, or nothing when it has none of its own."""
        text = facts.sentence.text
        inside = [v for v in facts.verbs if start <= v.start < end]
        verbs = [v for v in inside if not any(a <= v.start < b for a, b in facts.masks)]
        if not verbs:
            return None
        if not here:
            return _ruled(verbs, start)
        before = [v for v in verbs if v.end <= here[0].start]
        after = [v for v in verbs if v.start >= here[0].end]
        put = self._grammar.disposal(text, start, here[0].start)
        late = [v for v in after if v.start >= here[-1].end] or after
        if late and (not before or before[-1].end <= put):
            return _ruled(late, start)
        return _ruled(before or verbs, start)

    def _reading(self, facts: _Facts, ruling: _Ruling, start: int, end: int) -> Reading:
        text = facts.sentence.text
        place = ruling.at if ruling.at >= 0 else start
        actor = self._subject(facts, place, max(ruling.start, 0) if ruling.at >= 0 else start)
        first = ruling.start if ruling.start >= 0 else start
        action = self._action(facts, ruling, actor, first, end)
        if action != "collect" and self._to_us.search(text, first, end):
            action, actor = "collect", "app"
        found = self._receiver.search(text, start, end)
        receiver = found.group(1)[:80] if found and action in {"share", "entrust"} else ""
        condition = next((text[a:b] for a, b in facts.sentence.masks.get("condition", ())), "")
        polarity = self._polarity(text, facts.denied, start, end)
        who = "app" if actor in {"", "user"} else actor
        return Reading(action, polarity, who, receiver, condition[:120])

    def _action(self, facts: _Facts, ruling: _Ruling, actor: str, start: int, end: int) -> Action:
        text, kind = facts.sentence.text, ruling.kind
        outward = bool(self._outward.search(text, start, end))
        if not kind and outward and self._grammar.disposal(text, start, end) >= 0:
            return "share"
        if kind == "give" and outward and actor in {"app", ""}:
            asked = self._grammar.user_spoken_of(text, start, ruling.at)
            return "collect" if asked else "share"
        if kind == "share" and actor == "user":
            return "collect"
        if ruling.word in self._shown:
            return "use" if self._to_user.search(text, start, end) else "share"
        if ruling.word in self._carried and not outward:
            return "collect" if self._our_servers.search(text, start, end) else "use"
        return _ACTIONS.get(kind) or _ACTIONS.get(facts.sentence.lead) or "collect"

    def _subject(self, facts: _Facts, verb: int, start: int) -> str:
        """Return the class of the subject of a verb: in its clause, else in an earlier one."""
        put = self._grammar.disposal(facts.sentence.text, start, verb)
        limit = put if put >= 0 else verb
        inside = [p.kind for p in facts.subjects if start <= p.start < limit]
        if inside:
            return inside[-1] if inside[-1] != "user" else inside[0]
        masks = facts.masks
        text = facts.sentence.text
        before = [
            p
            for p in facts.subjects
            if p.start < start and not any(a <= p.start < b for a, b in masks)
        ]
        if not before:
            return ""
        clause = max(text.rfind(mark, 0, before[-1].start) for mark in "，；。")
        return next(p.kind for p in before if p.start > clause)

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
            if self._grammar.user_spoken_of(text, first, found.start()):
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

    def denials(
        self, sentence: Sentence, done: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int, Reading, list[Mention]]]:
        """Return denials that no run covers: about "such information", or data named before."""
        text = sentence.text
        out = []
        facts = self._facts(sentence)
        for start, end in facts.denied:
            if any(a < end and b > start for a, b in done):
                continue
            about = [m for m in sentence.mentions if start <= m.start < end]
            if not about and self._anaphor.search(text, start, end):
                about = [m for m in sentence.mentions if m.end <= start and m.score > 0]
            if about:
                ruling = self._ruling(facts, start, end, []) or _Ruling()
                reading = self._reading(facts, ruling, start, end)
                out.append((start, end, reading, about))
        return out

    def _polarity(self, text: str, denied: list[tuple[int, int]], start: int, end: int) -> Polarity:
        if any(a <= start and end <= b for a, b in denied):
            excepted = self._exception.search(text)
            return "negative_with_exception" if excepted else "negative"
        part = text.rfind("；", 0, start) + 1
        close = text.find("；", end)
        later = self._conditional.search(text, part, close if close >= 0 else len(text))
        return "conditional" if later else "positive"


def _ruled(verbs: list[Verb], start: int) -> _Ruling:
    """Choose among the verbs of a clause: export first, then the nearest of collect and share."""
    for wanted in (("abroad",), ("entrust",), _STRONG, ("give",)):
        found = [v for v in verbs if v.kind in wanted]
        if found:
            return _Ruling(found[-1].kind, found[-1].word, found[-1].start, start)
    return _Ruling(verbs[-1].kind, verbs[-1].word, verbs[-1].start, start)


def _add(runs: list[tuple[int, int, Reading]], new: tuple[int, int, Reading], text: str) -> None:
    """Add a clause, or join it to the one before when it says the same."""
    start, end, reading = new
    if runs and runs[-1][2] == reading:
        first, last, _ = runs[-1]
        if "；" not in text[last:start]:
            runs[-1] = (first, end, reading)
            return
    if runs and start <= runs[-1][1]:
        start = runs[-1][1] + 1
    runs.append((start, end, reading))

"""Which verb rules a clause."""

import re
from dataclasses import dataclass, replace

from scanner.policy.found import Mention, Sentence
from scanner.policy.grammar import Grammar, Party, Verb

_OWN_USE = re.compile("您用于[^，。；]{1,12}的")
"""What the user uses for something is no purpose of ours: "the number you use for paying"."""
_ALLOW = "授权"
_AND = re.compile(r"(?:并(?![非不未])[^，。；]{0,8}|进行|后)\Z")
_THROUGH = "通过"
_PREDICATE = re.compile("[^（：我]*(?:将|会|可能|被)")
"""What stands between a subject and "on the basis of"."""
_FROM = re.compile(r"从[^，。；]{0,12}\Z")
"""Data that other data is taken from: "we derive your position from the IP address"."""
_WITH = re.compile(r"(?:与|和)[^，。；您]{1,20}\Z")
_HANDS = frozenset({"share", "store"})
"""What is done to data that is the subject; beside it something may be drawn from the data."""
_LISTED = 5
"""Verbs that stand closer together are a list; farther apart, one is done by means of the other:
"we use local storage to keep"."""
_RANKS = (("abroad",), ("entrust",), ("collect", "share"), ("give",))


@dataclass(slots=True)
class Facts:
    """What is known of a whole sentence before its clauses are read."""

    sentence: Sentence
    verbs: list[Verb]
    described: list[Verb]
    """Verbs that only describe a noun: "the data you provided"."""
    parties: list[Party]
    subjects: list[Party]
    masks: list[tuple[int, int]]
    """Purposes and conditions: their verbs and subjects rule nothing outside."""
    purposes: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verb that rules a clause: class, word, place; where its clause begins.

    `put`: the object stands before the verb, after `将` or the like; `passive`: it is the subject;
    `gathered`: the verb only describes the data ("the data you provided").
    """

    kind: str = ""
    word: str = ""
    at: int = -1
    start: int = -1
    put: bool = False
    passive: bool = False
    gathered: bool = False


class Rulings:
    """Finds the subjects and verbs of a sentence and chooses the verb of a clause."""

    def __init__(self, grammar: Grammar) -> None:
        """Compile the patterns."""
        rules = grammar.rules
        self._grammar = grammar
        self._passive = re.compile(rules.passive)
        self._used = re.compile(rules.used)
        self._put_to_use = re.compile(rules.put_to_use)
        self._faint = frozenset(word for words in rules.verbs.values() for word in words)
        self._worked_on = re.compile(rules.worked_on)
        self._no_purpose = re.compile(rules.no_purpose)
        self._used_for = re.compile(rules.used_for)
        self._means = re.compile(f"(?:{rules.through})\\Z")
        self._judged_by = re.compile(rules.judged_by)
        self._aimed = re.compile(rules.aimed)
        self._drawn = frozenset(rules.drawn)
        self._helps = re.compile(rules.helps)
        self._shown = frozenset(rules.shown)
        self._done_for_it = re.compile(rules.done_for_it)
        self._handed_over = re.compile(rules.handed_over)
        self._done_to = re.compile(rules.done_to)
        self._kept = re.compile(rules.kept)
        self._adverbial = re.compile(rules.adverbial)
        self._done_then = re.compile(rules.done_then)
        self._derived = re.compile(rules.derived)
        self._handed = re.compile(rules.handed)
        self._outward = re.compile(rules.outward)
        self._reached_by = re.compile(rules.reached_by)
        self._written = re.compile(rules.written)
        self._examined = re.compile(rules.examined)
        self._worked_with = re.compile(f"{rules.worked_on}|{rules.put_into_use}")
        self._reached = re.compile(rules.reached)

    def facts(self, sentence: Sentence) -> Facts:
        """Find the verbs and subjects of a sentence."""
        parties = self._grammar.parties(sentence)
        verbs, described = self._grammar.verbs(sentence, parties)
        subjects = self._grammar.subjects(sentence.text, parties)
        told = sentence.masks.get("purpose", ())
        purposes = [
            _until(self._done_for_it, sentence.text, *s)
            for s in told
            if not self._no_purpose.search(sentence.text, s[0] - 1, s[0] + 1)
        ]
        masks = [span for span in purposes if not _OWN_USE.match(sentence.text, span[0] - 1)]
        spans = sentence.masks.get("condition", ())
        conditions = [_until(self._done_then, sentence.text, *s) for s in spans]
        return Facts(sentence, verbs, described, parties, subjects, [*masks, *conditions], masks)

    def ruling(self, facts: Facts, start: int, end: int, here: list[Mention]) -> Ruling | None:
        """Return the verb that rules a clause, or nothing when it has none of its own.

        A verb before the data rules it; one behind it only when the object was put first or the
        data is the subject ("your position will be shown").
        """
        firm, inside = self._within(facts, start, end)
        found = self._of(facts, firm, (start, end), here)
        if not found and inside != firm:
            found = self._of(facts, inside, (start, end), here)
        if here and (not found or found.word in self._drawn):
            return self._deriving(facts, start, here) or found or self._aim(facts, start, end)
        return found

    def only_used(self, text: str, start: int, end: int) -> bool:
        """Tell a clause that says of the data named before it what it is used for."""
        return bool(self._used_for.match(text, start, end))

    def _deriving(self, facts: Facts, start: int, here: list[Mention]) -> Ruling | None:
        """Return the use that derives what is named from data one has: "predict your taste"."""
        found = self._derived.search(facts.sentence.text, start, here[-1].end)
        if not found or found.start() > here[0].start:
            return None
        return Ruling("use", "", found.start(), start)

    def _aim(self, facts: Facts, start: int, end: int) -> Ruling | None:
        """Return what a clause of purpose does: use, unless it tells to gather or keep data."""
        aim = self._aimed.match(facts.sentence.text, start, end)
        if not aim:
            return None
        near = [v for v in facts.verbs if v.start == aim.end() and v.word not in self._drawn]
        kind = near[0].kind if near and near[0].kind in {"collect", "store"} else "use"
        return Ruling(kind, near[0].word if near else "", start, start)

    def _of(
        self, facts: Facts, verbs: list[Verb], span: tuple[int, int], here: list[Mention]
    ) -> Ruling | None:
        start, end = span
        if not here:
            return _chosen(verbs, start) if verbs else None
        text = facts.sentence.text
        colon = text.find("：", here[0].end, here[-1].start)
        here = [m for m in here if m.start > colon]
        here = self._turned(text, start, here)
        before = [v for v in verbs if v.end <= here[0].start]
        after = [v for v in verbs if v.start >= here[0].end]
        late = [v for v in after if v.start >= here[-1].end] or after
        late = [v for v in late if v.kind != "give"] or late
        label = text.rfind("：", start, here[0].start)
        before = [v for v in before if v.start > label] or before
        before = self._by_last(facts, before, start, here[0].start)
        if (
            self._written.search(text, start, end)
            or self._reaching(text, span, here)
            or self._examining(text, span, here)
        ):
            return _used(start, start)
        allowed = {v.start for v in facts.described}
        before = [
            v
            for v in before
            if v.word != _ALLOW or (v is before[-1] and v.end not in allowed) or len(before) == 1
        ]
        if not before and _FROM.search(text, start, here[0].start):
            before = [v for v in after if v.kind == "collect" and v.end <= here[-1].start]
        placed = self._put(facts, (start, end), here, (before, after, late))
        if placed:
            return placed
        if before:
            return _passed_on(text, before, after, late) or _chosen(before, start)
        if self._judged(facts, start, end, here):
            return _used(start, start)
        return self._behind(facts, late, (start, end), here)

    def _turned(self, text: str, start: int, here: list[Mention]) -> list[Mention]:
        """Return the data put first, without what it is done by: "by your choice, your bill".

        What is shown or made "on the basis of" data stands before it and is no data put first.
        """
        if len(here) == 1:
            return here
        based = self._grammar.basis(text, here[0].end, here[-1].start)
        if based >= 0 and _PREDICATE.fullmatch(text, here[0].end, based):
            return [m for m in here if m.start > based]
        turn = self._grammar.disposal(text, here[0].end, here[-1].start)
        if turn < 0 or self._grammar.basis(text, start, here[0].start) < 0:
            return here
        return [m for m in here if m.start > turn]

    def _reaching(self, text: str, span: tuple[int, int], here: list[Mention]) -> bool:
        """Tell data by which the user is reached: "by your contact details we send you news"."""
        start, end = span
        reached = self._reached.match(text, here[-1].end, end)
        return bool(reached) and bool(self._reached_by.search(text[start : here[0].start]))

    def _examining(self, text: str, span: tuple[int, int], here: list[Mention]) -> bool:
        """Tell data that is examined or worked on: "may examine the names you registered"."""
        start, end = span
        done_to = self._examined.search(text[start : here[0].start])
        return bool(done_to) and bool(self._worked_with.search(text, here[-1].end, end))

    def _judged(self, facts: Facts, start: int, end: int, here: list[Mention]) -> bool:
        """Tell data that is a means of ours: "through the light sensor we judge the darkness"."""
        text, first, last = facts.sentence.text, here[0].start, here[-1].end
        if not (self._means.search(text, start, first) and self._judged_by.match(text, last, end)):
            return False
        between = [v for v in facts.verbs + facts.described if first <= v.start < last]
        return not between and not any(
            p.kind == "user" and start <= p.start < first for p in facts.subjects
        )

    def _put(
        self,
        facts: Facts,
        span: tuple[int, int],
        here: list[Mention],
        verbs: tuple[list[Verb], list[Verb], list[Verb]],
    ) -> Ruling | None:
        """Return what is done to data that a word such as `将` or `根据` puts before its verb."""
        (start, end), (before, after, late), text = span, verbs, facts.sentence.text
        put = self._grammar.put(text, start, here[0].start)
        if put < 0:
            return None
        by = self._grammar.basis(text, start, here[0].start) == put
        late = [v for v in late if v.word not in self._drawn] if by else late
        if late and late[0].kind == "collect":
            late = [v for v in after if v.kind == "share"] or late
        if late and (not before or before[-1].end <= put):
            shown = by and late[0].word in self._shown
            return _used(put, start) if shown else _chosen(late[:1], start, put=True)
        gathered = self._through(facts, put, end) if by else None
        if gathered:
            return gathered
        place = -1 if by else self._handing(text, here[-1].end, end)
        if place >= 0:
            return Ruling("share", "", place, start, put=True)
        disposed = by or self._put_to_use.search(text, here[-1].end, end)
        ruled = before and before[-1].start > put
        if before and not (ruled or disposed):
            return _gathered(facts.described, put, here[0].start)
        return _used(put, start) if disposed and not ruled else None

    def _handing(self, text: str, start: int, end: int) -> int:
        """Return where data is handed to others by a verb of no class ("tell"), or -1."""
        found = self._handed.search(text, start, end)
        return found.start() if found and self._outward.search(text, start, end) else -1

    def _through(self, facts: Facts, put: int, end: int) -> Ruling | None:
        """Return the verb of data gathered through something: "through your account we got"."""
        if not facts.sentence.text.startswith(_THROUGH, put):
            return None
        by_us = [v for v in facts.described if v.kind == "collect" and v.word not in self._drawn]
        return _gathered(by_us, put, end)

    def _by_last(self, facts: Facts, before: list[Verb], start: int, end: int) -> list[Verb]:
        """Return the verbs behind the last other party that acts, if it is not entrusted."""
        acting = [
            p.start
            for p in facts.subjects
            if start <= p.start < end and p.kind not in {"app", "user"}
        ]
        if not acting or any(v.kind in {"entrust", "abroad"} for v in before):
            return before
        return [v for v in before if v.start > acting[-1]] or before

    def _within(self, facts: Facts, start: int, end: int) -> tuple[list[Verb], list[Verb]]:
        """Return the verbs that can rule a clause: those that do so first, and all.

        One that tells when, or only says that something is checked, gives way to the others.
        """
        inside = [
            v
            for v in facts.verbs
            if start <= v.start < end and not any(a <= v.start < b for a, b in facts.masks)
        ]
        if not inside:
            return [], []
        when = [m.span() for m in self._adverbial.finditer(facts.sentence.text, start, end)]
        inside = [v for v in inside if v.kind != "use" or not _by_user(facts, start, v, when)]
        firm = [v for v in inside if not any(a <= v.start < b for a, b in when)]
        return [v for v in firm if v.word not in self._faint] or firm, inside

    def _behind(
        self, facts: Facts, late: list[Verb], span: tuple[int, int], here: list[Mention]
    ) -> Ruling | None:
        """Return the verb behind data that is the subject, else the one that describes it."""
        text, (start, end) = facts.sentence.text, span
        made = self._derived.search(text, here[0].end, end) if len(here) > 1 else None
        here = [m for m in here if not made or m.start < made.start()]
        if self._worked_on.search(text, here[-1].end, end) or any(
            self._helps.match(text, mention.end, end) for mention in (here[0], here[-1])
        ):
            return Ruling("use", "", here[-1].end, start, passive=True)
        if any(v.kind in _HANDS for v in late):
            late = [v for v in late if v.word not in self._drawn]
        done_to = self._done_to.search(text[start : here[0].start])
        over = [v for v in late if self._handed_over.search(text[v.start : v.end + 1])]
        if over:
            return replace(_chosen(over[:1], start), passive=True)
        if late and (done_to or self._passive.search(text, here[0].end, late[-1].start)):
            return replace(_chosen(late, start), passive=True)
        rest = text[here[-1].end : end]
        for kind, pattern in (("use", self._used), ("store", self._kept)):
            if pattern.search(rest):
                return Ruling(kind, "", here[-1].end, start, passive=True)
        put = self._grammar.disposal(text, start, here[0].start)
        return _gathered(facts.described, max(start, put), here[0].start)


def _by_user(facts: Facts, start: int, verb: Verb, when: list[tuple[int, int]]) -> bool:
    """Tell a verb whose subject in the clause is the user: what he uses is no use of data.

    A user of whom only is told when ("when you upload, we use") does not do what comes behind.
    """
    before = {
        p.kind
        for p in facts.subjects
        if start <= p.start < verb.start
        and not any(a <= p.start < b <= verb.start for a, b in when)
    }
    return before == {"user"}


def _until(done: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    """Return a purpose or a condition without what is done then: "in order to ..., we collect"."""
    found = done.search(text, start, end)
    return start, found.start() if found else end


def _used(put: int, start: int) -> Ruling:
    return Ruling("use", "", put, start, put=True)


def _gathered(described: list[Verb], start: int, end: int) -> Ruling | None:
    """Return the last verb by which the data before it was gathered: "the data we collected"."""
    found = [v for v in described if start <= v.start < end and v.kind in {"collect", "give"}]
    if not found:
        return None
    return Ruling("collect", found[-1].word, found[-1].start, start, gathered=True)


def _passed_on(text: str, before: list[Verb], after: list[Verb], late: list[Verb]) -> Ruling | None:
    """Return the verb that shares what was used, or collects what was asked for.

    "Use your data to share it with them"; "ask for the permission and collect".
    """
    if any(v.kind != "use" for v in before):
        return None
    last = late[-1] if late else None
    shared = last and last.kind == "share" and _WITH.search(text, 0, last.start)
    gathered = [v for v in after if v.kind == "collect" and _AND.search(text, 0, v.start)]
    chosen = last if shared else gathered[0] if gathered else None
    return Ruling(chosen.kind, chosen.word, chosen.start, before[0].start) if chosen else None


def _chosen(verbs: list[Verb], start: int, *, put: bool = False) -> Ruling:
    """Choose among the verbs of a clause: export first, then the nearest of collect and share."""
    for wanted in _RANKS:
        found = [v for v in verbs if v.kind in wanted]
        if found:
            return Ruling(found[-1].kind, found[-1].word, found[-1].start, start, put)
    kept = verbs[-1].kind == "store" and verbs[-1].start - verbs[0].end > _LISTED
    first = verbs[-1] if kept else verbs[0]
    return Ruling(first.kind, first.word, first.start, start, put)

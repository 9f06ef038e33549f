"""The grammar of a Chinese clause: which words are its subjects and which are its verbs.

A policy is full of verbs that nobody does in this sentence ("the information you provided") and
of parties that do nothing in it ("with third parties"). Only what is left governs a clause.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from profiles.load import table
from scanner.model.base import Doc
from scanner.policy.found import Sentence
from scanner.policy.words import Finder, Vocabulary

_REACH = 24
_TO = "(?:向|给|与|和|至|从|对|为|除|跟|通过|同|经|将|把)"
_OBJECT = re.compile(_TO + r"[^，。；们司]{0,14}\Z")
_FAR_OBJECT = re.compile(r"(?:向|给|与|从|除|通过)[^，。；]{0,20}\Z")
"""A party after a preposition is no subject: "we share with third parties". What we are called
may follow one sooner: "to serve you we collect".
"""
_WITH_US = re.compile(r"(?:向|给|与|和)(?:我们|本公司|我司)[^，。；]{0,12}\Z")
"""Nor is one that works with us, unless it is said to do something itself."""
_MODAL = re.compile("(?:也|还|亦)?(?:会|将|需|可能|可以|应)")
_RELATIVE = re.compile("(?![或和及与、])[^，。；我您会将可需]{1,6}的")
_USER_RELATIVE = re.compile("(?![或和及与、])[^，。；我您会将可需]{1,4}的")
"""What we or the user do to something that is spoken of: "the SDK we use may collect"."""
_OF_PARTY = re.compile("(?![给至到予])[^，。；您]{1,10}的")
"""Between a verb and a party that it only describes: "who provides the service"."""
_AFTER = 40
_USER_BEFORE = re.compile("(?:您|用户|会员)(?:在)?\\Z")
_NOMINAL = re.compile("(?<!目)的\\Z")
"""A verb after `的` is a noun: "your registered account"."""
_BY = "由"
_RECOGNISE = "识别"
_NEAR = 4
_TAKEN = b"\x01"


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
    plain_subjects: tuple[str, ...]
    predicate: str
    attributive: str
    recognisable: str
    disposal: str
    basis: str
    qualifiers: tuple[str, ...]
    carried: tuple[str, ...]
    shown: tuple[str, ...]
    to_user: str
    to_us: str
    our_servers: str
    receiver: str
    outward: str
    owner: str
    case: str
    topic: str
    handed: str
    passive: str
    visible: str
    named: str
    abroad_to: str
    beside_us: str
    not_done: str


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of a sentence: its place, its class and the word."""

    start: int
    end: int
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Party:
    """A party that acts: its place and its class (app, user, affiliate, third_party)."""

    start: int
    end: int
    kind: str


class Grammar:
    """Compiled word classes; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        self.rules = table(words.know, "policy_clauses", ClauseTable)
        self._plain = frozenset(self.rules.plain_subjects)
        self._predicate = re.compile(self.rules.predicate)
        self._attributive = re.compile(self.rules.attributive)
        self._recognisable = re.compile(self.rules.recognisable)
        self._disposal = re.compile(self.rules.disposal)
        self._basis = re.compile(self.rules.basis)

    @cached_property
    def _actors(self) -> Finder:
        return Finder({w: kind for kind, words in self.rules.actors.items() for w in words})

    def parties(self, sentence: Sentence) -> list[Party]:
        """Return the parties named in a sentence, acting or not; none inside a data term."""
        data = _cover(sentence, [])
        return [
            Party(start, end, kind)
            for start, end, kind, _ in self._actors.find(sentence.text)
            if data.find(_TAKEN, start, end) < 0
        ]

    def subjects(self, text: str, parties: list[Party]) -> list[Party]:
        """Return the parties that can be subjects: no owner, no object, no part of a noun."""
        return [p for p in parties if self._acts(text, p)]

    def _acts(self, text: str, party: Party) -> bool:
        relative = _USER_RELATIVE if party.kind == "user" else _RELATIVE
        if text.startswith(("的", "）"), party.end) or relative.match(text, party.end):
            return False
        if text.endswith(_BY, 0, party.start):
            return True
        if self._is_object(text, party):
            return False
        if text[party.start : party.end] in self._plain:
            return True
        return bool(self._predicate.match(text, party.end, party.end + _AFTER))

    def _is_object(self, text: str, party: Party) -> bool:
        """Tell a party that something is done with or to."""
        first = max(0, party.start - _REACH)
        if _OBJECT.search(text, first, party.start):
            return True
        others = party.kind in {"third_party", "affiliate"}
        far = (others and _FAR_OBJECT.search(text, first, party.start)) or (
            _WITH_US.search(text, first, party.start)
        )
        return bool(far) and not _MODAL.match(text, party.end)

    def verbs(self, sentence: Sentence, parties: list[Party]) -> tuple[list[Verb], list[Verb]]:
        """Return the verbs that are done in a sentence, and those that only describe a noun.

        A verb inside a data term or a party's name is none.
        """
        taken = _cover(sentence, parties)
        done: list[Verb] = []
        described: list[Verb] = []
        for found in sentence.verbs:
            if taken.find(_TAKEN, found[0], found[1]) >= 0:
                continue
            verb = Verb(*found)
            (done if self._done(sentence.text, verb, parties) else described).append(verb)
        return done, described

    def _done(self, text: str, verb: Verb, parties: list[Party]) -> bool:
        first = max(0, verb.start - _NEAR)
        if self._attributive.match(text, verb.end) or _NOMINAL.search(text, first, verb.start):
            return False
        if verb.word == _RECOGNISE and self._recognisable.search(text, first, verb.start):
            return False
        if verb.kind == "use" and _USER_BEFORE.search(text, first, verb.start):
            return False
        return not any(_OF_PARTY.fullmatch(text, verb.end, p.start) for p in parties)

    def disposal(self, text: str, start: int, end: int) -> int:
        """Return the place of a last `将` or `把` that puts the object first, or -1."""
        return _last(self._disposal, text, start, end)

    def basis(self, text: str, start: int, end: int) -> int:
        """Return the place of a last `根据` or the like, or -1: what follows is used."""
        return _last(self._basis, text, start, end)

    def user_spoken_of(self, text: str, start: int, end: int) -> bool:
        """Tell whether the last party between two places is the user (`您的` is none)."""
        kinds = [
            kind
            for _, last, kind, _ in self._actors.find(text[start:end])
            if text[start + last : start + last + 1] not in {"的", "在"}
        ]
        return bool(kinds) and kinds[-1] == "user"


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    place = -1
    for found in pattern.finditer(text, start, end):
        place = found.start()
    return place


def _cover(sentence: Sentence, parties: list[Party]) -> bytearray:
    """Mark the characters of a sentence that belong to data terms and to these parties."""
    marks = bytearray(len(sentence.text))
    places = [(m.start, m.end) for m in sentence.mentions] + [(p.start, p.end) for p in parties]
    for start, end in places:
        marks[start:end] = _TAKEN * (end - start)
    return marks

"""The grammar of a Chinese clause: which words are its subjects and which are its verbs.

A policy is full of verbs that nobody does in this sentence ("the information you provided") and
of parties that do nothing in it ("with third parties"). Only what is left governs a clause.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from profiles.load import table
from scanner.policy.clause_table import ClauseTable
from scanner.policy.found import Mention, Sentence
from scanner.policy.normal import fold
from scanner.policy.words import Finder, Vocabulary

_REACH = 24
_TO = "(?:向|给|与|至|从|对|(?<![视作认成])为|除|跟|通过|不含|不包含|同(?!意)|经|将|把)"
_OBJECT = re.compile(_TO + r"[^，。；们司]{0,14}\Z")
_WITH = re.compile(r"和(?![^，。；]{0,14}的[^，。；]{0,3}\Z)[^，。；们司]{0,14}\Z")
_FAR_OBJECT = re.compile(r"(?:向|给|与|从|除|通过)[^，。；]{0,20}\Z")
"""A party after a preposition is no subject: "we share with third parties". What we are called
may follow one sooner: "to serve you we collect".
"""
_WITH_US = re.compile(r"(?:向|给|与|和)(?:我们|本公司|我司)[^，。；]{0,12}\Z")
"""Nor is one that works with us, unless it is said to do something itself."""
_MODAL = re.compile("(?:也|还|亦)?(?:会|将|需|可能|可以|应)")
_THEN_MODAL = re.compile(f"(?:（[^（）]{{0,40}}）)?{_MODAL.pattern}")
"""The same behind a bracket: "suppliers and partners (such as carriers) will obtain"."""
_RELATIVE = re.compile(
    "(?![或和及与、])[^，。；我您会将可需]{1,6}的(?![^，。；（]{0,16}(?:包括|包含|如下|：))"
)
_USER_RELATIVE = re.compile("(?![或和及与、])[^，。；我您会将可需]{1,4}的")
"""What we or the user do to something that is spoken of: "the SDK we use may collect"."""
_OF_PARTY = re.compile("(?![给至到予在于])[^，。；您]{1,14}的[^，。；您的会将可]{0,3}")
"""Between a verb and a party that it only describes: "who provides the service"."""
_MOST_OF_PARTY = 18
"""It is no longer than this."""
_OF_DATA = re.compile("(?:[和及与、][^，。；的会可将]{0,6})?(?:个人)?信息")
"""Behind a party whose data is spoken of: "hosts and their listings' data"."""
_AFTER = 60
_USER_BEFORE = re.compile("(?:您|用户|会员)(?:在)?\\Z")
_BY_LEAVE = re.compile("(?:经|未获|未得到?|未征得)\\Z")
"""Before the user whose consent is spoken of: "without the user's consent we must not"."""
_NOMINAL = re.compile("(?<!目)(?<!频繁)(?<!主动)(?<!自动)的\\Z|所\\Z")
_NOUN_BEHIND = ("的", "所")
"""A verb after `的` is a noun: "your registered account"."""
_CARRIED_OUT = re.compile("(?:进行|予以|作出)[^，。；]{0,8}的\\Z")
"""But not in "will not carry out any kind of storing"."""
_BY = ("由", "被")
_ACTING = re.compile("(?:也|还)?(?:会|将|可能|可以|需要|有权)")
"""Behind a word that is data and a party ("carrier"): there it is the party."""
_RECOGNISE = "识别"
_NEAR = 4
_KIT = 40
_GIVEN_TO = "给"
_TAKEN = b"\x01"
_NONE = "none"
_SDK = "sdk"
_GLUED = re.compile("sdk(?<=[a-z]sdk)(?![a-z])")
"""An SDK whose Latin name ends so: "ShareSDK"."""
_PACKAGE = re.compile(r"(?<![a-z0-9./@_])com(?:\.[a-z][a-z0-9_]{1,30}){1,5}(?=会|将|可能|需)")
"""A package of others by its Java name: "com.example.push will read"."""
_BY_APP = re.compile(
    "(?:(?<=^)|(?<=[，。；：]))(?:[本该]?app)(?=会|将|可能|需|获取|收集|采集|读取|访问)"
)
_ITS_SERVICE = re.compile(
    "的(?:(?:产品|服务|应用|平台|软件|网站|插件|系统|程序|功能)(?:或者?|和|及|与|、|以及)?){1,3}"
    "(?:也|还)?(?:将|会|可能|有权)"
)
"""What a third party runs acts for it: "their service will collect"."""
_OTHER_USERS = re.compile("用户[^，。；]{0,24}\\Z")
_THEY = "他们"


@dataclass(slots=True)
class Verb:
    """A verb of a sentence: its place, its class and the word."""

    start: int
    end: int
    kind: str
    word: str


@dataclass(slots=True)
class Party:
    """A party: its place and its class (app, user, affiliate, third_party, `name:` and a name)."""

    start: int
    end: int
    kind: str
    own: bool = False
    """Whether it is the company itself whose policy this is, by its name."""


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
        self._helped = re.compile(f"(?:{self.rules.helped})\\Z")
        self._means = re.compile(f"(?:{self.rules.means})\\Z")
        self._our_kit = re.compile(f"(?:{self.rules.our_kit})\\Z")
        self._no_case = re.compile(f"(?:{self.rules.no_case})\\Z")
        self._companies = words.company_table.names

    @cached_property
    def _actors(self) -> Finder:
        named = {fold(name): f"name:{name}" for name in self._companies}
        return Finder(
            {**named, **{w: kind for kind, words in self.rules.actors.items() for w in words}}
        )

    @cached_property
    def _verbs(self) -> Finder:
        return Finder({w: kind for kind, words in self.rules.verbs.items() for w in words})

    def parties(self, sentence: Sentence) -> list[Party]:
        """Return the parties named in a sentence, acting or not; none inside a data term.

        A company is none in its own policy, nor where only its SDK is named.
        """
        data, text = _cover(sentence, []), sentence.text
        found = [
            Party(start, end, *(("app", True) if kind in sentence.own else (kind,)))
            for start, end, kind, _ in self._actors.find(text)
            if kind != _NONE and (data.find(_TAKEN, start, end) < 0 or _ACTING.match(text, end))
        ]
        found = [p for p in found if not (_named(p) and text.startswith(_SDK, p.end))]
        hosts = {p.end for p in found if _named(p)}
        found = [p for p in found if p.kind != "app" or p.start not in hosts]
        glued: list[Party] = []
        if _SDK in text:
            glued += [Party(*m.span(), "third_party") for m in _GLUED.finditer(text)]
        if "com." in text:
            glued += [Party(*m.span(), "third_party") for m in _PACKAGE.finditer(text)]
        if "app" in text:
            glued += [Party(*m.span(), "app") for m in _BY_APP.finditer(text)]
        return sorted([*found, *glued], key=lambda p: p.start) if glued else found

    def subjects(self, text: str, parties: list[Party]) -> list[Party]:
        """Return the parties that can be subjects: no owner, no object, no part of a noun."""
        return [p for p in parties if self._acts(text, p)]

    def _acts(self, text: str, party: Party) -> bool:
        relative = _USER_RELATIVE if party.kind == "user" else _RELATIVE
        if text.startswith(("的", "）", "之间"), party.end):
            others = party.kind not in {"app", "user"}
            return others and bool(_ITS_SERVICE.match(text, party.end))
        if relative.match(text, party.end):
            return bool(self._no_case.search(text, max(0, party.start - _NEAR), party.start))
        if text.endswith(_BY, 0, party.start):
            return not self._of_users(text, party)
        if self._is_object(text, party):
            return False
        if text[party.start : party.end] in self._plain:
            return True
        return bool(self._predicate.match(text, party.end, party.end + _AFTER))

    def _of_users(self, text: str, party: Party) -> bool:
        """Tell other users that were named before: "whom you follow or who follow you"."""
        they = text.startswith(_THEY, party.start)
        first = max(0, party.start - _REACH)
        return they and bool(_OTHER_USERS.search(text, first, party.start))

    def _is_object(self, text: str, party: Party) -> bool:
        """Tell a party that something is done with or to."""
        first = max(0, party.start - _REACH)
        if _OBJECT.search(text, first, party.start):
            return True
        if _WITH.search(text, first, party.start) and not _THEN_MODAL.match(text, party.end):
            return True
        others = party.kind not in {"app", "user"}
        means = self._means if others else self._helped
        if not _MODAL.match(text, party.end) and (
            means.search(text, first, party.start)
            or (others and self._our_kit.search(text, max(0, party.start - _KIT), party.start))
        ):
            return True
        far = (others and _FAR_OBJECT.search(text, first, party.start)) or (
            _WITH_US.search(text, first, party.start)
        )
        return bool(far) and not _MODAL.match(text, party.end)

    def verbs(self, sentence: Sentence, parties: list[Party]) -> tuple[list[Verb], list[Verb]]:
        """Return the verbs that are done in a sentence, and those that only describe a noun.

        A verb inside a data term or a party's name is none.
        """
        taken, text = _cover(sentence, parties), sentence.text
        others = [p for p in parties if p.kind != "user" and not _OF_DATA.match(text, p.end)]
        owners = [p.start for p in others]
        done: list[Verb] = []
        described: list[Verb] = []
        for found in self._all_verbs(sentence):
            if taken.find(_TAKEN, found[0], found[1]) >= 0:
                continue
            verb = Verb(*found)
            (done if self._done(text, verb, owners) else described).append(verb)
        return done, described

    def _all_verbs(self, sentence: Sentence) -> list[tuple[int, int, str, str]]:
        """Return the verbs of the cards and those beside them, in order, without overlaps."""
        more = self._verbs.find(sentence.text)
        if not more:
            return sentence.verbs
        known = [(a, b) for a, b, _, _ in sentence.verbs]
        new = [m for m in more if not any(a < m[1] and m[0] < b for a, b in known)]
        return sorted([*sentence.verbs, *new])

    def _done(self, text: str, verb: Verb, owners: list[int]) -> bool:
        """Tell a verb that is done from one that describes data, or a party that begins behind."""
        first = max(0, verb.start - _NEAR)
        if self._attributive.match(text, verb.end):
            return False
        if text.endswith(_NOUN_BEHIND, 0, verb.start) and _NOMINAL.search(text, first, verb.start):
            return bool(_CARRIED_OUT.search(text, max(0, verb.start - _REACH), verb.start))
        if verb.word == _RECOGNISE and self._recognisable.search(text, first, verb.start):
            return False
        if verb.kind == "use" and _USER_BEFORE.search(text, first, verb.start):
            return False
        if verb.word.endswith(_GIVEN_TO):
            return True
        near = [start for start in owners if 0 < start - verb.end <= _MOST_OF_PARTY]
        return not any(_OF_PARTY.fullmatch(text, verb.end, start) for start in near)

    def disposal(self, text: str, start: int, end: int) -> int:
        """Return the place of a last `将` or `把` that puts the object first, or -1."""
        return _last(self._disposal, text, start, end)

    def basis(self, text: str, start: int, end: int) -> int:
        """Return the place of a last `根据` or the like, or -1: what follows is used."""
        return _last(self._basis, text, start, end)

    def put(self, text: str, start: int, end: int) -> int:
        """Return the place where an object is put before its verb, or -1."""
        return max(self.disposal(text, start, end), self.basis(text, start, end))

    def user_spoken_of(self, text: str, start: int, end: int) -> bool:
        """Tell whether the last party between two places is the user (`您的` is none).

        Nor is one who only gives his leave: "without the user's consent (we) do not disclose".
        """
        kinds = [
            kind
            for first, last, kind, _ in self._actors.find(text[start:end])
            if text[start + last : start + last + 1] not in {"的", "在"}
            and not _BY_LEAVE.search(text, max(0, start + first - _NEAR), start + first)
            and kind in self.rules.actors
            and kind != _NONE
        ]
        return bool(kinds) and kinds[-1] == "user"


def _named(party: Party) -> bool:
    return party.kind.startswith("name:")


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    place = -1
    for found in pattern.finditer(text, start, end):
        place = found.start()
    return place


def _cover(sentence: Sentence, parties: list[Party]) -> bytearray:
    """Mark the characters of a sentence that belong to data terms and to these parties."""
    marks = bytearray(len(sentence.text))
    places: list[Mention | Party] = [*sentence.mentions, *parties]
    for place in places:
        marks[place.start : place.end] = _TAKEN * (place.end - place.start)
    return marks

"""Data words in an English sentence: the lexicon in all its forms, and words in another sense."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.model.base import Doc
from scanner.model.policy import Polarity
from scanner.policy.english_finder import EnglishFinder
from scanner.policy.english_forms import spelling_pairs, term_forms
from scanner.policy.english_senses import EnglishSenses
from scanner.policy.normal import Normal
from scanner.policy.words import Vocabulary

_STOP = ""
_LOOK_BACK = 60
_HEAD = 16
_SIDE_BY_SIDE = 24
_LISTED = re.compile(r"(?:[\w'-]{2,20}(?:, ?(?:and |or )?| and | or | and/or | ?/ ?| & ))+\Z")
_OF = re.compile(
    r"\b([a-z]{3,14}) of (?:the|your|their|his|her|its|a|an|each|every) "
    r"([a-z-]{3,14}(?: [a-z]{3,10})?)\b"
)
_GENITIVE = re.compile(r"\b([a-z]{3,14})'s ([a-z-]{3,14}(?: [a-z]{3,10})?)\b")
_DEVICE = dict.fromkeys(("phone", "handset", "tablet", "smartphone", "telephone"), "device")
_PART = re.compile(r"[\w'-]{2,20}")


class Relatives(Doc):
    """Nouns and verbs that together name one kind of data: "the pages you view"."""

    data_type: str
    nouns: tuple[str, ...]
    verbs: tuple[str, ...]


class Phrase(Doc):
    """A pattern that names one kind of data; tried where `need` stands in the sentence."""

    data_type: str
    need: str
    pattern: str


class EnglishTable(Doc):
    """`tables/policy_english.yaml`."""

    checked: str
    source: tuple[str, ...]
    stop: tuple[str, ...]
    senses: tuple[str, ...]
    verbs: dict[str, tuple[str, ...]]
    phrases: tuple[Phrase, ...]
    relatives: tuple[Relatives, ...]
    behind: dict[str, tuple[str, ...]]
    nouns: dict[str, tuple[str, ...]]
    answers: dict[str, Polarity]
    kept_until: str
    irregular: dict[str, tuple[str, ...]]
    cut: str
    idle: str
    silent: str
    advice: str
    we: str
    third: str
    parties: tuple[str, ...]
    towards: str
    not_subject: str
    lets: str
    user: str
    relative: str
    onlookers: str
    to_us: str
    outward: str
    passive: str
    negated: str
    not_negated: str
    after_negated: str
    exception: str
    later: str
    question: str
    asked: str
    yea: str
    nay: str
    lead: str
    mute: str
    label: str
    quality: str
    owned: str
    unlabelled: str
    beside: str
    direct: str
    article: str
    opening: str
    headed: str
    purpose: str
    condition: str
    receiver: str
    spellings: tuple[tuple[str, str], ...]


class Found(NamedTuple):
    """A data word: offsets in the normalised sentence, its type, and whether it needs support."""

    start: int
    end: int
    data_type: str
    weak: bool


class EnglishTerms:
    """Finds the data words of sentences."""

    def __init__(self, words: Vocabulary, rules: EnglishTable) -> None:
        """Make every form of the English lexicon. A form that is a term itself stays that term."""
        terms = [t for t in words.know.lexicon if t.lang == "en"]
        given = {
            t.text if t.text.isascii() and t.text.islower() else _plain(t.text): t for t in terms
        }
        spellings = spelling_pairs(rules.spellings)
        self._types: dict[str, str] = {}
        self._weak: set[str] = set()
        for text, term in given.items():
            for form in term_forms(text, spellings):
                if form == text or form not in given:
                    self._types.setdefault(form, term.data_type)
                    if term.weak:
                        self._weak.add(form)
        self._finder = EnglishFinder({**self._types, **dict.fromkeys(rules.stop, _STOP)})
        self._headed = re.compile(rules.headed)
        self._senses = EnglishSenses(rules.senses)

    def find(self, text: str) -> list[Found]:
        """Return the data words in order of place, without those that mean something else."""
        composed = list(self._composed(text))
        found = [m for m in self._finder.find(text) if m[2]]
        if not found:
            return composed
        other = self._senses.spans(text, {word for _, _, _, word in found})
        out: list[Found] = []
        for start, end, data_type, word in found:
            if any(a <= start and end <= b and (a, b) != (start, end) for a, b in other):
                continue
            floor = out[-1].end if out else 0
            out.extend(self._sharing_a_head(text, max(floor, start - _LOOK_BACK), start, word))
            weak = word in self._weak and not self._headed.match(text[end : end + _HEAD])
            out.append(Found(start, end, data_type, weak))
        return _united(out, composed) if composed else out

    def _composed(self, text: str) -> Iterator[Found]:
        """Yield terms that are said the other way round: "model of your phone", "phone's model"."""
        if " of " in text:
            yield from self._turned(_OF.finditer(text), head=1, owner=2)
        if "'s " in text:
            yield from self._turned(_GENITIVE.finditer(text), head=2, owner=1)

    def _turned(self, places: Iterator[re.Match[str]], head: int, owner: int) -> Iterator[Found]:
        for m in places:
            short = m.group(2).partition(" ")[0]
            for second, end in ((m.group(2), m.end()), (short, m.start(2) + len(short))):
                said = (m.group(1), second)
                term = f"{_DEVICE.get(said[owner - 1], said[owner - 1])} {said[head - 1]}"
                if term not in self._types:
                    term = f"{said[owner - 1]} {said[head - 1]}"
                if term in self._types and term not in self._weak:
                    yield Found(m.start(), end, self._types[term], weak=False)
                    break

    def _sharing_a_head(self, text: str, floor: int, start: int, word: str) -> Iterator[Found]:
        """Yield what stands before a term and shares its last word: "IP and MAC addresses"."""
        _, blank, head = word.partition(" ")
        before = _LISTED.search(text[floor:start]) if blank else None
        if before is None:
            return
        for part in _PART.findall(before.group()):
            whole = f"{part} {head}"
            if whole in self._types and whole not in self._weak:
                yield Found(start, start + len(word), self._types[whole], weak=False)


def _plain(text: str) -> str:
    return Normal(text, chinese=False).text


def _united(terms: list[Found], composed: list[Found]) -> list[Found]:
    """Put the composed terms in the place of the single words that they are made of."""
    out = terms
    for c in composed:
        if all(c.start <= t.start and t.end <= c.end for t in out if meet(t, c)):
            out = [t for t in out if not meet(t, c)] + [c]
    return sorted(out)


def meet(one: Found, other: Found) -> bool:
    """Tell whether two data words overlap."""
    return one.start < other.end and other.start < one.end


def side_by_side(text: str, one: Found, other: Found, beside: re.Pattern[str]) -> bool:
    """Tell whether nothing but the words of an enumeration stands between two data words."""
    first, second = sorted((one, other))
    gap = second.start - first.end
    between = text[first.end : second.start]
    return gap <= _SIDE_BY_SIDE and between != " " and bool(beside.match(between))

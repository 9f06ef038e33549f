"""The words and patterns by which policies are read, compiled once per knowledge."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import ahocorasick_rs as ac

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.base import Doc
from scanner.policy.cards import Scorecard, TwoCards, Weights
from scanner.policy.normal import fold
from scanner.policy.prefilter import Guarded, Prefilter
from scanner.policy.ways import Grades, Steps, Whole, grades


class WordTable(Doc):
    """`tables/policy_words.yaml`: stop phrases, verb classes, patterns and sentence flags."""

    checked: str
    source: tuple[str, ...]
    stop: tuple[str, ...]
    verbs: dict[str, tuple[str, ...]]
    patterns: dict[str, str]
    masks: tuple[str, ...]
    doubtful: tuple[str, ...]
    doubtful_score: int
    together: int
    led: int
    flags: dict[str, str]
    cues: dict[str, str]
    silent: str
    limited: str
    umbrella: tuple[str, ...]
    finer: dict[str, str]


class CompoundTable(Doc):
    """`tables/policy_compounds.yaml`: longer words that hold a data word and name no data."""

    checked: str
    source: tuple[str, ...]
    compounds: dict[str, tuple[str, ...]]


class CompanyTable(Doc):
    """`tables/policy_companies.yaml`: companies by name, and how a policy names its own."""

    checked: str
    source: tuple[str, ...]
    own: str
    names: tuple[str, ...]


class SectionRule(Doc):
    """One section and the headings that open it."""

    section: str
    zh: str
    en: str


class SectionTable(Doc):
    """`tables/policy_sections.yaml`: rules in order of precedence, and what counts where."""

    checked: str
    source: tuple[str, ...]
    rules: tuple[SectionRule, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """Both looks at a mention: how their weights are packed, and what features weigh."""

    cards: TwoCards
    grades: Grades[int]
    steps: Steps[int]


class ScorecardTable(Doc):
    """`tables/policy_scorecard.yaml`: two looks at mentions, one at sentences."""

    checked: str
    source: tuple[str, ...]
    first: Scorecard
    mention: Scorecard
    sentence: Scorecard


_SHARED = 2


class Finder:
    """Finds words of several classes in one pass, longest first, without overlaps."""

    def __init__(self, classes: dict[str, str]) -> None:
        """Take word -> class. Words beside Latin letters of their own kind do not match."""
        self._words = list(classes)
        self._classes = [classes[word] for word in self._words]
        self._edges = [
            (word[0].isascii() and word[0].isalnum(), word[-1].isascii() and word[-1].isalnum())
            for word in self._words
        ]
        self._longest = max(map(len, self._words), default=0)
        self._matcher = ac.AhoCorasick(self._words, matchkind=ac.MatchKind.LeftmostLongest)

    def find(self, text: str) -> list[tuple[int, int, str, str]]:
        """Return (start, end, class, word) in order of place."""
        out: list[tuple[int, int, str, str]] = []
        done = 0
        for index, start, end in self._matcher.find_matches_as_indexes(text):
            if start < done or not self._free(text, index, start, end):
                continue
            hit = start, end, self._classes[index], self._words[index]
            if not hit[2]:
                hit = self._beyond(text, start, end) or hit
            done = hit[1]
            out.append(hit)
        return out

    def _beyond(self, text: str, start: int, end: int) -> tuple[int, int, str, str] | None:
        """Return the word of a class that begins inside a stop phrase and ends behind it.

        "Create an account" is no data, but "create account information" names the latter. What
        shares one character only is a chance: two words meet there.
        """
        at, last = start + 1, end + self._longest
        while at <= end - _SHARED:
            found = next(iter(self._matcher.find_matches_as_indexes(text[at:last])), None)
            if found is None or at + found[1] > end - _SHARED:
                return None
            index, first, behind = found[0], at + found[1], at + found[2]
            if behind > end and self._classes[index] and self._free(text, index, first, behind):
                return first, behind, self._classes[index], self._words[index]
            at = first + 1
        return None

    def _free(self, text: str, index: int, start: int, end: int) -> bool:
        """Tell whether no Latin letter touches a word's Latin edge."""
        left, right = self._edges[index]
        if left and start and _latin(text[start - 1]):
            return False
        return not (right and end < len(text) and _latin(text[end]))


class Signs:
    """Patterns by name, of which few are found in a sentence."""

    def __init__(self, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> None:
        """Take names and patterns."""
        self._signs = list(patterns)
        self._possible = Prefilter([pattern for _, pattern in self._signs])

    def possible(self, text: str) -> list[tuple[str, re.Pattern[str]]]:
        """Return those that a text may hold, in order."""
        return [self._signs[number] for number in self._possible(text)]

    def named(self, text: str) -> list[str]:
        """Return the names of those that a text holds, in order."""
        return [name for name, pattern in self.possible(text) if pattern.search(text)]


class Vocabulary:
    """Everything the room looks up, made from one `Knowledge`."""

    def __init__(self, know: Knowledge) -> None:
        """Read the tables; matchers are built when first used."""
        self.know = know
        self.words = table(know, "policy_words", WordTable)
        self.section_table = table(know, "policy_sections", SectionTable)
        cards = table(know, "policy_scorecard", ScorecardTable)
        self.first_card, self.card, self.gate_card = cards.first, cards.mention, cards.sentence
        self.patterns = {k: re.compile(v) for k, v in self.words.patterns.items()}
        self.masks = frozenset(self.words.masks)
        flags = ((f"is={k}", re.compile(v)) for k, v in self.words.flags.items())
        self.signs = Signs([*flags, *((name, self.patterns[name]) for name in self.words.masks)])
        self.cues = Signs((f"cue={k}", re.compile(v)) for k, v in self.words.cues.items())
        self.weak = {fold(t.text) for t in know.lexicon if t.weak and t.lang == "zh"}
        self.silent = Guarded(self.words.silent)
        self.limited = re.compile(self.words.limited)
        self.umbrella = set(self.words.umbrella)
        self.company_table = table(know, "policy_companies", CompanyTable)
        self.own = re.compile(self.company_table.own)

    @cached_property
    def above(self) -> dict[str, frozenset[str]]:
        """The wider types of every data type."""
        know = self.know
        return {kind: frozenset(know.ancestors(kind)) - {kind} for kind in know.data_types}

    @cached_property
    def looks(self) -> Looks:
        """Both looks at a mention."""
        cards = TwoCards(self.first_card, self.card)
        said = {n: weight for n, weight in self.card.weights.items() if n.startswith("first")}
        return Looks(cards, grades(cards), Steps(Weights(said)))

    @property
    def gate_card(self) -> Scorecard:
        """The card of sentences; `gate` follows it."""
        return self._gate_card

    @gate_card.setter
    def gate_card(self, card: Scorecard) -> None:
        self._gate_card, self.gate = card, Whole(Weights(card.weights))

    @cached_property
    def terms(self) -> Finder:
        """The Chinese lexicon; stop phrases and compounds have an empty class."""
        classes = {fold(t.text): t.data_type for t in self.know.lexicon if t.lang == "zh"}
        compounds = table(self.know, "policy_compounds", CompoundTable).compounds
        none = chain(self.words.stop, *compounds.values())
        return Finder({**classes, **{fold(word): "" for word in none}})

    @cached_property
    def companies(self) -> Finder:
        """Companies, each in the class `name:` and its name."""
        return Finder({fold(name): f"name:{name}" for name in self.company_table.names})

    @cached_property
    def verbs(self) -> Finder:
        """Verb classes: collect, share, give, use, store, entrust, abroad."""
        return Finder({fold(w): kind for kind, words in self.words.verbs.items() for w in words})


_CACHE: dict[str, Vocabulary] = {}


def vocabulary(know: Knowledge) -> Vocabulary:
    """Return the compiled words of a knowledge; the last one is kept."""
    found = _CACHE.get(know.digest)
    if found is None:
        _CACHE.clear()
        found = _CACHE[know.digest] = Vocabulary(know)
    return found


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()

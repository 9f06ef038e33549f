"""One English sentence clause by clause: which deed each data word belongs to."""

import re
from collections.abc import Callable, Iterator

from scanner.policy.english_leads import COLLECTED, MUTE, Told
from scanner.policy.english_support import EnglishSupport
from scanner.policy.english_terms import EnglishTable, Found
from scanner.policy.english_verbs import Deed, EnglishVerbs, Verb

_CARRIED = frozenset({"share", "give", "store"})
_EXPORTED = frozenset({"declared", "outright", "conditional", "denied"})
_ASKED = re.compile(r"\W*(?:(?:to|the|a|and|please|you can) )?\Z")
"""What stands before the verb of an item such as "access your photos"."""
_TREATED = re.compile(
    r" (?:is|are|was|were|will be|may be|might be|can be) (?:[a-z]+ly |then |also |only )?"
    r"[a-z]{3,}(?:ed|en)\b(?! (?:a|an|as|in section|under|by law)\b)"
)
"""Something is done with the data, whatever the verb is."""
_NAMED = re.compile(r"(?:how|who|whether|where|what|names?|list|number|details|address)\b")
"""So begins what is said of a party, which is data."""
_WORD = re.compile(r"[a-z]{3,}")
_SAID = 3
"""A clause that has fewer words beside its data is a title or an item, and says nothing."""
_ASIDE = re.compile(
    r", (?:unless|if|when|where|once|while|after|before|provided|depending on) [^,]{2,60}(?=,)"
)
_OPENING = re.compile(
    r"(?:when|whenever|if|before|after|once|while|as soon as|each time|every time|where|until"
    r"|because|since|although|as)\b[^,]{2,120},"
)
"""A clause between commas, or in front of the main one: its verb rules nothing outside."""


Export = Callable[[str], str]


class EnglishClauses:
    """Cuts a sentence and gives every data word that counts its deed."""

    def __init__(
        self,
        rules: EnglishTable,
        verbs: EnglishVerbs,
        support: EnglishSupport,
        export: Export | None,
    ) -> None:
        """Compile the patterns. `export` tells what a clause says of export."""
        self._verbs = verbs
        self._support = support
        self._export = export
        self._parties = frozenset(rules.parties)
        names = ("cut", "idle", "quality", "owned", "towards")
        self._p = {name: re.compile(getattr(rules, name)) for name in names}

    def read(
        self, text: str, verbs: list[Verb], found: list[Found], led: Deed | None
    ) -> Iterator[Told]:
        """Yield the deeds of a sentence, each with one data word."""
        for start, end in self._clauses(text, verbs):
            here = [
                f._replace(start=f.start - start, end=f.end - start)
                for f in found
                if start <= f.start < end
            ]
            own = [
                v._replace(start=v.start - start, end=v.end - start)
                for v in verbs
                if start <= v.start < end
            ]
            clause = text[start:end]
            if here and not self._p["idle"].search(clause):
                yield from self._clause(text, clause, own, here, led)

    def _clauses(self, text: str, verbs: list[Verb]) -> Iterator[tuple[int, int]]:
        start = 0
        for cut in self._p["cut"].finditer(text):
            left = any(start <= v.start < cut.start() for v in verbs)
            if left and any(v.start >= cut.end() for v in verbs):
                yield start, cut.start()
                start = cut.end()
        yield start, len(text)

    def _clause(
        self, text: str, clause: str, verbs: list[Verb], found: list[Found], led: Deed | None
    ) -> Iterator[Told]:
        asides = [m.span() for m in _ASIDE.finditer(clause)]
        opening = _OPENING.match(clause)
        if opening:
            asides.append(opening.span())
        for data in self._support.counted(clause, found, verbs, led=led is not None):
            verb = self._verbs.ruling(clause, _outside(verbs, asides, data), data)
            if led is MUTE and verb and (verb.noun or _ASKED.match(clause[: verb.start])):
                continue
            if verb and self._party(clause, verb, data):
                continue
            deed = self._deed(text, clause, verb, data, led)
            if deed:
                yield deed, [data]

    def _deed(
        self, text: str, clause: str, verb: Verb | None, data: Found, led: Deed | None
    ) -> Deed | None:
        """Return what is done with a data word: its verb's deed, or that of the lead-in."""
        if led and (verb is None or not self._verbs.tells(clause, verb, data)):
            return led
        if verb is None:
            return COLLECTED if self._spoken(clause, data) else None
        if verb.kind == "list":
            return led or self._verbs.deed(clause, verb, text)
        if verb.kind == "none":
            return None
        return self._abroad(clause, verb, self._verbs.deed(clause, verb, text))

    def _party(self, clause: str, verb: Verb, data: Found) -> bool:
        """Tell a word that names who acts or receives, and no data: "your employer can see"."""
        word = clause[data.start : data.end]
        if data.data_type not in self._parties or _NAMED.match(word):
            return False
        if self._p["towards"].search(clause, 0, data.start):
            return True
        return verb.start > data.end and self._verbs.acts(clause, verb, data)

    def _abroad(self, clause: str, verb: Verb, deed: Deed) -> Deed:
        """Return the deed as an export where its clause says that the data leaves the country."""
        if self._export is None or verb.kind not in _CARRIED or deed.actor != "app":
            return deed
        away = self._export(clause) in _EXPORTED
        return deed._replace(action="transfer_abroad") if away else deed

    def _spoken(self, clause: str, data: Found) -> bool:
        """Tell whether a clause whose verb no table knows speaks of the user's own data."""
        treated = not data.weak and _TREATED.match(clause, data.end)
        owner = treated or self._p["owned"].search(clause, 0, data.start)
        said = len(_WORD.findall(clause[: data.start])) + len(_WORD.findall(clause[data.end :]))
        return bool(owner) and said >= _SAID and not self._p["quality"].search(clause)


def _outside(verbs: list[Verb], asides: list[tuple[int, int]], data: Found) -> list[Verb]:
    """Leave out the verbs of a clause between commas that the data does not stand in."""
    away = [(a, b) for a, b in asides if not a <= data.start < b]
    left = [v for v in verbs if not any(a <= v.start < b for a, b in away)]
    return left or verbs

"""What the families of features tell, ready to be asked: of mentions, of their neighbours' first
scores, of sentences. Made once per card; what is always told alike is told here.
"""

from typing import Generic

from scanner.policy.cards import Many, Names, One, Pairs, T, Teller, Told
from scanner.policy.found import Mention

TYPES = 5
LENGTHS = 4
CHAIN = 4
STRONG = 3
COMMAS = 2
"""Counts above these are told as these."""
GAPS = (1, 4, 10, 25)
"""The bounds of what stands between a verb and an enumeration."""
KINDS = ("collect", "share", "give", "use", "store")
_STEPS = (*range(7), -4, -3, -2, -1)


class Ways(Generic[T]):
    """What the families of features tell of mentions of one grade, ready to be asked."""

    def __init__(self, tell: Teller[T], grade: str, pairs: tuple[Pairs[T], Pairs[T]]) -> None:
        """Make the families, and what is always told alike, for weak or for strong mentions.

        `pairs` tells the characters before a mention and behind it, whatever its grade.
        """
        self.left, self.right = pairs
        self._tell, self._graded = tell, f"&{grade}"
        self.none = tell.none
        self._of_sentence(tell, f"&{grade}")
        self.grade = tell.names([grade])
        self._of_chain(tell, f"&{grade}")
        self._of_neighbours(tell, f"&{grade}")
        self._of_others(tell, f"&{grade}")
        self._inside: dict[str, tuple[T, One[T], One[T]]] = {}

    def _of_sentence(self, tell: Teller[T], graded: str) -> None:
        self.flags = tell.whole("is", ("", graded))
        self.has = tell.many("has", (graded,))
        self.section = tell.one("section", ("", graded))
        self.block = tell.one("block")
        self.length = _numbers(tell, "length", LENGTHS)
        self.types = _numbers(tell, "types", TYPES, ("", graded))
        self.lead = tell.one("lead", ("", graded))

    def _of_chain(self, tell: Teller[T], graded: str) -> None:
        self.chain = _numbers(tell, "chain", CHAIN, ("", graded))
        self.strong = _numbers(tell, "chain.strong", STRONG)
        self.clause, self.ends = tell.one("clause"), tell.one("ends")
        self.then, self.since = tell.one("then"), tell.one("since")
        self.no_rule = tell.names(["rule=none"])
        commas = range(COMMAS + 1)
        self.rule_word = [tell.one("rule", (f"&{n}",)) for n in commas]
        self.rule = [
            [tell.one("rule", (f"&{n}", f"&{n}&{yours}")) for yours in (False, True)]
            for n in commas
        ]
        self.rule_far = [tell.one("rule", (f"&far{n}",)) for n in range(len(GAPS) + 1)]
        self.rule_next, self.rule_gap = tell.one("rule.next"), tell.one("rule.gap")

    def _of_neighbours(self, tell: Teller[T], graded: str) -> None:
        self.next, self.following = tell.one("next", ("", graded)), tell.one("next")
        self.prev, self.preceding = tell.one("prev", ("", graded)), tell.one("prev")
        self.first = tell.names([f"prev={graded}"])
        self.colon = tell.names(["after=colon", f"after=colon{graded}"])
        self.including = tell.names(["after=including"])
        self.bracketed = tell.names(["in=brackets", f"in=brackets{graded}"])
        self.bracket, self.bracket_of = tell.many("bracket"), tell.one("bracket.of")

    def _of_others(self, tell: Teller[T], graded: str) -> None:
        self.term, self.type = tell.one("term"), tell.one("type")
        self.sides = {kind: _sides(tell, kind, graded) for kind in KINDS}
        self.nobody = tell.names(["who=-", f"whom=-{graded}"])
        self.who, self.whom = tell.one("who"), tell.one("whom", (graded,))
        self.holds, self.holds_bracket = tell.one("holds"), tell.one("holds.bracket")
        self.holding = tell.names(["holds"])
        self.holding_bracket = tell.names(["holds.bracket"])
        self.member = tell.names(["member"])
        self.verb = [tell.one("verb", ("", f"&{where}")) for where in ("far", "near")]
        self.beside_left = [tell.one("left", (f"&{where}",)) for where in ("far", "near")]
        self.beside_right = [tell.one("right", (f"&{where}",)) for where in ("far", "near")]
        self.again_later = tell.names(["again=later"])
        self.again_first = tell.names(["again=first"])

    def inside(self, mask: str, mention: Mention) -> T:
        """Return what is told of a mention that stands in a purpose, a condition or the like."""
        if mask not in self._inside:
            inside, tell = f"in={mask}", self._tell
            self._inside[mask] = (
                tell.names([inside, inside + self._graded]),
                tell.one("term", (f"&{inside}",)),
                tell.one("type", (f"&{inside}",)),
            )
        always, term, kind = self._inside[mask]
        return always + term(mention.term, self.none) + kind(mention.data_type, self.none)


Grades = tuple[Ways[T], Ways[T]]
"""Of strong mentions, and of weak ones."""


def grades(tell: Teller[T]) -> Grades[T]:
    """Return what is told of strong and of weak mentions."""
    pairs = tell.pairs("left="), tell.pairs("right=")
    return Ways(tell, "strong", pairs), Ways(tell, "weak", pairs)


def _numbers(tell: Teller[T], family: str, most: int, forms: Told = ("",)) -> list[T]:
    one = tell.one(family, forms)
    return [one(str(number), tell.none) for number in range(most + 1)]


def _sides(tell: Teller[T], kind: str, graded: str) -> tuple[T, T, T]:
    """Tell a verb before a mention, before its clause, and behind it."""
    near, far, behind = (
        tell.names([f"{side}={kind}", f"{side}={kind}{graded}"])
        for side in ("before", "far.before", "after")
    )
    return near, far, behind


class Steps(Generic[T]):
    """What the first scores tell in the second look: a list per family, indexed by the step."""

    def __init__(self, tell: Teller[T]) -> None:
        """Tell every step; those below zero count from the end of a list."""
        self.none = tell.none
        self.own, self.left, self.right, self.most, self.mean, self.same = (
            [tell.one(family)(str(step), tell.none) for step in _STEPS]
            for family in (
                "first",
                "first.left",
                "first.right",
                "first.most",
                "first.mean",
                "first.same",
            )
        )


class Whole(Generic[T]):
    """What the families of features tell of a sentence."""

    def __init__(self, tell: Teller[T]) -> None:
        """Make the families."""
        self._tell = tell
        self.none, self.names, self.pairs = tell.none, tell.names, tell.pairs("")
        self.section, self.block, self.lead = map(tell.one, ("section", "block", "lead"))
        self.length, self.kept, self.best = map(tell.one, ("length", "kept", "best"))
        self.open, self.end = tell.one("open"), tell.one("end")
        self.flags, self.cues = tell.whole("is"), tell.whole("cue")
        self.types = tell.many("type")
        self.no_verb = {lead: tell.names([f"verb=none&lead={lead}"]) for lead in (False, True)}
        self._verbs: dict[str, Many[T]] = {}

    def verbs(self, section: str) -> Many[T]:
        """Return what tells the classes of the verbs of a sentence in a section."""
        if section not in self._verbs:
            self._verbs[section] = self._tell.many("verb", ("", f"&section={section}"))
        return self._verbs[section]


WAY_NAMES = grades(Names())
STEP_NAMES = Steps(Names())
WHOLE_NAMES = Whole(Names())
"""The same for who wants the names."""

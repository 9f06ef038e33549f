"""Cards: weights of named features, looked up family by family.

A feature is named `family=value`, often once more with what it was found beside
(`next=功能&weak`). What is judged is asked by family and value, and a family answers for all forms
of its names at once: no name is put together only to be looked up. `Names` answers with the names
themselves, so that what is summed is what is told.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import repeat
from operator import add
from typing import Protocol, Self, TypeVar

import ahocorasick_rs as ac

from scanner.model.base import Doc

Told = tuple[str, ...]


class Adds(Protocol):
    """What can be added up: numbers, or tuples of names."""

    def __add__(self, other: Self, /) -> Self:
        """Return both together."""


T = TypeVar("T", bound=Adds)
One = Callable[[str, T], T]
"""What a family tells of a value; called with the value and with nothing told."""
Many = Callable[[Iterable[str]], T]
"""What a family tells of several values, each given once."""
Pairs = Callable[[str], T]
"""What the pairs of characters in a text tell, each pair once."""
_PLAIN = ("",)
_PAIR = 2
MOST_NAMES = 400
"""No mention has so many features."""


class Scorecard(Doc):
    """Weights of named features and the threshold that their sum must exceed, in hundredths.

    Whole numbers, so that the sum does not depend on the order of adding.
    """

    threshold: int
    bias: int
    weights: dict[str, int]


class Teller(Protocol[T]):
    """Tells features by family: as names, or as what they weigh."""

    none: T

    def names(self, names: Iterable[str]) -> T:
        """Tell whole names, each given once."""

    def one(self, family: str, forms: Told = _PLAIN) -> One[T]:
        """Return what tells one value of a family, in all forms (endings) of its names."""

    def many(self, family: str, forms: Told = _PLAIN) -> Many[T]:
        """Return what tells several values of a family."""

    def whole(self, family: str, /, forms: Told = _PLAIN) -> Many[T]:
        """Return what tells several values of a family that are given as `family=value`."""

    def pairs(self, prefix: str) -> Pairs[T]:
        """Return what tells pairs of characters, which are named with this prefix."""


class Names:
    """Tells the names of features."""

    none: Told = ()

    def names(self, names: Iterable[str]) -> Told:
        """Return the names."""
        return tuple(names)

    def one(self, family: str, forms: Told = _PLAIN) -> One[Told]:
        """Return what names one value."""
        return lambda value, _none: tuple(f"{family}={value}{form}" for form in forms)

    def many(self, family: str, forms: Told = _PLAIN) -> Many[Told]:
        """Return what names several values."""
        return lambda values: tuple(f"{family}={v}{form}" for v in values for form in forms)

    def whole(self, _family: str, /, forms: Told = _PLAIN) -> Many[Told]:
        """Return what names several values that are given with their family."""
        return lambda values: tuple(f"{value}{form}" for value in values for form in forms)

    def pairs(self, prefix: str) -> Pairs[Told]:
        """Return what names the pairs of characters in a text."""
        return lambda text: tuple(prefix + pair for pair in set(map(add, text, text[1:])))


class Weights:
    """Tells the sum of the weights of features."""

    none = 0

    def __init__(self, weights: Mapping[str, int]) -> None:
        """Sort the weights by family."""
        self._weights = weights
        self._families: dict[str, dict[str, int]] = defaultdict(dict)
        for name, weight in weights.items():
            family, _, value = name.partition("=")
            self._families[family][value] = weight

    def names(self, names: Iterable[str]) -> int:
        """Return what these names weigh."""
        return _sum(self._weights.get, names)

    def one(self, family: str, forms: Told = _PLAIN) -> One[int]:
        """Return what weighs one value: a table in which all forms of a name are added up."""
        return self._table(family, forms).get

    def many(self, family: str, forms: Told = _PLAIN) -> Many[int]:
        """Return what weighs several values."""
        return partial(_sum, self._table(family, forms).get)

    def whole(self, family: str, forms: Told = _PLAIN) -> Many[int]:
        """Return what weighs several values that are given with their family."""
        table = {f"{family}={v}": weight for v, weight in self._table(family, forms).items()}
        return partial(_sum, table.get)

    def pairs(self, prefix: str) -> Pairs[int]:
        """Return what weighs the pairs of characters in a text.

        One pass finds those that weigh something: most do not.
        """
        family = prefix.removesuffix("=")
        told = self._families.get(family, {}) if family else self._weights
        table = {value: weight for value, weight in told.items() if len(value) == _PAIR}
        matcher = ac.AhoCorasick(list(table), store_patterns=True)
        return partial(_sum_found, matcher.find_matches_as_strings, table.__getitem__)

    def _table(self, family: str, forms: Told) -> dict[str, int]:
        told = self._families.get(family, {})
        if forms == _PLAIN:
            return told
        table: dict[str, int] = {}
        for form in forms:
            for name in told:
                if name.endswith(form):
                    value = name.removesuffix(form)
                    table[value] = table.get(value, 0) + told[name]
        return table


def _sum(weight: One[int], values: Iterable[str]) -> int:
    return sum(map(weight, values, repeat(0)))


def _sum_found(find: Callable[..., list[str]], weight: Callable[[str], int], text: str) -> int:
    return sum(map(weight, set(find(text, overlapping=True))))


class TwoCards(Weights):
    """Two cards whose weights are looked up together: half the work in the innermost loop."""

    def __init__(self, first: Scorecard, second: Scorecard) -> None:
        """Pack both weights of a feature into one whole number, the second into as few bits as
        hold every sum: small numbers add up faster.
        """
        heaviest = max(map(abs, second.weights.values()), default=0)
        self._bits = (MOST_NAMES * heaviest).bit_length() + 1
        packed = {name: weight << self._bits for name, weight in first.weights.items()}
        for name, weight in second.weights.items():
            packed[name] = packed.get(name, 0) + weight
        super().__init__(packed)

    def split(self, total: int) -> tuple[int, int]:
        """Return what each card says in a sum of such numbers, without its bias."""
        half = 1 << (self._bits - 1)
        second = ((total + half) & (2 * half - 1)) - half
        return (total - second) >> self._bits, second

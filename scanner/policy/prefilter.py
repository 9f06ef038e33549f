"""Which of many patterns can be found in a text, by the words each of them needs.

A pattern such as `我们[^，]*收集` can only be found where 我们 stands, and most sentences hold few
of the words that a hundred patterns need. One pass over a text tells which of them are worth
trying. What a pattern needs is read from its parse tree; one that tells nothing is always tried.
"""

import importlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import ahocorasick_rs as ac

_parser: Any = importlib.import_module("re._parser")
_MOST = 24
"""A place in a pattern that can be filled by more words than this is no word."""
_WIDEST = 20
"""Nor is a range of more characters than this."""
_LONG = 3
"""Words of so many characters are all rare."""
_Words = frozenset[str]


class Prefilter:
    """The patterns of a group that can be found in a text."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        """Read what each pattern needs."""
        owners: dict[str, set[int]] = {}
        always = set()
        for number, pattern in enumerate(patterns):
            words = needed(pattern)
            if words is None:
                always.add(number)
            for word in words or ():
                owners.setdefault(word, set()).add(number)
        self._always, self._none = frozenset(always), sorted(always)
        self._owners = {word: frozenset(numbers) for word, numbers in owners.items()}
        self._alone = {word: sorted(numbers | always) for word, numbers in owners.items()}
        self._matcher = ac.AhoCorasick(
            list(owners), matchkind=ac.MatchKind.Standard, store_patterns=True
        )

    def __call__(self, text: str) -> Sequence[int]:
        """Return the numbers of the patterns that can be found, in order."""
        # Words, not places: a place must be counted anew in characters, and here nobody asks.
        words = set(self._matcher.find_matches_as_strings(text, overlapping=True))
        if not words:
            return self._none
        if len(words) == 1:
            return self._alone[words.pop()]
        return sorted(self._always.union(*map(self._owners.__getitem__, words)))


class Guarded:
    """A pattern that is looked for only in a text that holds one of the words it needs.

    To look for words alone is several times as fast as to try a pattern at every place. They are
    looked for from the beginning: a pattern may look back to before the place where it is tried.
    """

    def __init__(self, pattern: str) -> None:
        """Compile the pattern, and read what it needs."""
        self._pattern = re.compile(pattern)
        words = needed(self._pattern) or ("",)
        self._guard = re.compile("|".join(map(re.escape, sorted(words))))

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return what the pattern finds between two places."""
        if self._guard.search(text, 0, end):
            return self._pattern.search(text, start, end)
        return None


def needed(pattern: re.Pattern[str]) -> _Words | None:
    """Return words of which every match needs one, or nothing where no such words are known."""
    if pattern.flags & re.IGNORECASE:
        return None
    words = _of_sequence(_parser.parse(pattern.pattern, pattern.flags))
    if words is None:
        return None
    return frozenset(w for w in words if not any(v != w and v in w for v in words))


def _of_sequence(sequence: Iterable[Any]) -> _Words | None:
    """Return the words that a sequence needs: those of its most telling part."""
    best: _Words | None = None
    for words in _parts(sequence):
        if best is None or _rarity(words) > _rarity(best):
            best = words
    return best


def _parts(sequence: Iterable[Any]) -> Iterator[_Words]:
    """Yield the sets of words of which a sequence needs one each.

    Neighbours that each match certain words only are read as one: `(?:收集|获取)您`.
    """
    run: _Words = frozenset({""})
    for node in sequence:
        words = _exactly(node)
        joined = {a + b for a in run for b in words} if words else None
        if joined and len(joined) <= _MOST:
            run = frozenset(joined)
            continue
        if "" not in run:
            yield run
        run = words or frozenset({""})
        inside = None if words else _within(node)
        if inside:
            yield inside
    if "" not in run:
        yield run


def _rarity(words: _Words) -> tuple[int, int, int]:
    """Order sets of words: long before short, few before many."""
    shortest = min(map(len, words))
    return min(shortest, _LONG), -len(words), shortest


def _exactly(node: Any) -> _Words | None:
    """Return the words that a node matches and nothing else, or nothing."""
    kind, value = str(node[0]), node[1]
    if kind == "SUBPATTERN" and value[1]:
        return None  # `(?i:...)` changes what its letters match
    found: Iterable[str] | None = None
    if kind == "LITERAL":
        found = (chr(value),)
    elif kind == "IN":
        found = _characters(value)
    elif kind == "SUBPATTERN":
        found = _all_of(value[-1])
    elif kind == "BRANCH":
        ways = [_all_of(way) for way in value[1]]
        found = None if None in ways else [word for way in ways for word in way or ()]
    elif kind == "MAX_REPEAT" and value[1] == 1:
        once = _all_of(value[2])
        found = once and (once if value[0] else once | {""})
    out = None if found is None else frozenset(found)
    return out if out and len(out) <= _MOST else None


def _all_of(sequence: Iterable[Any]) -> _Words | None:
    """Return the words that a sequence matches and nothing else, or nothing."""
    out: set[str] = {""}
    for node in sequence:
        words = _exactly(node)
        if words is None or len(out) * len(words) > _MOST:
            return None
        out = {a + b for a in out for b in words}
    return frozenset(out)


def _characters(members: Iterable[Any]) -> list[str] | None:
    """Return the characters of a class; nothing for one that is open or wide."""
    out: list[str] = []
    for kind, value in members:
        if str(kind) == "LITERAL":
            out.append(chr(value))
        elif str(kind) == "RANGE" and value[1] - value[0] < _WIDEST:
            out += map(chr, range(value[0], value[1] + 1))
        else:
            return None
    return out


def _within(node: Any) -> _Words | None:
    """Return the words of which a node that matches more than words needs one, or nothing."""
    kind, value = str(node[0]), node[1]
    if kind == "BRANCH":
        ways = [_of_sequence(way) for way in value[1]]
        return None if None in ways else frozenset(word for way in ways for word in way or ())
    if kind in {"MAX_REPEAT", "MIN_REPEAT"} and value[0]:
        return _of_sequence(value[2])
    if kind == "ASSERT" or (kind == "SUBPATTERN" and not value[1]):
        return _of_sequence(value[-1])
    return None

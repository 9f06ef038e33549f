"""Many words in many bytes, a window at a time: a file made of nothing but hits costs no memory."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

_WINDOW = 1 << 20
_TABLE_BYTES = 1 << 13


class Hit(NamedTuple):
    """One occurrence: number of the word, start and end in the data."""

    word: int
    start: int
    end: int


class Words:
    """Finds words (bytes) in one pass, overlapping ones included."""

    def __init__(self, words: list[bytes]) -> None:
        """Keep the words; the automaton is built when it is first needed."""
        self._words = words
        self._longest = max(map(len, words), default=1)

    @cached_property
    def _automaton(self) -> Any:
        from ahocorasick_rs import BytesAhoCorasick, Implementation  # noqa: PLC0415 - when needed

        # A table of all transitions is three times as fast and grows with the words.
        small = sum(map(len, self._words)) <= _TABLE_BYTES
        return BytesAhoCorasick(self._words, implementation=Implementation.DFA if small else None)

    def find(self, data: bytes) -> Iterator[Hit]:
        """Yield the occurrences, by window and position."""
        if not self._words:
            return
        for base in range(0, len(data), _WINDOW):
            window = data[base : base + _WINDOW + self._longest - 1]
            for word, start, end in self._automaton.find_matches_as_indexes(
                window, overlapping=True
            ):
                if start < _WINDOW:
                    yield Hit(word, base + start, base + end)

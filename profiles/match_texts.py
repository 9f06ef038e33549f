"""Many patterns in many strings at once: one pass, linear in the text."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Generic, Literal, NamedTuple, TypeVar

import numpy as np

Tag = TypeVar("Tag")
Mode = Literal["exact", "prefix", "contains", "host"]

_BETWEEN = "\U0010ffff"

_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class Found(NamedTuple, Generic[Tag]):
    """One match: the number of the string, the tag of the pattern, start and end in bytes."""

    at: int
    tag: Tag
    start: int
    end: int


class Strings(Generic[Tag]):
    """Finds many patterns in many strings in one pass, linear in the text.

    Modes: `exact` (the whole string), `prefix`, `contains`, and `host` (a host name or a
    sub-domain of it standing free in the text, as in a URL). Case counts.
    """

    def __init__(self, patterns: Iterable[tuple[str, Mode, Tag]]) -> None:
        """Build the automaton. Empty patterns are refused with `ValueError`."""
        self._exact: dict[str, list[Tag]] = {}
        self._texts: list[bytes] = []
        self._modes: list[Mode] = []
        self._tags: list[Tag] = []
        for text, mode, tag in patterns:
            if not text:
                raise ValueError("an empty pattern matches everything")
            if mode == "exact":
                self._exact.setdefault(text, []).append(tag)
            else:
                self._texts.append(text.encode())
                self._modes.append(mode)
                self._tags.append(tag)

    @cached_property
    def _automaton(self) -> "object":
        from ahocorasick_rs import BytesAhoCorasick  # noqa: PLC0415 - only when needed

        return BytesAhoCorasick(self._texts)

    def find(self, strings: "Sequence[str] | Joined") -> list[Found[Tag]]:
        """Return all matches, ordered by string and position."""
        found: list[Found[Tag]] = []
        strings = strings if isinstance(strings, Joined) else Joined(strings)
        if self._exact:
            for index, text in enumerate(strings.texts):
                if text in self._exact:
                    size = len(text.encode(errors="surrogatepass"))
                    found += (Found(index, tag, 0, size) for tag in self._exact[text])
        if self._texts:
            found += self._scan(strings)
        return sorted(found, key=lambda match: (match.at, match.start, match.end))

    def _scan(self, strings: "Joined") -> Iterable[Found[Tag]]:
        """Yield the matches of the automaton over all strings joined into one text."""
        text, begins = strings.whole
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)  # type: ignore[attr-defined]
        if not matches:
            return
        starts = np.fromiter((match[1] for match in matches), np.int64, len(matches))
        owners = np.searchsorted(begins, starts, side="right") - 1
        for (pattern, start, end), index in zip(matches, owners.tolist(), strict=True):
            first = int(begins[index])
            if self._fits(text, self._modes[pattern], start, end, first):
                yield Found(index, self._tags[pattern], start - first, end - first)

    @staticmethod
    def _fits(text: bytes, mode: Mode, start: int, end: int, first: int) -> bool:
        """Tell whether a match stands where its mode wants it."""
        if mode == "contains":
            return True
        if mode == "prefix":
            return start == first
        before = start == first or text[start - 1] not in _WORD
        after = end >= len(text) or not (
            text[end] in _WORD or (text[end] == 0x2E and text[end + 1 : end + 2].isalnum())  # noqa: PLR2004
        )
        return before and after


class Joined:
    """Many strings, joined into one text once for all who search them."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Keep the strings."""
        self.texts = texts

    @cached_property
    def whole(self) -> "tuple[bytes, np.ndarray[tuple[int], np.dtype[np.int64]]]":
        """Return the text, and where each string begins in it."""
        return _joined(self.texts)


def _joined(strings: Sequence[str]) -> tuple[bytes, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    """Return all strings as one text, and where each begins. Between two of them stands a
    character that Unicode keeps out of texts; a text that holds it all the same costs time only.
    """
    text = _BETWEEN.join(strings).encode(errors="surrogatepass")
    raw, mark = np.frombuffer(text, np.uint8), np.frombuffer(_BETWEEN.encode(), np.uint8)
    ends = np.flatnonzero(raw[: 1 - len(mark)] == mark[0])
    for offset in range(1, len(mark)):
        ends = ends[raw[ends + offset] == mark[offset]]
    if len(ends) == max(len(strings) - 1, 0):
        return text, np.concatenate(([0], ends + len(mark)))
    parts = [part.encode(errors="surrogatepass") for part in strings]
    lengths = np.fromiter((len(part) + 1 for part in parts), np.int64, len(parts))
    return b"\xff".join(parts), np.concatenate(([0], np.cumsum(lengths)[:-1]))

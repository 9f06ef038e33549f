"""Sentences and clauses with offsets. No sentence is longer than `LIMIT` characters.

The cap is what keeps every later step linear: a pattern never sees more than one sentence.
"""

import re
from collections.abc import Iterator

LIMIT = 480
_ZH_END = re.compile(r"[。！？!?\n](?:(?<=\n)\n*|(?<!\n)[”』」\"’）)]*)")
"""Begins with one class of characters: such a pattern is looked for at full speed."""
_EN_END = re.compile(r"[.!?][\"')]*(?=\s+[A-Z0-9(\"'•*-]|\s*$)|\n+|;\s")
_ABBREVIATION = re.compile(
    r"(?:\be\.g|\bi\.e|\betc|\bInc|\bLtd|\bCo|\bNo|\bvs|\bU\.S|\bMr|\bDr)\.\Z"
)
_SOFT = "；;，,、 "


def sentences(text: str, start: int, end: int, *, chinese: bool) -> Iterator[tuple[int, int]]:
    """Yield the sentences of `text[start:end]` as offsets, without surrounding blanks."""
    pattern = _ZH_END if chinese else _EN_END
    first = start
    for found in pattern.finditer(text, start, end):
        if not chinese and _ABBREVIATION.search(text[max(first, found.end() - 8) : found.end()]):
            continue
        yield from _capped(text, first, found.end())
        first = found.end()
    yield from _capped(text, first, end)


def _capped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LIMIT:
        cut = start + LIMIT
        for mark in _SOFT:
            found = text.rfind(mark, start + LIMIT // 2, cut)
            if found > 0:
                cut = found + 1
                break
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end

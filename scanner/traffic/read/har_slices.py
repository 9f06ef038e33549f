"""Cut a HAR file into its entries without reading it as a whole."""

import mmap
import re
from collections.abc import Iterator
from typing import NamedTuple

Buffer = bytes | mmap.mmap

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)
_QUOTE = 0x22
_LONGEST_KEY = 16
_LISTS = {b'"pages"': "pages", b'"_tlsErrors"': "tls-errors"}
_MAX_DEPTH = 3
"""Entries stand in `log`, or one level deeper in files that hold several logs."""


class Slice(NamedTuple):
    """A stretch of the file. `kind`: `pages`, `tls-errors` (of HTTP Toolkit), `entries` (the list
    begins), `entry`, or `cut` (the file ends inside an entry).
    """

    kind: str
    start: int = 0
    end: int = 0


class _Cutter:
    """Follows the brackets; what stands between them need not be valid JSON."""

    def __init__(self) -> None:
        self.depth = 0
        self.begin = 0
        self.list_depth = -1
        self.other = ""
        self.other_depth = -1

    def open(self, bracket: bytes, key: bytes, at: int) -> Slice | None:
        found = None
        if self.list_depth < 0 and bracket == b"[" and self.depth <= _MAX_DEPTH:
            if key == b'"entries"':
                self.list_depth = self.depth + 1
                found = Slice("entries")
            elif key in _LISTS:
                self.other, self.other_depth, self.begin = _LISTS[key], self.depth, at
        elif self.depth == self.list_depth:
            self.begin = at
        self.depth += 1
        return found

    def close(self, end: int) -> Slice | None:
        self.depth -= 1
        if self.other_depth >= 0 and self.depth == self.other_depth:
            self.other_depth = -1
            return Slice(self.other, self.begin, end)
        if self.list_depth >= 0:
            if self.depth == self.list_depth:
                return Slice("entry", self.begin, end)
            if self.depth < self.list_depth:
                self.list_depth = -1
        return None


def slices(buffer: Buffer) -> Iterator[Slice]:
    """Yield the pages, the start of each list of entries, and every entry, in one linear pass."""
    cutter = _Cutter()
    key = b""
    for token in _TOKEN.finditer(buffer):
        mark = token[0]
        if mark[0] == _QUOTE:
            key = mark if len(mark) < _LONGEST_KEY else b""
            continue
        found = (
            cutter.open(mark, key, token.start()) if mark in b"{[" else cutter.close(token.end())
        )
        key = b""
        if found is not None:
            yield found
    if 0 <= cutter.list_depth < cutter.depth:
        yield Slice("cut")

"""Texts of the interface outside layouts: string resources, dex strings, script bundles.

Code strings matter because Compose, dialogs built in code and cross-platform frameworks keep
their words there. All phrases are looked for in one pass over the raw bytes, and only the texts
around hits are decoded.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import accumulate, islice

from profiles.once import Once
from scanner.static.dex_strings import StringRegion
from scanner.static.facts import DexFile
from scanner.static.limits import TEXT_BYTES
from scanner.static.package import Package
from scanner.static.ui_rules import PlacedText, Rules
from scanner.static.windows import Words

_ASCII = re.compile(r"[\x00-\x7f]+")
_MOST_HITS = 4000
_WINDOW = 300
_BREAKS = re.compile("[\x00-\x1f\"'`\ufffd]")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


class Scanner:
    """Finds texts that hold one of the rules' phrases."""

    def __init__(self, rules: Rules) -> None:
        """Take the phrases from the rules."""
        self._rules = rules

    @cached_property
    def _plain(self) -> Words:
        return Words([p.encode() for p in self._rules.phrases])

    @cached_property
    def _coded(self) -> Words:
        """Phrases as script engines store them: UTF-16 in snapshots, escaped in scripts."""
        words = [p for p in self._rules.phrases if not _ASCII.fullmatch(p)]
        wide = [w.encode("utf-16-le") for w in words]
        escaped = [
            "".join(f"\\u{ord(c):04x}" if ord(c) > 127 else c for c in w).encode()  # noqa: PLR2004
            for w in words
        ]
        return Words([p.encode() for p in self._rules.phrases] + wide + escaped)

    def texts(self, texts: list[PlacedText]) -> Iterator[PlacedText]:
        """Yield those of many texts that hold a phrase."""
        raw = [t.text.lower().encode("utf-8", "replace") for t in texts]
        starts = list(accumulate((len(r) + 1 for r in raw), initial=0))
        seen = -1
        for hit in self._plain.find(b"\0".join(raw)):
            index = bisect_right(starts, hit.start) - 1
            if index > seen:
                seen = index
                yield texts[index]

    def dex(self, dex: DexFile) -> Iterator[PlacedText]:
        """Yield the strings of a dex file that hold a phrase."""
        region = StringRegion(dex.data)
        seen: set[int] = set()
        for hit in islice(self._plain.find(region.data.lower()), _MOST_HITS):
            index = region.index_at(hit.start)
            if index not in seen:
                seen.add(index)
                text = region.text(index)
                if text:
                    yield PlacedText(dex.name, text)

    def pool(self, name: str, data: bytes) -> Iterator[PlacedText]:
        """Yield the texts around phrases in a script bundle or a compiled snapshot."""
        last = -1
        for hit in islice(self._coded.find(data), _MOST_HITS):
            if hit.start < last:
                continue
            text, last = _around(data, hit.start, hit.end)
            if text:
                yield PlacedText(name, text)


text_scanner = Once(Scanner)
"""The scanner of some rules, built once."""


def _around(data: bytes, start: int, end: int) -> tuple[str, int]:
    """Return the text of which a hit is part, and where it ends."""
    wide = data[start:end].find(b"\0") >= 0 or not _is_utf8(data[start:end])
    coding = "utf-16-le" if wide else "utf-8"
    before = data[max(0, start - 2 * _WINDOW) : start]
    if wide and len(before) % 2:
        before = before[1:]
    left = before.decode(coding, "replace")
    right = data[start : end + 4 * _WINDOW].decode(coding, "replace")
    hit = data[start:end].decode(coding, "replace")
    left = _BREAKS.split(left)[-1][-_WINDOW:]
    tail = _BREAKS.split(right[len(hit) :])[0][:_WINDOW]
    text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), left + hit + tail)
    return text.encode("utf-8", "replace").decode("utf-8"), end + len(
        tail.encode(coding, "replace")
    )


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def pool_files(package: Package, rules: Rules) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of the script bundles and snapshots, each name once, size-limited."""
    patterns = [p for pool in rules.table.text_pools for p in pool.names]
    heads = tuple(p.partition("*")[0] for p in patterns)
    seen: set[str] = set()
    for module in package.modules:
        for name in module.names:
            if name in seen or not name.startswith(heads):
                continue
            if any(fnmatchcase(name, p) for p in patterns) and module.size(name) <= 4 * TEXT_BYTES:
                seen.add(name)
                data = module.read(name)
                if data:
                    yield name, data

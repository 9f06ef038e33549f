"""Code that watches for screenshots which the user takes.

An observer of the image store, or of a folder, stands in one source file with words that paths of
screenshots hold: by these it tells a screenshot from any other picture.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator

import numpy as np

from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.dex.arrays import Bool
from scanner.static.members import meanings
from scanner.static.named_links import callers

_SHOWN = 3
_STORE, _FOLDER = "store", "folder"


def find_watchers(code: Code) -> Iterator[Behaviour]:
    """Yield the first method of each source file that registers such an observer."""
    stores = _by_file(code, _stores(code))
    calls = _calling(code)
    found = {name: calls[_STORE][name] for name in stores.keys() & calls[_STORE].keys()}
    found |= calls[_FOLDER]
    words = _words(code, found.keys()) if found else {}
    for name in sorted(words):
        row = found[name][0]
        yield Behaviour(
            kind="screenshot-watch",
            place=code.names.place(row),
            detail=", ".join(words[name][:_SHOWN]),
            actor=code.actor(row),
            reach=code.reach.of(row),
        )


def _by_file(code: Code, marks: Bool) -> dict[str, list[int]]:
    """Return source file (outermost class) -> marked method rows; libraries are left out."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(marks).tolist():
        cls = int(code.index.defs.cls[row])
        if not code.owners.is_library(cls):
            found[_file(code.names.classes[cls])].append(row)
    return found


def _file(cls: str) -> str:
    return cls.partition("$")[0]


def _words(code: Code, files: Collection[str]) -> dict[str, list[str]]:
    """Return source file -> the texts in it that hold a word of screenshot paths."""
    index, words = code.index, code.rules.screenshot_watch.words
    inside = [row for row, name in enumerate(code.names.classes) if _file(name) in files]
    strings = index.const_strings
    strings = strings.where(np.isin(index.defs.cls[strings.owner], inside))
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for number, row in zip(strings.id.tolist(), strings.owner.tolist(), strict=True):
        text = index.string(number)
        lower = text.lower()
        if any(word in lower for word in words):
            found[_file(code.names.classes[int(index.defs.cls[row])])][text] = None
    return {name: sorted(texts) for name, texts in found.items()}


def _calling(code: Code) -> dict[str, dict[str, list[int]]]:
    """Return, for observers of a store and of a folder, source file -> rows that register one."""
    rules = code.rules.screenshot_watch
    members = [
        (one.cls, one.names, tag)
        for tag, calls in ((_STORE, rules.observers), (_FOLDER, rules.folders))
        for one in calls
    ]
    means = meanings(code.index, code.hierarchy, members)
    return {tag: _by_file(code, callers(code.index, marks)) for tag, marks in means.items()}


def _stores(code: Code) -> Bool:
    """Mark the method rows that take the address of the image store."""
    rules, index = code.rules.screenshot_watch, code.index
    marks = np.zeros(len(index.defs.method), np.bool_)
    texts = [number for number in map(index.string_id, rules.addresses) if number >= 0]
    fields = [
        f for one in rules.stores for name in one.names for f in index.find_fields(one.cls, name)
    ]
    for refs, ids in ((index.const_strings, texts), (index.field_reads, fields)):
        marks[[row for _, row, _, _ in code.sites(refs, ids)]] = True
    return marks

"""Methods with a condition that looks like a question for consent.

A branch beside a stored yes or no whose key or reader's name speaks of consent. It may guard the
call or not: what stands behind it on a chain is before consent only tentatively.
"""

import numpy as np

from scanner.static.code_rules import CodeRules
from scanner.static.dex.arrays import Bool, starts_of
from scanner.static.dex.index import DexIndex
from scanner.static.named_links import callers, named
from scanner.static.owner import ClassOwners

_IF = (0x32, 0x3D)
_LONGEST = 120


def guarded_rows(index: DexIndex, owners: ClassOwners, rules: CodeRules) -> Bool:
    """Return a mark per method row. Open-source libraries do not ask for consent."""
    speaking = _speaking(index, [word.encode() for word in rules.consent_words])
    asks = callers(index, _boolean_calls(index, speaking))
    fields = index.field_reads
    kinds = index.ids.fields.kind[fields.id]
    names = index.ids.fields.name[fields.id]
    asks[fields.owner[(kinds == index.type_id("Z")) & speaking[names]]] = True
    strings = index.const_strings
    keyed = np.zeros(len(asks), np.bool_)
    keyed[strings.owner[speaking[strings.id]]] = True
    asks |= keyed & callers(index, named(index, rules.boolean_readers))
    library = np.array([owners.is_library(c) for c in range(len(index.classes.type))], np.bool_)
    return asks & _branching(index) & ~library[index.defs.cls]


def _speaking(index: DexIndex, words: list[bytes]) -> Bool:
    """Mark the strings (by id) that are short and hold a consent word."""
    text = b"\n".join(index.ids.strings).lower()
    hits: list[int] = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            hits.append(at)
            at = text.find(word, at + 1)
    size = len(index.ids.strings)
    lengths = np.fromiter(map(len, index.ids.strings), np.int64, size)
    found = np.zeros(size, np.bool_)
    found[np.searchsorted(starts_of(lengths + 1), np.array(hits, np.int64), "right") - 1] = True
    return found & (lengths <= _LONGEST)


def _boolean_calls(index: DexIndex, speaking: Bool) -> Bool:
    """Mark method ids that return a boolean and whose name, or class, speaks of consent."""
    table = index.ids.methods
    boolean = index.ids.proto_return[table.kind] == index.type_id("Z")
    marked: Bool = boolean & (speaking[table.name] | speaking[index.ids.types[table.cls]])
    return marked


def _branching(index: DexIndex) -> Bool:
    """Mark method rows that hold an if."""
    rows = np.flatnonzero((index.opcode >= _IF[0]) & (index.opcode <= _IF[1]))
    marked = np.zeros(len(index.defs.method), np.bool_)
    counts = np.diff(index.first)
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    marked[owner[rows]] = True
    return marked

"""Methods with a condition that looks like a question for consent.

A branch beside a stored yes or no whose key or reader's name speaks of consent. It may guard the
call or not: what stands behind it on a chain is before consent only tentatively.
"""

import numpy as np

from scanner.static.code_rules import CodeRules
from scanner.static.dex.arrays import I64, Bool, ranges, starts_of
from scanner.static.dex.index import DexIndex, Refs
from scanner.static.named_links import callers, named
from scanner.static.owner import ClassOwners

_IF = (0x32, 0x3D)
_LONGEST = 120


def guarded_rows(index: DexIndex, owners: ClassOwners, rules: CodeRules) -> Bool:
    """Return a mark per method row. Open-source libraries do not ask for consent."""
    methods, fields = _boolean_calls(index), _boolean_reads(index)
    readers = callers(index, named(index, rules.boolean_readers))
    strings = index.const_strings
    strings = strings.where(readers.take(strings.owner))
    table = index.ids.methods
    classes, names = index.ids.types.take(table.cls), index.ids.fields.name.take(fields.id)
    looked_at = np.zeros(len(index.ids.strings), np.bool_)
    for ids in (table.name[methods], classes[methods], names, strings.id):
        looked_at[ids] = True
    words = [word.encode() for word in rules.consent_words]
    speaking = _speaking(index, np.flatnonzero(looked_at), words)
    asks = callers(index, methods & (speaking.take(table.name) | speaking.take(classes)))
    asks[fields.owner.compress(speaking.take(names))] = True
    asks[strings.owner.compress(speaking.take(strings.id))] = True
    asks &= ~owners.library.take(index.defs.cls)
    return _branching(index, asks)


def _speaking(index: DexIndex, ids: I64, words: list[bytes]) -> Bool:
    """Mark those of the strings (by id) that are short and hold a consent word."""
    texts = list(map(index.ids.strings.__getitem__, ids.tolist()))
    text = b"\n".join(texts).lower()
    hits: list[int] = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            hits.append(at)
            at = text.find(word, at + 1)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    held = np.searchsorted(starts_of(lengths + 1), np.array(hits, np.int64), "right") - 1
    found = np.zeros(len(index.ids.strings), np.bool_)
    found[ids[held[lengths[held] <= _LONGEST]]] = True
    return found


def _boolean_calls(index: DexIndex) -> Bool:
    """Mark method ids that return a boolean."""
    marked: Bool = index.ids.proto_return.take(index.ids.methods.kind) == index.type_id("Z")
    return marked


def _boolean_reads(index: DexIndex) -> Refs:
    """Return the reads of boolean fields."""
    fields = index.field_reads
    return fields.where(index.ids.fields.kind.take(fields.id) == index.type_id("Z"))


def _branching(index: DexIndex, among: Bool) -> Bool:
    """Mark those of some method rows that hold an if."""
    rows = np.flatnonzero(among)
    first = index.first[rows]
    counts = index.first[rows + 1] - first
    opcode = index.opcode.take(ranges(first, counts))
    marked = np.zeros(len(among), np.bool_)
    marked[np.repeat(rows, counts)[(opcode >= _IF[0]) & (opcode <= _IF[1])]] = True
    return marked

"""Which class is a kind of which, and what a method reference resolves to."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from scanner.static.dex.arrays import (
    I32,
    I64,
    Bool,
    Ints,
    among,
    distinct,
    group,
    order_of,
    ranges,
    starts_of,
    unique,
    within,
)
from scanner.static.dex.index import DexIndex

MAX_DEPTH = 64
MAX_PAIRS = 20_000_000
"""Most pairs of class and supertype, or of method and supertype, that are looked at. Real apps have
four per class; only a hierarchy written to be costly has more than this."""
_INTERFACE, _STATIC, _PRIVATE, _CONSTRUCTOR = 0x200, 0x8, 0x2, 0x10000


class Hierarchy:
    """Supertypes of every type and the method tables, as arrays over the ids of a dex index.

    `sup[type]` is the superclass of a type (0 = none or not known): from the dex files, or for
    platform types from `framework_super`. `clipped`: the hierarchy is larger than is looked at.
    """

    def __init__(self, index: DexIndex, framework_super: Mapping[str, str]) -> None:
        """Index the hierarchy; `framework_super` maps descriptors."""
        self.index = index
        self.clipped = False
        self.sup: I32 = np.zeros(len(index.ids.types), np.int32)
        self._add_framework(framework_super)
        self.sup[index.classes.type] = index.classes.sup
        self.sup[0] = 0
        self.defined = index.classes.of_type >= 0

    def _add_framework(self, table: Mapping[str, str]) -> None:
        """Fill in platform superclasses; a parent that no dex names is skipped over."""
        for child in table:
            number = self.index.type_id(child)
            parent: str | None = table[child]
            while parent is not None and self.index.type_id(parent) < 0:
                parent = table.get(parent)
            if number > 0 and parent is not None:
                self.sup[number] = self.index.type_id(parent)

    @cached_property
    def ancestors(self) -> tuple[I64, I32]:
        """Return (starts, flat): all supertypes of each class row, itself first, each once.

        Platform supertypes are included as far as they are known.
        """
        classes = self.index.classes
        rows = np.arange(len(classes.type), dtype=np.int64)
        pairs = [(rows, classes.type.astype(np.int64))]
        seen = rows * len(self.sup) + classes.type
        row, kind = pairs[0]
        for _ in range(MAX_DEPTH):
            row, kind = self._parents(row, kind)
            key = distinct(row * len(self.sup) + kind)
            key = key[~among(key, seen)]
            if not len(key):
                break
            if len(seen) + len(key) > MAX_PAIRS:
                self.clipped = True
                break
            row, kind = key // len(self.sup), key % len(self.sup)
            pairs.append((row, kind))
            seen = np.concatenate([seen, key])
        every = np.concatenate([r for r, _ in pairs])
        starts, order = group(every, len(rows))
        return starts, np.concatenate([k for _, k in pairs])[order].astype(np.int32)

    def _bounded(self, counts: Ints) -> Ints:
        """Return counts that stay within the limit; note when some did not."""
        kept = within(counts, MAX_PAIRS)
        self.clipped |= kept is not counts
        return kept

    def _parents(self, row: I64, kind: I64) -> tuple[I64, I64]:
        """Return the direct supertypes of (row, type) pairs."""
        classes = self.index.classes
        sup = self.sup[kind].astype(np.int64)
        has = np.flatnonzero(sup > 0)
        defined = classes.of_type[kind]
        inside = np.flatnonzero(defined >= 0)
        at = defined[inside].astype(np.int64)
        counts = self._bounded(classes.starts[at + 1] - classes.starts[at])
        faces = classes.interfaces[ranges(classes.starts[at], counts)].astype(np.int64)
        rows = np.concatenate([row[has], np.repeat(row[inside], counts)])
        kinds = np.concatenate([sup[has], faces])
        keep = kinds > 0
        return rows.compress(keep), kinds.compress(keep)

    @cached_property
    def subtypes(self) -> tuple[I64, I32]:
        """Return (starts, flat): the class rows below each type (itself included)."""
        starts, flat = self.ancestors
        rows = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))
        begin, order = group(flat, len(self.sup))
        return begin, rows[order].astype(np.int32)

    def rows_below(self, type_id: int) -> I32:
        """Return the class rows that are a kind of a type, itself included when defined."""
        if type_id <= 0:
            return np.zeros(0, np.int32)
        starts, flat = self.subtypes
        return flat[starts[type_id] : starts[type_id + 1]]

    def below(self, marked: Bool) -> Bool:
        """Return a mark per type: it or one of its superclasses is marked."""
        found, before = marked.copy(), -1
        while int(found.sum()) > before:
            before = int(found.sum())
            found |= found.take(self.sup)
        return found

    # methods ----------------------------------------------------------------------------------

    @cached_property
    def _key_base(self) -> tuple[int, int]:
        ids = self.index.ids
        return len(ids.strings) + 1, len(ids.proto_params) + 1

    def signature(self, methods: Ints) -> I64:
        """Return a number per method id that is equal for equal name and prototype."""
        table = self.index.ids.methods
        _, protos = self._key_base
        return table.name[methods].astype(np.int64) * protos + table.kind[methods]

    @cached_property
    def _signatures(self) -> tuple[I64, I32]:
        """Return (distinct signatures, number of the signature of each method id)."""
        every = self.signature(np.arange(len(self.index.ids.methods.cls)))
        first, number = unique(every)
        return every[first], number.astype(np.int32)

    @cached_property
    def _keys(self) -> tuple[I64, I64]:
        """Return (sorted keys class x signature, method ids in that order)."""
        distinct, number = self._signatures
        keys = self.index.ids.methods.cls.astype(np.int64) * len(distinct) + number
        order = order_of(keys)
        return keys[order], order

    def method_on(self, types: Ints, methods: Ints) -> I64:
        """Return the id of the method with this signature on these types, -1 when none is named."""
        distinct, number = self._signatures
        keys, order = self._keys
        wanted = np.asarray(types, np.int64) * len(distinct) + number.take(methods)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, order[at], -1)

    @cached_property
    def resolved(self) -> I32:
        """Return for each method id the definition that a plain lookup finds, -1 = platform.

        The class itself first, then its superclasses.
        """
        index = self.index
        methods = np.arange(len(index.ids.methods.cls))
        found = index.def_of_method.copy()
        cls = index.ids.methods.cls.copy()
        open_ = np.flatnonzero(found < 0)
        for _ in range(MAX_DEPTH):
            cls[open_] = self.sup.take(cls[open_])
            open_ = open_.compress(cls[open_] > 0)
            if not len(open_):
                break
            there = self.method_on(cls[open_], methods[open_])
            rows = np.where(there >= 0, index.def_of_method[there], -1)
            found[open_] = rows
            open_ = open_.compress(rows < 0)
        return found

    def dispatch(self, called: Ints) -> tuple[I64, I32]:
        """Return (method ids, definition rows): what a virtual call may run.

        `called` are the method ids of virtual and interface calls. A definition in class T runs
        for a call on any supertype of T.
        """
        index = self.index
        flags = index.defs.flags
        wanted = np.zeros(len(index.ids.methods.cls) + 1, np.bool_)
        wanted[called] = True
        # Most methods have a name that no virtual call mentions.
        distinct, number = self._signatures
        mentioned = np.zeros(len(distinct), np.bool_)
        mentioned[number.take(called)] = True
        usable = mentioned.take(number.take(index.defs.method))
        usable &= (flags & (_STATIC | _PRIVATE | _CONSTRUCTOR)) == 0
        rows = np.flatnonzero(usable)
        starts, flat = self.ancestors
        cls = index.defs.cls.take(rows)
        first = starts.take(cls)
        counts = self._bounded(starts[1:].take(cls) - first)
        types = flat.take(ranges(first, counts))
        target = np.repeat(rows, counts)
        on_type = np.zeros(len(self.sup), np.bool_)
        on_type[index.ids.methods.cls.take(called)] = True
        keep = on_type.take(types)
        types, target = types.compress(keep), target.compress(keep)
        on = self.method_on(types, index.defs.method.take(target))
        keep = wanted[on]  # -1 reads the spare last place
        return on.compress(keep), target.compress(keep).astype(np.int32)

    def adopted(self, called: Ints) -> tuple[I64, I32, I32]:
        """Return (method ids, definition rows, class rows) of interface methods that a class has
        from a superclass that knows nothing of the interface.
        """
        index = self.index
        row, face = self._new_faces()
        begin = index.method_starts
        counts = self._bounded(begin[face + 1] - begin[face])
        ids = ranges(begin[face], counts)
        row = np.repeat(row, counts)
        wanted = np.zeros(len(index.ids.methods.cls), np.bool_)
        wanted[called] = True
        keep = wanted[ids]
        row, ids = row.compress(keep), ids.compress(keep)
        own = self.method_on(index.classes.type[row], ids)
        absent = np.where(own >= 0, index.def_of_method[own], -1) < 0
        return self._from_above(row[absent], ids[absent])

    def _new_faces(self) -> tuple[I64, I64]:
        """Return (class row, supertype) pairs that a class has and its defined superclass not."""
        index = self.index
        starts, flat = self.ancestors
        row = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))
        above = index.classes.of_type.take(index.classes.sup).astype(np.int64)
        keep = (above[row] >= 0) & (flat != index.classes.type[row])
        row, face = row.compress(keep), flat.compress(keep).astype(np.int64)
        width = len(self.sup)
        known = row_keys(starts, flat, width)
        new = ~among(above[row] * width + face, known)
        return row[new], face[new]

    def _from_above(self, row: I64, ids: I64) -> tuple[I64, I32, I32]:
        """Return (method id, definition, class row): what each class inherits for a method."""
        index, found = self.index, [np.zeros((3, 0), np.int64)]
        kind = index.classes.sup[row].astype(np.int64)
        for _ in range(MAX_DEPTH):
            there = self.method_on(kind, ids)
            rows = np.where(there >= 0, index.def_of_method[there], -1)
            hit = rows >= 0
            usable = hit & (index.defs.flags[rows] & (_STATIC | _PRIVATE) == 0)
            found.append(np.stack([ids[usable], rows[usable], row[usable]]))
            kind = self.sup[kind].astype(np.int64)
            left = ~hit & (kind > 0)
            row, ids, kind = row[left], ids[left], kind[left]
            if not len(row):
                break
        whole = np.concatenate(found, axis=1)
        return whole[0], whole[1].astype(np.int32), whole[2].astype(np.int32)

    def chain(self, type_id: int) -> list[int]:
        """Return a type and its superclasses, nearest first."""
        found: list[int] = []
        while type_id > 0 and type_id not in found and len(found) < MAX_DEPTH:
            found.append(type_id)
            type_id = int(self.sup[type_id])
        return found

    def types_of(self, descriptors: Iterable[str]) -> list[int]:
        """Return the ids of the types that some dex names."""
        return [t for t in map(self.index.type_id, descriptors) if t > 0]


def row_keys(starts: I64, flat: I32, width: int) -> I64:
    """Return one number per (row, value) of a ragged table."""
    row = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))
    return row * width + flat


def csr(source: Ints, target: Ints, size: int) -> tuple[I64, I32]:
    """Return (starts, flat) of the distinct edges, targets ascending within a source."""
    if not len(source):
        return np.zeros(size + 1, np.int64), np.zeros(0, np.int32)
    width = int(target.max()) + 1
    key = distinct(np.asarray(source, np.int64) * width + target)
    return starts_of(np.bincount(key // width, minlength=size)), (key % width).astype(np.int32)

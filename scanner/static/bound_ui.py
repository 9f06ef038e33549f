"""Boxes that data binding ticks: which view of a layout a field of a binding class holds, and what
the state that the view is bound to begins with.

The build takes expressions such as `@={vm.agreed}` out of the layouts. What is left are tags, and
generated classes that set each bound property from the view model.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice

import numpy as np

from scanner.static.calls import Code
from scanner.static.dex.arrays import Bool
from scanner.static.dex.instructions import Instruction, instructions
from scanner.static.named_links import named
from scanner.static.ui_rules import Bound

_AGET_OBJECT, _NEW_INSTANCE = 0x46, 0x22
_INSTANCE_GETS, _GETS = range(0x52, 0x59), (*range(0x52, 0x59), *range(0x60, 0x67))
_CONSTANTS = range(0x12, 0x1A)
_RETURNS = range(0x0F, 0x12)
_STATIC_CALLS = (0x71, 0x77)
_DEPTH = 4
_MOST_TAGS = 2000


class BoundViews:
    """The views that binding classes hold, by resource id or by the tags of the layout."""

    def __init__(self, code: Code, rules: Bound) -> None:
        """Keep the code and what binding classes are known by."""
        self._code, self._rules = code, rules

    @cached_property
    def classes(self) -> Bool:
        """Return a mark per class row: it is made by data binding."""
        code = self._code
        marks = np.zeros(len(code.index.classes.type), np.bool_)
        for kind in code.hierarchy.types_of(self._rules.parents):
            marks[code.hierarchy.rows_below(kind)] = True
        return marks

    def at(self, row: int, made: Instruction) -> frozenset[int | str]:
        """Return what is known of a view that a constructor takes from the views of its layout."""
        code = self._code
        cls = int(code.index.defs.cls[row])
        if made.opcode != _AGET_OBJECT or not self.classes[cls]:
            return frozenset()
        index = code.constants.origin(row, made.row, 2)
        if index is None or index.opcode not in _CONSTANTS:
            return frozenset()
        number = index.literal
        tags = (f"{layout}#binding_{number}" for layout in self._layouts.get(cls, ()))
        return frozenset((*tags, *self._ids.get((cls, number), ())))

    @cached_property
    def _layouts(self) -> dict[int, set[str]]:
        """Return class row -> the tags of its layouts: code that knows a tag makes the class."""
        index, found = self._code.index, dict[int, set[str]]()
        strings = index.const_strings
        kinds = np.unique(index.classes.type[self.classes]).tolist()
        rows = {row for _, row, _, _ in self._code.sites(index.new_instances, kinds)}
        marked = strings.where(np.isin(strings.owner, sorted(rows)))
        places = zip(marked.id.tolist(), marked.owner.tolist(), marked.at.tolist(), strict=True)
        for number, row, at in islice(places, _MOST_TAGS):
            text = index.string(number)
            if text.startswith("layout") and "/" in text:
                made = self._made_after(row, at)
                found.setdefault(made, set()).add(text)
        return found

    def _made_after(self, row: int, at: int) -> int:
        """Return the first binding class of which an object is made behind a place, -1 for none."""
        made = self._code.index.new_instances
        ends = np.array((at, self._code.index.first[row + 1]), made.at.dtype)
        start, end = np.searchsorted(made.at, ends).tolist()
        rows = self._code.index.classes.of_type[made.id[start:end]]
        rows = rows[rows >= 0]
        rows = rows[self.classes[rows]]
        return int(rows[0]) if len(rows) else -1

    @cached_property
    def _ids(self) -> dict[tuple[int, int], set[int]]:
        """Return (class row, number of the view) -> resource id, for views without expressions."""
        code, found = self._code, dict[tuple[int, int], set[int]]()
        puts = code.index.find_methods("Landroid/util/SparseIntArray;", "put")
        for _, row, _, at in code.sites(code.index.invokes, puts):
            cls = int(code.index.defs.cls[row])
            if self.classes[cls]:
                view, number = (code.constants.argument(row, at, n) for n in (0, 1))
                if view and number and view.number is not None and number.number is not None:
                    found.setdefault((cls, number.number), set()).add(view.number & 0xFFFFFFFF)
        return found


def same_fields(code: Code, field: int) -> list[int]:
    """Return a field's ids by the class named and by its superclasses: a subclass may name itself
    as the owner of what it inherits.
    """
    index = code.index
    name = index.string(int(index.ids.fields.name[field]))
    kinds = code.hierarchy.chain(int(index.ids.fields.cls[field]))
    found = [f for kind in kinds for f in index.find_fields(index.descriptor(kind), name)]
    return list(dict.fromkeys((field, *found)))


# what ticks a box -----------------------------------------------------------------------------


def bound_ticks(code: Code, views: BoundViews, rules: Bound) -> Iterator[tuple[int, int]]:
    """Yield (method row, instruction row) of calls by which data binding ticks a box: with a
    constant, or with a state of the view model that begins as true.
    """
    index = code.index
    setters = [m for cls in rules.setters for m in index.find_methods(cls, rules.setter)]
    inlined = np.flatnonzero(named(index, (rules.setter,))).tolist()
    inlined = [m for m in inlined if index.proto(int(index.ids.methods.kind[m])) == "(Z)V"]
    states = _States(code, rules)
    for _, row, _, at in code.sites(index.invokes, (*setters, *inlined)):
        if not views.classes[int(index.defs.cls[row])]:
            continue
        value = code.constants.argument(row, at, 1 if index.opcode[at] in _STATIC_CALLS else 0)
        constant = value is not None and value.number == 1
        if constant or states.begins_true(row, at):
            yield row, at


class _States:
    """What the fields of view models hold when they are made."""

    def __init__(self, code: Code, rules: Bound) -> None:
        self._code, self._rules = code, rules

    def begins_true(self, row: int, at: int) -> bool:
        """Tell whether the second register of a call holds a state that begins as true."""
        return any(self._is_true(field) for field in self._fields(row, at, 1, _DEPTH))

    def _fields(self, row: int, at: int, place: int, depth: int) -> list[int]:
        """Return the field from which a value is read, through getters and state holders."""
        code = self._code
        made = code.constants.origin(row, at, place, past_zero=True)
        if made is None or made.ref < 0 or not depth:
            return []
        if made.opcode in _GETS:
            return [made.ref]
        if not made.name.startswith("invoke"):
            return []
        if code.index.method_name(made.ref) in self._rules.state_reads:
            return self._fields(row, made.row, 0, depth - 1)
        getter = self._getter(made)
        return [] if getter is None else [getter]

    def _getter(self, call: Instruction) -> int | None:
        """Return the field of a method that only returns one."""
        target = int(self._code.index.def_of_method[call.ref])
        body = list(instructions(self._code.index, target)) if target >= 0 else []
        plain = len(body) == 2 and body[0].opcode in _INSTANCE_GETS and body[1].opcode in _RETURNS  # noqa: PLR2004
        return body[0].ref if plain else None

    def _is_true(self, field: int) -> bool:
        """Tell whether a constructor fills a field with true, or with a holder of true."""
        code = self._code
        for _, row, _, at in code.sites(code.index.field_writes, (field,)):
            if code.index.method_name(int(code.index.defs.method[row])) != "<init>":
                continue
            made = code.constants.origin(row, at, 0)
            if made is not None and (self._truth(row, made) or self._holds_true(row, made)):
                return True
        return self._set_true(field)

    def _truth(self, row: int, made: Instruction) -> bool:
        """Tell whether an instruction makes true: the number, `Boolean.TRUE`, `valueOf(true)`."""
        code, index = self._code, self._code.index
        if made.opcode in _CONSTANTS:
            return made.literal == 1 and made.ref < 0
        if made.ref < 0:
            return False
        if made.opcode in _GETS:
            cls, name, *_ = index.field_parts(made.ref)
            return (cls, name) == (self._rules.boxed, "TRUE")
        if not made.name.startswith("invoke-static"):
            return False
        cls, name, _ = index.method_parts(made.ref)
        given = code.constants.argument(row, made.row, 0)
        return cls == self._rules.boxed and name == "valueOf" and _is_one(given)

    def _holds_true(self, row: int, made: Instruction) -> bool:
        """Tell whether an object is made with true: by its constructor or by a function."""
        if made.name.startswith("invoke-static"):
            return self._given_true(row, made.row, 0)
        if made.opcode != _NEW_INSTANCE:
            return False
        code, index = self._code, self._code.index
        for ref, at in self._calls_in(row):
            own = code.constants.origin(row, at, 0) if at > made.row else None
            if own is not None and own.row == made.row and index.method_name(ref) == "<init>":
                return self._given_true(row, at, 1)
        return False

    def _calls_in(self, row: int) -> Iterator[tuple[int, int]]:
        """Yield (called method id, instruction row) of the calls in a method."""
        calls = self._code.index.invokes
        here = calls.inside(row)
        yield from zip(calls.id[here].tolist(), calls.at[here].tolist(), strict=True)

    def _given_true(self, row: int, at: int, place: int) -> bool:
        given = self._code.constants.origin(row, at, place)
        return given is not None and self._truth(row, given)

    def _set_true(self, field: int) -> bool:
        """Tell whether the constructor of its class sets the holder in a field to true."""
        code, index = self._code, self._code.index
        owner = int(index.classes.of_type[int(index.ids.fields.cls[field])])
        rows = np.flatnonzero(index.defs.cls == owner).tolist() if owner >= 0 else []
        for row in rows:
            if index.method_name(int(index.defs.method[row])) != "<init>":
                continue
            for ref, at in self._calls_in(row):
                if index.method_name(ref) in self._rules.state_writes:
                    held = code.constants.origin(row, at, 0)
                    is_it = held is not None and held.opcode in _GETS and held.ref == field
                    if is_it and self._given_true(row, at, 1):
                        return True
        return False


def _is_one(value: object) -> bool:
    return getattr(value, "number", None) == 1

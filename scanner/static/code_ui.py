"""Consent boxes that the code ticks: what a layout leaves open, `setChecked(true)` fills in."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

import numpy as np

from scanner.model.common import Confidence
from scanner.model.static import UiFact
from scanner.static.bound_ui import BoundViews, bound_ticks, same_fields
from scanner.static.calls import Code
from scanner.static.compose_ui import composed_ticks
from scanner.static.dex import opcodes
from scanner.static.dex.instructions import Instruction
from scanner.static.facts import PackageFacts
from scanner.static.named_links import named
from scanner.static.ui_rules import Rules, interface_rules

_SET = "setChecked"
_PROTO = "(Z)V"
_FIELD_READS = (*range(0x52, 0x59), *range(0x60, 0x67))
_MOST = 8
_MOST_TICKS = 1000
"""Boxes looked at; each may mean a search of the whole code. Real apps tick some dozens."""


class _Ask(NamedTuple):
    """What the questions about a box need; `known` are consent boxes by id and by tag."""

    code: Code
    rules: Rules
    views: frozenset[int]
    known: frozenset[int | str]
    bound: BoundViews


def ticked_boxes(code: Code, facts: PackageFacts) -> tuple[UiFact, ...]:
    """Return the boxes about consent that code ticks with no act of the user, by place.

    Firm when the layout shows that the box is one of consent, tentative when only the name of
    its field, or a text beside a box of Jetpack Compose, says so.
    """
    rules, views = interface_rules(code.know), frozenset(facts.consent_views)
    bound = BoundViews(code, rules.table.bound)
    ask = _Ask(code, rules, views, views | frozenset(facts.consent_tags), bound)
    found: dict[tuple[str, str], UiFact] = {}
    ticks = chain(_ticks(code), bound_ticks(code, bound, rules.table.bound))
    for row, at in islice(ticks, _MOST_TICKS):
        named_ = _box(ask, row, at)
        if named_ is not None and _shown_unasked(ask, row):
            text, sure = named_
            place = code.names.row(row)
            fact = UiFact(kind="default-ticked-consent", place=place, text=text, confidence=sure)
            found.setdefault((place, text), fact)
    for row, text in composed_ticks(code, rules, frozenset(facts.consent_strings)):
        if _unasked(code, row):
            place = code.names.row(row)
            fact = UiFact(
                kind="default-ticked-consent", place=place, text=text, confidence="tentative"
            )
            found.setdefault((place, text), fact)
    return tuple(found[key] for key in sorted(found))[:_MOST]


def _ticks(code: Code) -> Iterator[tuple[int, int]]:
    """Yield (method row, instruction row) of calls that set a box to a constant true."""
    index = code.index
    methods = np.flatnonzero(named(index, (_SET,))).tolist()
    boxes = [m for m in methods if index.proto(int(index.ids.methods.kind[m])) == _PROTO]
    for _, row, _, at in code.sites(index.invokes, boxes):
        if code.owners.is_library(int(index.defs.cls[row])):
            continue  # a view library shows the state that the app has chosen
        value = code.constants.argument(row, at, 0)
        if value is not None and value.number == 1:
            yield row, at


def _box(ask: _Ask, row: int, at: int) -> tuple[str, Confidence] | None:
    """Return what names the box as one of consent, and how sure that is."""
    code = ask.code
    made = code.constants.origin(row, at, 0)
    if made is None:
        return None
    found = _finds(code, made, row) & ask.views
    if found:
        return f"0x{min(found):08x}", "firm"
    if made.opcode not in _FIELD_READS or made.ref < 0:
        return None
    name = code.names.field(made.ref).rpartition(".")[2]
    if any(_filled_from(ask, field) & ask.known for field in same_fields(code, made.ref)):
        return name, "firm"
    return (name, "tentative") if ask.rules.consent_name(name) else None


def _finds(code: Code, call: Instruction, row: int) -> frozenset[int]:
    """Return the numbers among the arguments of a call that may be the id of a view: whatever
    looks a view up (`findViewById`, view binding, the cache of Kotlin's view properties) takes it.
    """
    index = code.index
    if call.ref < 0 or call.kind != opcodes.METHOD:
        return frozenset()
    params = index.ids.proto_params[int(index.ids.methods.kind[call.ref])]
    places = [n for n, kind in enumerate(params) if index.descriptor(kind) == "I"]
    values = (code.constants.argument(row, call.row, place) for place in places)
    numbers = (value.number for value in values if value is not None)
    return frozenset(number & 0xFFFFFFFF for number in numbers if number)


def _filled_from(ask: _Ask, field: int) -> frozenset[int | str]:
    """Return what is known of the views that the code puts into a field: ids, or tags of data
    binding. A constructor that takes them, as that of a binding class does, is given them by its
    callers.
    """
    code, found = ask.code, set[int | str]()
    for _, row, _, at in code.sites(code.index.field_writes, (field,)):
        made = code.constants.origin(row, at, 0)
        if made is not None:
            found |= _finds(code, made, row) | ask.bound.at(row, made)
            continue
        place = code.constants.parameter(row, at, 0)
        method = int(code.index.defs.method[row])
        for _, caller, _, call in code.sites(code.index.invokes, (method,) if place else ()):
            given = code.constants.origin(caller, call, place or 0)
            if given is not None:
                found |= _finds(code, given, caller) | ask.bound.at(caller, given)
    return frozenset(found)


def _shown_unasked(ask: _Ask, row: int) -> bool:
    """Tell whether a box is ticked without an act of the user: where the method may run so, or,
    for the code of data binding, which a frame of the screen runs, where its object is made so.
    """
    index, cls = ask.code.index, int(ask.code.index.defs.cls[row])
    rows = [row]
    if ask.bound.classes[cls]:
        methods = np.flatnonzero(index.defs.cls == cls).tolist()
        names = ((m, index.method_name(int(index.defs.method[m]))) for m in methods)
        rows += [m for m, name in names if name == "<init>"]
    return any(_unasked(ask.code, one) for one in rows)


def _unasked(code: Code, row: int) -> bool:
    """Tell whether the method may run without an act of the user on its chain."""
    if not code.reach.runs(row):
        return False
    acts = set(code.rules.user_callbacks)
    methods = code.index.defs.method
    chain = code.reach.rows(row) or [row]
    return acts.isdisjoint(code.index.method_name(int(methods[r])) for r in chain)

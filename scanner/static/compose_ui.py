"""Boxes of Jetpack Compose that begin ticked, beside words of consent.

The state of such a box is an argument of the call that draws it: a constant, or what a state object
holds that the same method makes from a constant. Where R8 has renamed Compose, or the state comes
from another class, nothing is seen.
"""

from collections.abc import Iterator

import numpy as np

from scanner.static.calls import Code
from scanner.static.dex import opcodes
from scanner.static.dex.instructions import Instruction
from scanner.static.named_links import named
from scanner.static.ui_rules import Rules

_STEPS = 4
_READS_STRING = "stringResource"
_SGET_OBJECT = 0x62
_TRUE = ("Ljava/lang/Boolean;", "TRUE")


def composed_ticks(code: Code, rules: Rules, strings: frozenset[int]) -> Iterator[tuple[int, str]]:
    """Yield (method row, consent text of the same source file) of boxes that begin ticked.
    `strings` are the ids of string resources that ask for consent.
    """
    rows = list(_ticked(code, rules))
    texts = _consent_texts(code, rules, {_file(code, row) for row in rows}, strings)
    for row in rows:
        text = texts.get(_file(code, row))
        if text is not None:
            yield row, text


def _ticked(code: Code, rules: Rules) -> Iterator[int]:
    index = code.index
    boxes = [
        method
        for cls in rules.table.composed_boxes
        for method in index.methods_of_type(index.type_id(cls))
        if index.method_name(method) in rules.table.composed_box_names
    ]
    for _, row, _, at in code.sites(index.invokes, boxes):
        library = code.owners.is_library(int(index.defs.cls[row]))
        if not library and _begins_ticked(code, rules, row, at):
            yield row


def _file(code: Code, row: int) -> str:
    """Return the source file of a method row: its outermost class."""
    return code.names.classes[int(code.index.defs.cls[row])].partition("$")[0]


def _begins_ticked(code: Code, rules: Rules, row: int, at: int) -> bool:
    value = code.constants.argument(row, at, 0)
    if value is not None and value.number is not None:
        return value.number == 1
    made = code.constants.origin(row, at, 0)
    for _ in range(_STEPS):
        if made is None or made.kind != opcodes.METHOD or made.ref < 0:
            return False
        if code.index.method_name(made.ref).startswith(rules.table.composed_state):
            return _is_true(code, row, made)
        made = code.constants.origin(row, made.row, 0)
    return False


def _is_true(code: Code, row: int, state: Instruction) -> bool:
    """Tell whether a state object is made from a constant true."""
    first = code.constants.origin(row, state.row, 0)
    if first is None or first.ref < 0:
        return False
    if first.opcode == _SGET_OBJECT:
        return code.index.field_parts(first.ref)[:2] == _TRUE
    if first.kind != opcodes.METHOD or code.index.method_name(first.ref) != "valueOf":
        return False
    boxed = code.constants.argument(row, first.row, 0)
    return boxed is not None and boxed.number == 1


def _consent_texts(
    code: Code, rules: Rules, files: set[str], ids: frozenset[int]
) -> dict[str, str]:
    """Return source file -> the first text about consent in it, or else the id of a string resource
    that it shows, in hexadecimal.
    """
    found: dict[str, str] = {}
    if not files:
        return found
    texts = (n for n, text in zip(code.numbers, code.texts, strict=True) if rules.consents(text))
    for number, row, _, _ in code.sites(code.index.const_strings, texts):
        if (name := _file(code, row)) in files:
            found.setdefault(name, code.index.string(number))
    readers = np.flatnonzero(named(code.index, (_READS_STRING,))).tolist() if ids else []
    for _, row, _, at in code.sites(code.index.invokes, readers):
        name = _file(code, row)
        value = code.constants.argument(row, at, 0) if name in files else None
        if value is not None and value.number in ids:
            found.setdefault(name, f"0x{value.number:08x}")
    return found

"""Keys of ciphers that stand in the code: whoever has the package can read what they protect."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.dex import opcodes
from scanner.static.dex.instructions import Instruction
from scanner.static.fixed_values import FixedValues

_SPEC = "Ljavax/crypto/spec/SecretKeySpec;"
_STRING = "Ljava/lang/String;"
_TEXT, _NEW_ARRAY, _FILL = (0x1A, 0x1B), 0x23, 0x26
_STATIC_OBJECT, _INSTANCE_OBJECT = 0x62, 0x54
_SHOWN = 2
_LEAST = 8


def find_keys(code: Code) -> tuple[Behaviour, ...]:
    """Return the constant keys, by place. Open-source libraries are left out: their fixed keys
    are test vectors and obfuscation, not what protects the app's data.
    """
    index = code.index
    fixed = FixedValues(index)
    made = index.find_methods(_SPEC, "<init>")
    return tuple(
        Behaviour(
            kind="hard-coded-key",
            place=code.names.place(row, offset),
            detail=detail,
            actor=code.actor(row),
            reach=code.reach.of(row),
        )
        for _, row, offset, at in code.sites(index.invokes, made)
        if not code.owners.is_library(int(index.defs.cls[row]))
        for detail in _key(code, fixed, row, at)
    )


def _key(code: Code, fixed: FixedValues, row: int, at: int) -> Iterator[str]:
    """Yield what can be told of the key that a call takes, nothing when it is not a constant."""
    made = code.constants.origin(row, at, 1)
    if made is None:
        for caller, call in _handed(code, row, at):
            made = code.constants.origin(caller, call.row, call.place)
            if made is not None:
                yield from _constant(code, fixed, caller, made)
    else:
        yield from _constant(code, fixed, row, made)


class _Handed(NamedTuple):
    """A call that hands a value on: its instruction row, and the register that does."""

    row: int
    place: int


def _handed(code: Code, row: int, at: int) -> Iterator[tuple[int, _Handed]]:
    """Yield (method row, call) of those that call a method whose parameter is the key."""
    index = code.index
    place = code.constants.parameter(row, at, 1)
    if place is None:
        return
    method = int(index.defs.method[row])
    for _, caller, _, call in code.sites(index.invokes, (method,)):
        yield caller, _Handed(call, place)


def _constant(code: Code, fixed: FixedValues, row: int, made: Instruction) -> Iterator[str]:
    if made.kind == opcodes.METHOD and made.ref >= 0:
        cls, name, _ = code.index.method_parts(made.ref)
        if (cls, name) == (_STRING, "getBytes"):
            text = _text(code, fixed, row, made)
            if len(text) >= _LEAST:
                yield f"{text[:_SHOWN]}… ({len(text)})"
    elif made.opcode == _NEW_ARRAY and _filled(code, row, made):
        yield "byte[]"


def _text(code: Code, fixed: FixedValues, row: int, call: Instruction) -> str:
    """Return the constant text of which a call takes the bytes."""
    text = code.constants.origin(row, call.row, 0)
    if text is None or text.ref < 0:
        return ""
    if text.opcode in _TEXT:
        return code.index.string(text.ref)
    if text.opcode == _STATIC_OBJECT:
        cls, name, _ = code.index.field_parts(text.ref)
        return fixed.field(cls[1:-1].replace("/", "."), name)
    return _only_value(code, text.ref) if text.opcode == _INSTANCE_OBJECT else ""


def _only_value(code: Code, field: int) -> str:
    """Return the constant text of a field when nothing else is ever put into it."""
    found: set[str] = set()
    for _, row, _, at in code.sites(code.index.field_writes, (field,)):
        made = code.constants.origin(row, at, 0)
        fixed = made is not None and made.opcode in _TEXT and made.ref >= 0
        found.add(code.index.string(made.ref) if made is not None and fixed else "")
    return found.pop() if len(found) == 1 else ""


def _filled(code: Code, row: int, array: Instruction) -> bool:
    """Tell whether a new array is filled from data in the code right after it is made."""
    rows = np.arange(array.row + 1, min(array.row + 4, int(code.index.first[row + 1])))
    return bool((code.index.opcode[rows] == _FILL).any())

"""Keys of ciphers that stand in the code: whoever has the package can read what they protect."""

from collections.abc import Iterator

import numpy as np

from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.dex import opcodes
from scanner.static.dex.instructions import Instruction
from scanner.static.fixed_values import FixedValues

_SPEC = "Ljavax/crypto/spec/SecretKeySpec;"
_STRING = "Ljava/lang/String;"
_TEXT, _NEW_ARRAY, _STATIC_OBJECT, _FILL = (0x1A, 0x1B), 0x23, 0x62, 0x26
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
        return
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
    return ""


def _filled(code: Code, row: int, array: Instruction) -> bool:
    """Tell whether a new array is filled from data in the code right after it is made."""
    rows = np.arange(array.row + 1, min(array.row + 4, int(code.index.first[row + 1])))
    return bool((code.index.opcode[rows] == _FILL).any())

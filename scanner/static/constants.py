"""Constants that reach an argument of a call, found by reading one method backwards.

Only straight code before the call is followed, through moves; of a value that a call returned
the method is known, of one from elsewhere (a parameter, a field) nothing.
"""

from functools import lru_cache
from typing import NamedTuple

from scanner.static.dex.index import DexIndex
from scanner.static.dex.instructions import Body, Instruction

_MOST_BACK = 400
_KEPT = 4096
_MOVES = range(0x01, 0x0A)
_INTEGERS = range(0x12, 0x1A)
_STRINGS = (0x1A, 0x1B)
_RESULTS = range(0x0A, 0x0D)
_CAST = 0x1F
_MOVE_RESULT_OBJECT = 0x0C
_STATIC_GET = range(0x60, 0x67)
_STATIC_CALLS = (0x71, 0x77)
_NOT_WRITING = (
    *(0x00, 0x0E, 0x0F, 0x10, 0x11, 0x1D, 0x1E, 0x24, 0x25, 0x26),
    *range(0x27, 0x2D),
    *range(0x32, 0x44),
    *range(0x4B, 0x52),
    *range(0x59, 0x60),
    *range(0x67, 0x79),
    *range(0xFA, 0xFE),
)


class Constant(NamedTuple):
    """A known value: `string` and `field` are merged ids (-1 = none), `number` an integer.
    `call` is the id of the method that returned it.
    """

    string: int = -1
    number: int | None = None
    field: int = -1
    call: int = -1


class Constants:
    """Reads constants out of methods; decoded methods are kept for a while."""

    def __init__(self, index: DexIndex) -> None:
        """Keep the index."""
        self._index = index
        self._decoded = lru_cache(_KEPT)(self._decode)

    def _decode(self, row: int) -> Body:
        return Body(self._index, row)

    def argument(self, row: int, at: int, number: int) -> Constant | None:
        """Return the constant that parameter `number` (0-based, without the receiver) has in the
        call at instruction row `at` of method row `row`; None when it is not known.
        """
        code = self._decoded(row)
        place = at - int(self._index.first[row])
        call = code[place]
        register = self._register(call, number)
        return None if register < 0 else self._value(code, place, register)

    def origin(
        self, row: int, at: int, place: int, *, past_zero: bool = False
    ) -> Instruction | None:
        """Return the instruction that made what register number `place` of instruction row `at`
        holds: for the result of a call the call itself. None when that is not straight before it.
        `past_zero` passes over zero and null: what a variable holds on ways that do not set it.
        """
        found = self._back(row, at, place, past_zero=past_zero)
        return found if isinstance(found, Instruction) else None

    def parameter(self, row: int, at: int, place: int) -> int | None:
        """Return which register of a call to method row `row` becomes what register number
        `place` of instruction row `at` holds; None when it is not a parameter.
        """
        found = self._back(row, at, place)
        if not isinstance(found, int):
            return None
        defs = self._index.defs
        first = int(defs.registers[row]) - int(defs.ins[row])
        return found - first if found >= first else None

    def _back(
        self, row: int, at: int, place: int, *, past_zero: bool = False
    ) -> Instruction | int | None:
        """Return the instruction that filled a register, or the register itself when it is filled
        nowhere before.
        """
        code = self._decoded(row)
        here = at - int(self._index.first[row])
        if place >= len(code[here].regs):
            return None
        register = code[here].regs[place]
        for number in range(here - 1, max(-1, here - _MOST_BACK), -1):
            ins = code[number]
            if not ins.regs or ins.regs[0] != register or ins.opcode in _NOT_WRITING:
                continue
            if ins.opcode in _MOVES:
                register = ins.regs[1]
            elif ins.opcode in _RESULTS:
                return code[number - 1] if number else None
            elif ins.opcode != _CAST and not (past_zero and _is_zero(ins)):
                return ins
        return register if here <= _MOST_BACK else None

    def _register(self, call: Instruction, number: int) -> int:
        """Return the register of a parameter: a long or double takes two."""
        if call.ref < 0:
            return -1
        index = self._index
        params = index.ids.proto_params[int(index.ids.methods.kind[call.ref])]
        slot = 0 if call.opcode in _STATIC_CALLS else 1
        for kind in params[:number]:
            slot += 2 if index.descriptor(kind) in {"J", "D"} else 1
        return call.regs[slot] if slot < len(call.regs) else -1

    @staticmethod
    def _value(code: Body, place: int, register: int) -> Constant | None:
        for back in range(place - 1, max(0, place - _MOST_BACK) - 1, -1):
            ins = code[back]
            if not ins.regs or ins.regs[0] != register or ins.opcode in _NOT_WRITING:
                continue
            if ins.opcode in _MOVES:
                register = ins.regs[1]
            elif ins.opcode == _MOVE_RESULT_OBJECT and back:
                return Constant(call=code[back - 1].ref)
            elif ins.opcode != _CAST:
                return _loaded(ins)
        return None


def _is_zero(ins: Instruction) -> bool:
    return ins.opcode in _INTEGERS and not ins.literal


def _loaded(ins: Instruction) -> Constant | None:
    """Return what an instruction loads, when it loads something known."""
    if ins.opcode in _STRINGS:
        return Constant(string=ins.ref)
    if ins.opcode in _INTEGERS:
        return Constant(number=ins.literal)
    return Constant(field=ins.ref) if ins.opcode in _STATIC_GET else None

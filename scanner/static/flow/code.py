"""Instructions of one method in the form the interpreter wants."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from scanner.static.dex import opcodes
from scanner.static.dex.debug import handlers
from scanner.static.dex.index import DexIndex
from scanner.static.dex.instructions import Instruction, array_data, instructions, switch_cases
from scanner.static.dex.opcodes import SET

_MOST_INSTRUCTIONS = 20_000
_MOST_NUMBERS = 64


class FieldRef(NamedTuple):
    """A field as an instruction names it."""

    cls: str
    name: str
    type: str


class MethodRef(NamedTuple):
    """A method as an instruction names it. `descriptor` is `(params)ret`."""

    cls: str
    name: str
    descriptor: str


class Ins(NamedTuple):
    """One instruction. `at` and `next` are byte offsets, `regs` its registers in order, `literal`
    its number, `ref` what its index names, `targets` where a branch may go besides the next
    instruction (for a switch: in the order of `cases`).
    """

    at: int
    name: str
    op: str
    regs: tuple[int, ...]
    literal: int
    ref: Any
    targets: tuple[int, ...]
    cases: tuple[int, ...]
    next: int


class Try(NamedTuple):
    """A try range and its handlers as (class, empty for all; byte offset)."""

    start: int
    end: int
    handlers: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Code:
    """A decoded method. `leaders` are the offsets where a basic block begins."""

    registers: int
    ins: int
    instructions: dict[int, Ins]
    tries: tuple[Try, ...] = ()
    leaders: frozenset[int] = frozenset()

    def handlers(self, at: int) -> tuple[tuple[str, int], ...]:
        """Return the exception handlers that watch over an instruction, in order."""
        for one in self.tries:
            if one.start <= at < one.end:
                return one.handlers
        return ()


Resolve: TypeAlias = Callable[[int, int], Any]
"""Maps (kind of operand, merged id) to a text, a descriptor, a `FieldRef` or a `MethodRef`."""

_FAMILIES = (
    *("move-result", "move-exception", "const-string", "const-class", "const-method"),
    *("return-void", "return", "array-length", "aget", "aput", "iget", "iput", "sget", "sput"),
    *("packed-switch", "sparse-switch", "cmp", "invoke", "move", "const"),
)


def _operation(name: str) -> str:
    """Return the operation without width and encoding: `iget-object` and `iget` are one."""
    for family in _FAMILIES:
        if name.startswith(family):
            return "switch" if family.endswith("switch") else family
    return (
        "filled-new-array"
        if name.startswith("filled-new-array")
        else name.split("/", maxsplit=1)[0]
    )


_OPERATIONS = tuple(_operation(name) for name in SET.names)
_BRANCHES = frozenset(["10t", "20t", "30t", "21t", "22t"])


def decode(index: DexIndex, row: int, resolve: Resolve) -> Code:
    """Decode method row `row`."""
    found: dict[int, Ins] = {}
    tries = tuple(
        Try(one.start, one.end, tuple((_caught(index, kind), at) for kind, at in one.catches))
        for one in handlers(index, row)
    )
    registers = int(index.defs.registers[row])
    leaders = {0, *(at for one in tries for _, at in one.handlers)}
    for number, raw in enumerate(instructions(index, row)):
        if number >= _MOST_INSTRUCTIONS:
            break
        if not _is_sound(raw, registers):
            continue
        ins = _convert(index, row, raw, resolve)
        found[ins.at] = ins
        if ins.targets:
            leaders.update(ins.targets)
            leaders.add(ins.next)
    kept = frozenset(at for at in leaders if at in found)
    ins_size = min(int(index.defs.ins[row]), registers)
    return Code(registers, ins_size, found, tries, kept)


def _is_sound(raw: Instruction, registers: int) -> bool:
    """Tell whether an instruction names registers and members that exist; where one does not,
    the way ends.
    """
    if raw.kind != opcodes.NONE and raw.ref < 0:
        return False
    return all(reg < registers for reg in raw.regs)


def _caught(index: DexIndex, kind: int) -> str:
    return index.descriptor(kind) if kind else ""


def _convert(index: DexIndex, row: int, raw: Instruction, resolve: Resolve) -> Ins:
    name, form = raw.name, SET.formats[raw.opcode]
    op = _OPERATIONS[raw.opcode]
    ref = resolve(raw.kind, raw.ref) if raw.kind != opcodes.NONE and raw.ref >= 0 else None
    targets: tuple[int, ...] = ()
    cases: tuple[int, ...] = ()
    if op == "switch":
        pairs = switch_cases(index, row, raw).cases
        cases, targets = tuple(k for k, _ in pairs), tuple(t for _, t in pairs)
    elif op == "fill-array-data":
        ref = _numbers(array_data(index, row, raw))
    elif form in _BRANCHES:
        targets = (raw.target if raw.target >= 0 else raw.offset,)
    following = raw.offset + 2 * SET.lengths[raw.opcode]
    return Ins(raw.offset, name, op, raw.regs, raw.literal, ref, targets, cases, following)


def _numbers(data: bytes) -> tuple[int, ...]:
    """Return the distinct small numbers of a data table; they are only ever compared."""
    return struct.unpack(f"<{len(data)}b", data) if len(data) <= _MOST_NUMBERS else ()

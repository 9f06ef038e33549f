"""One method decoded into instructions with operands, for analyses that follow values."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from scanner.static.dex import opcodes
from scanner.static.dex.arrays import U16
from scanner.static.dex.ids import FileMaps
from scanner.static.dex.index import DexIndex
from scanner.static.dex.sweep import payload_units

MAX_PAYLOAD = 65_536


class Instruction(NamedTuple):
    """One decoded instruction.

    `offset` is in bytes from the first instruction of the method, `row` its row in the index.
    `regs` are register numbers in the order of the text form (destination first; arguments of a
    call in order, a wide argument as two). `ref` is the merged id that the instruction names (see
    `kind`), -1 when there is none or it is damaged; `ref2` the prototype of invoke-polymorphic.
    `literal` is the signed constant; `target` the byte offset of a branch, or of the payload
    that a switch or fill-array-data uses.
    """

    offset: int
    row: int
    opcode: int
    regs: tuple[int, ...] = ()
    kind: int = opcodes.NONE
    ref: int = -1
    ref2: int = -1
    literal: int = 0
    target: int = -1

    @property
    def name(self) -> str:
        """Return the mnemonic, such as `invoke-virtual`."""
        return opcodes.SET.names[self.opcode]


class Switch(NamedTuple):
    """The cases of a switch: key and byte offset of the branch."""

    cases: tuple[tuple[int, int], ...]


class Handler(NamedTuple):
    """One try block: byte offsets of its code [start, end), and (type id or 0 for all, byte
    offset) of each handler in order.
    """

    start: int
    end: int
    catches: tuple[tuple[int, int], ...]


class _Operands(NamedTuple):
    regs: tuple[int, ...] = ()
    ref: int = -1
    literal: int = 0
    branch: int = 0
    proto: int = -1


_Decoder = Callable[[list[int], int], _Operands]


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def _12x(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8 & 15, u[i] >> 12))


def _11n(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8 & 15,), literal=_signed(u[i] >> 12, 4))


def _11x(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8,))


def _10t(u: list[int], i: int) -> _Operands:
    return _Operands(branch=_signed(u[i] >> 8, 8))


def _20t(u: list[int], i: int) -> _Operands:
    return _Operands(branch=_signed(u[i + 1], 16))


def _22x(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8, u[i + 1]))


def _21t(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8,), branch=_signed(u[i + 1], 16))


def _21s(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8,), literal=_signed(u[i + 1], 16))


def _21h(u: list[int], i: int) -> _Operands:
    shift = 16 if u[i] & 255 == 0x15 else 48
    return _Operands((u[i] >> 8,), literal=_signed(u[i + 1], 16) << shift)


def _21c(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8,), u[i + 1])


def _23x(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8, u[i + 1] & 255, u[i + 1] >> 8))


def _22b(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8, u[i + 1] & 255), literal=_signed(u[i + 1] >> 8, 8))


def _22t(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8 & 15, u[i] >> 12), branch=_signed(u[i + 1], 16))


def _22s(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8 & 15, u[i] >> 12), literal=_signed(u[i + 1], 16))


def _22c(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8 & 15, u[i] >> 12), u[i + 1])


def _30t(u: list[int], i: int) -> _Operands:
    return _Operands(branch=_signed(u[i + 1] | u[i + 2] << 16, 32))


def _32x(u: list[int], i: int) -> _Operands:
    return _Operands((u[i + 1], u[i + 2]))


def _31i(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8,), literal=_signed(u[i + 1] | u[i + 2] << 16, 32))


def _31t(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8,), branch=_signed(u[i + 1] | u[i + 2] << 16, 32))


def _31c(u: list[int], i: int) -> _Operands:
    return _Operands((u[i] >> 8,), u[i + 1] | u[i + 2] << 16)


def _35c(u: list[int], i: int) -> _Operands:
    word, count = u[i + 2], u[i] >> 12
    regs = (word & 15, word >> 4 & 15, word >> 8 & 15, word >> 12, u[i] >> 8 & 15)
    return _Operands(regs[:count], u[i + 1])


def _3rc(u: list[int], i: int) -> _Operands:
    return _Operands(tuple(range(u[i + 2], u[i + 2] + (u[i] >> 8))), u[i + 1])


def _45cc(u: list[int], i: int) -> _Operands:
    return _35c(u, i)._replace(proto=u[i + 3])


def _4rcc(u: list[int], i: int) -> _Operands:
    return _3rc(u, i)._replace(proto=u[i + 3])


def _51l(u: list[int], i: int) -> _Operands:
    value = u[i + 1] | u[i + 2] << 16 | u[i + 3] << 32 | u[i + 4] << 48
    return _Operands((u[i] >> 8,), literal=_signed(value, 64))


def _10x(_u: list[int], _i: int) -> _Operands:
    return _Operands()


_FORMATS: dict[str, _Decoder] = {
    "10x": _10x,
    "12x": _12x,
    "11n": _11n,
    "11x": _11x,
    "10t": _10t,
    "20t": _20t,
    "22x": _22x,
    "21t": _21t,
    "21s": _21s,
    "21h": _21h,
    "21c": _21c,
    "23x": _23x,
    "22b": _22b,
    "22t": _22t,
    "22s": _22s,
    "22c": _22c,
    "30t": _30t,
    "32x": _32x,
    "31i": _31i,
    "31t": _31t,
    "31c": _31c,
    "35c": _35c,
    "3rc": _3rc,
    "45cc": _45cc,
    "4rcc": _4rcc,
    "51l": _51l,
}
_DECODERS: tuple[_Decoder, ...] = tuple(_FORMATS[form] for form in opcodes.SET.formats)
_PAD = [0] * 5


class Body:
    """The instructions of one method by number, each decoded when it is first asked for."""

    def __init__(self, index: DexIndex, row: int) -> None:
        """Open method row `row`; one without code has no instruction."""
        first, last = int(index.first[row]), int(index.first[row + 1])
        start, units = int(index.defs.start[row]), int(index.defs.units[row])
        file = index.file_of_def(row)
        self._first = first
        self._units = index.units(file)[start : start + units].tolist() + _PAD
        self._places = (index.pc[first:last].astype(np.int64) - start).tolist()
        self._tables = _ref_tables(index.maps(file))
        self._known: dict[int, Instruction] = {}

    def __len__(self) -> int:
        """Return the number of instructions."""
        return len(self._places)

    def __getitem__(self, number: int) -> Instruction:
        """Return one instruction."""
        found = self._known.get(number)
        if found is None:
            found = self._known[number] = self.decode(number)
        return found

    def decode(self, number: int) -> Instruction:
        """Return one instruction without keeping it."""
        here, units, tables = self._places[number], self._units, self._tables
        row, opcode = self._first + number, units[here] & 255
        if opcode == 0:
            return Instruction(2 * here, row, 0)
        ops = _DECODERS[opcode](units, here)
        kind = opcodes.SET.kinds[opcode]
        return Instruction(
            2 * here,
            row,
            opcode,
            ops.regs,
            kind,
            _merged(tables, kind, ops.ref),
            _merged(tables, opcodes.PROTO, ops.proto),
            ops.literal,
            2 * (here + ops.branch) if ops.branch else -1,
        )


def instructions(index: DexIndex, row: int) -> Iterator[Instruction]:
    """Yield the instructions of method row `row` in order; nothing for one without code."""
    if index.first[row] < index.first[row + 1]:
        body = Body(index, row)
        yield from map(body.decode, range(len(body)))


def _ref_tables(maps: FileMaps) -> dict[int, np.ndarray]:
    return {
        opcodes.STRING: maps.strings,
        opcodes.TYPE: maps.types,
        opcodes.FIELD: maps.fields,
        opcodes.METHOD: maps.methods,
        opcodes.PROTO: maps.protos,
    }


def _merged(tables: dict[int, np.ndarray], kind: int, index: int) -> int:
    """Translate a file's index; call sites and handles keep their number in the file."""
    table = tables.get(kind)
    if table is None or index < 0:
        return index
    return int(table[index]) if index < len(table) else -1


def switch_cases(index: DexIndex, row: int, switch: Instruction) -> Switch:
    """Return the cases of a packed-switch or sparse-switch instruction of method row `row`."""
    units, _start, at = _payload(index, row, switch)
    if at is None:
        return Switch(())
    kind, size = int(units[at]), int(units[at + 1])
    words = units[at : at + min(payload_units(units, at), 4 * MAX_PAYLOAD)].tolist()
    if kind == opcodes.PACKED_SWITCH and len(words) >= 4 + 2 * size:
        low = _signed(words[2] | words[3] << 16, 32)
        keys = [low + k for k in range(size)]
        body = words[4:]
    elif kind == opcodes.SPARSE_SWITCH and len(words) >= 2 + 4 * size:
        keys = [_word(words, 2 + 2 * k) for k in range(size)]
        body = words[2 + 2 * size :]
    else:
        return Switch(())
    return Switch(tuple((k, switch.offset + 2 * _word(body, 2 * n)) for n, k in enumerate(keys)))


def array_data(index: DexIndex, row: int, fill: Instruction) -> bytes:
    """Return the bytes of a fill-array-data payload, empty when it is damaged or too long."""
    units, _, at = _payload(index, row, fill)
    if at is None or int(units[at]) != opcodes.ARRAY_DATA:
        return b""
    width, low, high = (int(units[at + k]) if at + k < len(units) else 0 for k in (1, 2, 3))
    size = width * (low | high << 16)
    if size > MAX_PAYLOAD:
        return b""
    return units[at + 4 : at + 4 + (size + 1) // 2].tobytes()[:size]


def _payload(index: DexIndex, row: int, user: Instruction) -> tuple[U16, int, int | None]:
    """Return (units of the file, start of the method, unit of the payload or None)."""
    units = index.units(index.file_of_def(row))
    start = int(index.defs.start[row])
    at = start + user.target // 2
    inside = user.target >= 0 and at + 1 < start + int(index.defs.units[row])
    return units, start, at if inside else None


def _word(words: list[int], at: int) -> int:
    return _signed(words[at] | words[at + 1] << 16, 32)

"""Values that the code fixes: what a static field begins with, what a short method returns."""

from scanner.static.dex.index import DexIndex
from scanner.static.dex.instructions import Instruction, instructions
from scanner.static.dex.text import dex_name
from scanner.static.dex.values import static_values

_STATIC = 0x8
_STRINGS = (0x1A, 0x1B)
_INTEGERS = range(0x12, 0x16)
_STATIC_GET, _STATIC_PUT = range(0x60, 0x67), range(0x67, 0x6E)
_INVOKE_STATIC, _MOVE_RESULT, _RETURN = 0x71, 0x0C, range(0x0F, 0x12)
_LONGEST_BODY = 12
_LONGEST_START = 4000
_DEPTH = 3


class FixedValues:
    """Reads fixed values out of one app. Unknown values are empty."""

    def __init__(self, index: DexIndex) -> None:
        """Keep the index."""
        self._index = index

    def field(self, cls: str, name: str, depth: int = _DEPTH) -> str:
        """Return the text or number that static field `name` of a class (Java name) begins with."""
        index = self._index
        kind = index.type_id(dex_name(cls))
        row = int(index.classes.of_type[kind]) if kind > 0 else -1
        if row < 0 or depth <= 0:
            return ""
        found = self._initial(row, name)
        return found or self._assigned(kind, index.find_fields(dex_name(cls), name))

    def method(self, cls: str, name: str, depth: int = _DEPTH) -> str:
        """Return what a method of a class returns when it is always the same."""
        index = self._index
        for method in index.find_methods(dex_name(cls), name):
            row = int(index.def_of_method[method])
            if row >= 0:
                found = self._returned(row, depth)
                if found:
                    return found
        return ""

    def _initial(self, row: int, name: str) -> str:
        """Return the encoded initial value: the k-th belongs to the k-th static field."""
        index, fields = self._index, self._index.fields
        rows = [r for r in (fields.cls == row).nonzero()[0].tolist() if fields.flags[r] & _STATIC]
        values = static_values(index, row)
        for value, field in zip(values, rows, strict=False):
            if index.string(int(index.ids.fields.name[fields.field[field]])) == name:
                return str(value) if isinstance(value, str | int) and value else ""
        return ""

    def _assigned(self, kind: int, fields: list[int]) -> str:
        """Return the constant that the class initialiser puts into one of the fields."""
        index = self._index
        for method in index.methods_of_type(kind):
            row = int(index.def_of_method[method])
            if row < 0 or index.method_name(method) != "<clinit>":
                continue
            if int(index.first[row + 1] - index.first[row]) > _LONGEST_START:
                return ""
            held: dict[int, str] = {}
            for ins in instructions(index, row):
                if ins.opcode in _STATIC_PUT and ins.ref in fields:
                    return held.get(ins.regs[0], "")
                self._take(ins, held)
        return ""

    def _take(self, ins: Instruction, held: dict[int, str]) -> None:
        """Note what a register holds after an instruction; what is not known is forgotten."""
        if not ins.regs or ins.opcode in _STATIC_PUT:
            return
        if ins.opcode in _STRINGS and ins.ref >= 0:
            held[ins.regs[0]] = self._index.string(ins.ref)
        elif ins.opcode in _INTEGERS:
            held[ins.regs[0]] = str(ins.literal)
        else:
            held.pop(ins.regs[0], None)

    def _returned(self, row: int, depth: int) -> str:
        index = self._index
        if depth <= 0 or int(index.first[row + 1] - index.first[row]) > _LONGEST_BODY:
            return ""
        held: dict[int, str] = {}
        result = ""
        for ins in instructions(index, row):
            if ins.opcode in _RETURN:
                return held.get(ins.regs[0], "")
            if ins.opcode in _STATIC_GET and ins.ref >= 0:
                cls, name, _ = index.field_parts(ins.ref)
                held[ins.regs[0]] = self.field(cls[1:-1].replace("/", "."), name, depth - 1)
            elif ins.opcode == _INVOKE_STATIC and ins.ref >= 0 and not ins.regs:
                called = int(index.def_of_method[ins.ref])
                result = self._returned(called, depth - 1) if called >= 0 else ""
            elif ins.opcode == _MOVE_RESULT:
                held[ins.regs[0]], result = result, ""
            else:
                self._take(ins, held)
        return ""

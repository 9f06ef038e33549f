"""What instructions on arrays and fields do."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from scanner.static.flow.code import Ins
from scanner.static.flow.frame import Frame
from scanner.static.flow.heap import STATICS
from scanner.static.flow.values import (
    NOTHING,
    NULL,
    UNKNOWN,
    Constant,
    Value,
    constant,
    constants,
    join,
    moved,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.machine import Machine

Following: TypeAlias = tuple[int, ...] | None
Op: TypeAlias = Callable[["Machine", Frame, Ins], Following]
_NPE: Final = ("Ljava/lang/NullPointerException;",)
_INDEX: Final = ("Ljava/lang/ArrayIndexOutOfBoundsException;",)
_CAST: Final = ("Ljava/lang/ClassCastException;",)
_ZERO: Final = ("Ljava/lang/ArithmeticException;",)
_SIZE: Final = ("Ljava/lang/NegativeArraySizeException;",)


def new_array(m: "Machine", f: Frame, i: Ins) -> Following:
    """Make an array of a length."""
    length = f.regs[i.regs[1]]
    if _may(length, lambda n: isinstance(n, int) and n < 0):
        f.throw(UNKNOWN, _SIZE)
    array = m.allocate(f, i.ref)
    f.heap.put(next(iter(array.refs)), "#length", length.without_marks())
    f.regs[i.regs[0]] = array
    return None


def filled_array(m: "Machine", f: Frame, i: Ins) -> Following:
    """Make an array of given elements."""
    array = m.allocate(f, i.ref)
    ref = next(iter(array.refs))
    for at, reg in enumerate(i.regs):
        f.heap.put(ref, f"[{at}", f.regs[reg])
    f.heap.put(ref, "#length", constant(len(i.regs)))
    f.regs[f.result] = array
    return None


def fill_array(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Fill an array with numbers: they matter only in short tables."""
    for ref in f.regs[i.regs[0]].refs:
        f.heap.drop(ref, "[")
        f.heap.put(ref, "[*", constants(set(i.ref)) if i.ref else UNKNOWN)
    return None


def array_length(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Read the length of an array."""
    array = f.regs[i.regs[1]]
    _null_check(f, array)
    lengths = [f.heap.get(ref, "#length") or UNKNOWN for ref in sorted(array.refs)]
    value = UNKNOWN if array.unknown or not lengths else NOTHING
    for length in lengths:
        value = join(value, length)
    f.regs[i.regs[0]] = tint(f, value, array)
    return None


def tint(f: Frame, value: Value, *origins: Value) -> Value:
    """Mark a value that depends on others only implicitly, when implicit flows are asked for."""
    if f.machine.implicit:
        for origin in origins:
            value = value.with_marks(f.machine.imply(f, origin.marks))
    return value


def aget(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Read an array element."""
    array, index = f.regs[i.regs[1]], f.regs[i.regs[2]]
    _null_check(f, array)
    if not _check_index(f, array, index):
        return ()
    f.regs[i.regs[0]] = load_element(f, array, index)
    return None


def load_element(f: Frame, array: Value, index: Value) -> Value:
    """Return what an array holds at an index: exact for a known index, otherwise any element."""
    marks = array.marks if array.unknown or not array.refs else frozenset()
    value = unknown(marks) if array.unknown or not array.refs else NOTHING
    where = index.single
    for ref in sorted(array.refs):
        value = join(value, element(f, ref, where if isinstance(where, int) else None))
        opaque = f.heap.get(ref, "$content")
        if opaque is not None:
            value = join(value, unknown(opaque.marks))
    return tint(f, value, index).with_marks(f.marks)


def element(f: Frame, ref: int, where: int | None) -> Value:
    """Return one array's element."""
    rest = f.heap.get(ref, "[*")
    if where is not None:
        own = f.heap.get(ref, f"[{where}")
        if own is not None:
            return own if rest is None else join(own, rest)
        return NULL if rest is None else join(rest, NULL)
    value = NULL
    for _, one in f.heap.fields(ref, "["):
        value = join(value, one)
    return value


def aput(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Write an array element: exact for a known index of a single array, otherwise a join."""
    value, array, index = (f.regs[r] for r in i.regs)
    _null_check(f, array)
    if not _check_index(f, array, index):
        return ()
    value = tint(f, value.with_marks(f.marks), index)
    where = index.single
    for ref in sorted(array.refs):
        if isinstance(where, int):
            f.heap.put(ref, f"[{where}", value, weak=len(array.refs) > 1)
        else:
            f.heap.put(ref, "[*", value, weak=True)
    return None


def _check_index(f: Frame, array: Value, index: Value) -> bool:
    """Throw when the index may lie outside; return whether execution can go on."""
    if not f.code.handlers(f.at):
        return True
    lengths = [f.heap.get(ref, "#length") for ref in array.refs]
    if not lengths or array.unknown or index.constants is None:
        f.throw(UNKNOWN, _INDEX)
        return True
    inside = {
        _is_inside(at, size)
        for length in lengths
        for size in ((None,) if length is None or length.constants is None else length.constants)
        for at in index.constants
    }
    if inside != {True}:
        f.throw(UNKNOWN, _INDEX)
    return inside != {False}


def _is_inside(at: Constant, size: Constant | None) -> bool | None:
    """Tell whether an index lies in an array of a size, None when that is not known."""
    if not isinstance(at, int) or not isinstance(size, int):
        return None
    return 0 <= at < size


def _null_check(f: Frame, value: Value) -> None:
    """Carry a null pointer exception to handlers when the value may be null."""
    if value.constants and 0 in value.constants and f.code.handlers(f.at):
        f.throw(UNKNOWN, _NPE)


def iget(m: "Machine", f: Frame, i: Ins) -> Following:
    """Read a field."""
    owner = f.regs[i.regs[1]]
    _null_check(f, owner)
    f.regs[i.regs[0]] = m.read_field(f, owner, i.ref).with_marks(f.marks)
    return None


def iput(m: "Machine", f: Frame, i: Ins) -> Following:
    """Write a field."""
    owner = f.regs[i.regs[1]]
    _null_check(f, owner)
    m.write_field(f, owner, i.ref, f.regs[i.regs[0]].with_marks(f.marks))
    return None


def sget(m: "Machine", f: Frame, i: Ins) -> Following:
    """Read a static field."""
    f.regs[i.regs[0]] = m.read_static(f, i.ref).with_marks(f.marks)
    return None


def sput(m: "Machine", f: Frame, i: Ins) -> Following:
    """Write a static field."""
    owner = m.program.field_owner(i.ref)
    m.initialise(f, owner)
    value = f.regs[i.regs[0]].with_marks(f.marks)
    value = value.marked(moved(value.marks, f.place))
    f.heap.put(STATICS, f"{owner}->{i.ref.name}", value)
    return None


def _may(value: Value, test: Callable[[object], bool]) -> bool:
    return value.constants is not None and any(test(c) for c in value.constants)

"""What each instruction does to registers and heap."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from scanner.static.flow import arith
from scanner.static.flow import ops_memory as memory
from scanner.static.flow.code import Ins
from scanner.static.flow.frame import Frame
from scanner.static.flow.ops_memory import tint
from scanner.static.flow.values import (
    NO_REFS,
    NOTHING,
    NULL,
    UNKNOWN,
    ClassName,
    Value,
    constant,
    constants,
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


def move(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Copy a register."""
    f.regs[i.regs[0]] = f.regs[i.regs[1]]
    return None


def move_result(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Take the result of the last call."""
    f.regs[i.regs[0]] = f.regs[f.result]
    return None


def move_exception(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Take the exception that the handler caught."""
    f.regs[i.regs[0]] = f.regs[f.caught]
    return None


def const(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Load a number."""
    f.regs[i.regs[0]] = constant(i.literal, f.marks)
    return None


def const_string(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Load a text."""
    f.regs[i.regs[0]] = constant(i.ref or "", f.marks)
    return None


def const_class(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Load a class object."""
    f.regs[i.regs[0]] = constant(ClassName(i.ref), f.marks)
    return None


def new_instance(m: "Machine", f: Frame, i: Ins) -> Following:
    """Make an object."""
    m.initialise(f, i.ref)
    f.regs[i.regs[0]] = m.allocate(f, i.ref).with_marks(f.marks)
    return None


def check_cast(m: "Machine", f: Frame, i: Ins) -> Following:
    """Keep what fits the class."""
    value = f.regs[i.regs[0]]
    kept, refused = m.fitting(f, value, i.ref)
    if refused and f.code.handlers(f.at):
        f.throw(UNKNOWN, _CAST)
    if kept is None:
        return () if f.code.handlers(f.at) else None
    f.regs[i.regs[0]] = kept
    return None


def instance_of(m: "Machine", f: Frame, i: Ins) -> Following:
    """Test the class of an object."""
    value = f.regs[i.regs[1]]
    answers: set[int | float | str | ClassName | object] = set()
    if value.constants is None:
        answers = {0, 1}
    else:
        answers |= {
            0 if c == 0 or not isinstance(c, str) else int(i.ref in _TEXT) for c in value.constants
        }
        answers |= {int(m.program.is_subtype(m.things[r].cls, i.ref)) for r in value.refs}
    result = constants({a for a in answers if isinstance(a, int)})
    f.regs[i.regs[0]] = tint(f, result, value).with_marks(f.marks)
    return None


_TEXT: Final = frozenset(
    (
        "Ljava/lang/String;",
        "Ljava/lang/CharSequence;",
        "Ljava/lang/Object;",
        "Ljava/io/Serializable;",
    )
)


def throw(m: "Machine", f: Frame, i: Ins) -> Following:
    """Throw an exception object."""
    value = f.regs[i.regs[0]]
    classes = tuple(sorted({m.things[ref].cls for ref in value.refs}))
    f.throw(value.with_marks(f.marks), () if value.unknown else classes)
    return ()


def returns(m: "Machine", f: Frame, i: Ins) -> Following:
    """End the method."""
    value = f.regs[i.regs[0]].with_marks(f.marks) if i.regs else NOTHING
    m.leave(f, value)
    return ()


def goto(_m: "Machine", _f: Frame, i: Ins) -> Following:
    """Jump."""
    return i.targets


def nothing(_m: "Machine", _f: Frame, _i: Ins) -> Following:
    """Do nothing that matters."""
    return None


def invoke(m: "Machine", f: Frame, i: Ins) -> Following:
    """Call a method."""
    f.regs[f.result] = NOTHING
    value = m.calls.invoke(f, i)
    if value is None:
        return ()
    f.regs[f.result] = value.with_marks(f.marks)
    return None


def binary(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Compute from two numbers."""
    name = i.name.split("/")[0]
    if i.name.endswith("/2addr"):
        left, right = f.regs[i.regs[0]], f.regs[i.regs[1]]
    elif len(i.regs) == 2:  # noqa: PLR2004 - literal forms have two registers
        left, right = f.regs[i.regs[1]], constant(i.literal)
    else:
        left, right = f.regs[i.regs[1]], f.regs[i.regs[2]]
    if name[:3] in ("div", "rem") and name.endswith("int") and _divides_by_zero(f, right):
        return ()
    known = arith.binary(name, left.constants, right.constants)
    marks = left.marks | right.marks | f.marks
    f.regs[i.regs[0]] = unknown(marks) if known is None else constants(known, marks)
    return None


def _divides_by_zero(f: Frame, right: Value) -> bool:
    if right.constants is None or 0 not in right.constants:
        if right.constants is None and f.code.handlers(f.at):
            f.throw(UNKNOWN, _ZERO)
        return False
    f.throw(UNKNOWN, _ZERO)
    return len(right.constants) == 1


def unary(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Compute from one number."""
    value = f.regs[i.regs[1]]
    known = arith.unary(i.name, value.constants)
    marks = value.marks | f.marks
    f.regs[i.regs[0]] = unknown(marks) if known is None else constants(known, marks)
    return None


def cmp(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Compare two wide numbers or fractions."""
    left, right = f.regs[i.regs[1]], f.regs[i.regs[2]]
    known = arith.binary("cmp-long", left.constants, right.constants) if "long" in i.name else None
    marks = f.machine.imply(f, left.marks | right.marks) | f.marks
    f.regs[i.regs[0]] = unknown(marks) if known is None else constants(known, marks)
    return None


def branch(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Branch on a comparison; ways that cannot be taken are left out."""
    left = f.regs[i.regs[0]]
    with_zero = len(i.regs) == 1
    right = NULL if with_zero else f.regs[i.regs[1]]
    kind = i.name[3:5]
    f.branch_on(left.marks | right.marks)
    outcomes = _outcomes(kind, left, right)
    saved = list(f.regs)
    if True in outcomes:
        if with_zero:
            _refine(f, left, equal={"eq": True, "ne": False}.get(kind))
        f.flow(i.targets[0])
        f.regs = saved
    if False in outcomes:
        if with_zero:
            _refine(f, left, equal={"eq": False, "ne": True}.get(kind))
        f.flow(i.next)
    return ()


def _outcomes(kind: str, left: Value, right: Value) -> set[bool]:
    if left.constants is None or right.constants is None or (left.refs and right.refs):
        return {True, False}
    found: set[bool] = set()
    if left.refs or right.refs:  # an object is never equal to null
        found.add(kind == "ne")
    for one in left.constants:
        for two in right.constants:
            found.add(arith.compare(kind, one, two))
    return found or {True, False}


def _refine(f: Frame, value: Value, *, equal: bool | None) -> None:
    """Narrow a value that was compared with zero, in every register that holds it."""
    if equal is None:
        return
    if equal:
        narrow = Value(frozenset((0,)), NO_REFS, value.marks)
    elif value.constants is not None and 0 in value.constants:
        narrow = Value(value.constants - {0}, value.refs, value.marks)
    else:
        return
    f.regs = [narrow if reg is value else reg for reg in f.regs]


def switch(_m: "Machine", f: Frame, i: Ins) -> Following:
    """Branch on a number."""
    value = f.regs[i.regs[0]]
    f.branch_on(value.marks)
    if value.constants is None or value.refs:
        return (*i.targets, i.next)
    table = dict(zip(i.cases, i.targets, strict=True))
    return tuple(
        sorted({table.get(c, i.next) if isinstance(c, int) else i.next for c in value.constants})
    )


TABLE: Final[dict[str, Op]] = {
    "move": move,
    "move-result": move_result,
    "move-exception": move_exception,
    "const": const,
    "const-string": const_string,
    "const-class": const_class,
    "new-instance": new_instance,
    "new-array": memory.new_array,
    "filled-new-array": memory.filled_array,
    "fill-array-data": memory.fill_array,
    "array-length": memory.array_length,
    "aget": memory.aget,
    "aput": memory.aput,
    "iget": memory.iget,
    "iput": memory.iput,
    "sget": memory.sget,
    "sput": memory.sput,
    "check-cast": check_cast,
    "instance-of": instance_of,
    "throw": throw,
    "return": returns,
    "return-void": returns,
    "goto": goto,
    "invoke": invoke,
    "cmp": cmp,
    "switch": switch,
}


def find(op: str, name: str) -> Op:
    """Return what carries out an instruction."""
    known = TABLE.get(op)
    if known is not None:
        return known
    if name.startswith("if-"):
        return branch
    if "-to-" in name or name.startswith(("neg-", "not-")):
        return unary
    if name.split("-", maxsplit=1)[0] in arith.BINARY:
        return binary
    return nothing

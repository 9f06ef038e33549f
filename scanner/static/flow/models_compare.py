"""Models of comparisons and of lookups in texts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.static.flow.models_text import clean, combine, declared_kind, mapped, text_of
from scanner.static.flow.values import (
    NO_REFS,
    UNKNOWN,
    ClassName,
    Constant,
    Value,
    constants,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

TEXT = "$text"


def _compare(call: "Call", test: Callable[[str, str], bool]) -> Value:
    left, right = text_of(call, call.this), text_of(call, call.arg(0))
    result = combine(
        left,
        right,
        lambda a, b: int(test(a, b)) if isinstance(a, str) and isinstance(b, str) else None,
    )
    marks = call.machine.imply(call.frame, left.marks | right.marks)
    return Value(result.constants, NO_REFS, marks)


def equals(call: "Call") -> Value:
    """String.equals, also for boxed numbers and classes."""
    own = call.this
    if any(call.calls.method_named(call.machine.things[r].cls, "equals") for r in own.refs):
        return clean(call)
    left, right = text_of(call, own), text_of(call, call.arg(0))
    result = combine(left, right, lambda a, b: int(a == b))
    return Value(
        result.constants, NO_REFS, call.machine.imply(call.frame, left.marks | right.marks)
    )


def equals_ignore_case(call: "Call") -> Value:
    """String.equalsIgnoreCase."""
    return _compare(call, lambda a, b: a.lower() == b.lower())


def starts_with(call: "Call") -> Value:
    """String.startsWith from the beginning."""
    return _compare(call, str.startswith) if len(call.rest) == 1 else clean(call)


def ends_with(call: "Call") -> Value:
    """String.endsWith."""
    return _compare(call, str.endswith)


def contains(call: "Call") -> Value:
    """String.contains."""
    return _compare(call, lambda a, b: b in a)


def length(call: "Call") -> Value:
    """Length of a known text."""
    value = mapped(call, len)
    return Value(value.constants, NO_REFS, call.machine.imply(call.frame, value.marks))


def is_empty(call: "Call") -> Value:
    """Test a text for emptiness; a static form takes it as argument."""
    if call.static:
        value = text_of(call, call.arg(0))
        known = value.constants
        if known is None:
            return clean(call)
        return constants({int(one in ("", "null")) for one in known})
    value = mapped(call, lambda s: int(not s))
    return Value(value.constants, NO_REFS, call.machine.imply(call.frame, value.marks))


def char_at(call: "Call") -> Value:
    """String.charAt with known text and place."""
    value, where = text_of(call, call.this), call.arg(0)
    return combine(
        Value(value.constants, NO_REFS, call.step(value.marks)),
        Value(where.constants, NO_REFS, call.machine.imply(call.frame, where.marks)),
        lambda s, i: (
            ord(s[i]) if isinstance(s, str) and isinstance(i, int) and 0 <= i < len(s) else None
        ),
    )


def index_of(call: "Call") -> Value:
    """String.indexOf of known texts."""
    if len(call.rest) == 1 and declared_kind(call, 0)[:1] == "L":
        left, right = text_of(call, call.this), text_of(call, call.arg(0))
        found = combine(
            left,
            right,
            lambda a, b: a.find(b) if isinstance(a, str) and isinstance(b, str) else None,
        )
        return Value(found.constants, NO_REFS, call.machine.imply(call.frame, found.marks))
    return clean(call)


def class_name(call: "Call") -> Value:
    """Class.getName and relatives."""
    found: set[Constant] = set()
    for one in call.this.constants or ():
        if not isinstance(one, ClassName):
            return UNKNOWN
        name = one.name[1:-1].replace("/", ".")
        found.add(name.rpartition(".")[2] if call.ref.name == "getSimpleName" else name)
    return constants(found) if found else UNKNOWN


def get_class(call: "Call") -> Value:
    """Object.getClass."""
    classes: set[Constant] = {ClassName(call.machine.things[r].cls) for r in call.this.refs}
    return constants(classes, call.this.marks) if classes and not call.this.unknown else UNKNOWN


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "equals": equals,
    "equals-ignore-case": equals_ignore_case,
    "starts-with": starts_with,
    "ends-with": ends_with,
    "contains": contains,
    "length": length,
    "is-empty": is_empty,
    "char-at": char_at,
    "index-of": index_of,
    "class-name": class_name,
    "get-class": get_class,
}

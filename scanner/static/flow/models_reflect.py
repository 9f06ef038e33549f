"""Models of reflection with names that are constant."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.static.flow.code import FieldRef
from scanner.static.flow.models_collections import element_values
from scanner.static.flow.models_text import all_marks, text_of
from scanner.static.flow.program import Method, parameters
from scanner.static.flow.values import (
    NOTHING,
    UNKNOWN,
    ClassName,
    Constant,
    Member,
    Value,
    constants,
    join,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call


def for_name(call: "Call") -> Value:
    """Class.forName and ClassLoader.loadClass."""
    value = text_of(call, call.arg(0))
    if value.constants is None:
        return unknown(value.marks)
    names: set[Constant] = {
        ClassName(call.machine.program.class_named(one)) for one in value.constants
    }
    return constants(names, value.marks)


def _classes(value: Value) -> list[str]:
    return sorted(c.name for c in value.constants or () if isinstance(c, ClassName))


def new_instance(call: "Call") -> Value:
    """Class.newInstance and Constructor.newInstance."""
    names = _classes(call.this)
    names += sorted(c.cls for c in call.this.constants or () if isinstance(c, Member))
    result = NOTHING
    for name in names:
        ref = call.make(name, f"reflected {name}")
        call.machine.initialise(call.frame, name)
        given = element_values(call, call.arg(0)) if call.rest else []
        for method in _constructors(call, name, len(given)):
            call.run_method(method, [call.give(ref), *given])
        result = join(result, call.give(ref))
    return result if names else unknown(all_marks(call))


def _constructors(call: "Call", cls: str, count: int) -> list[Method]:
    found = [
        method
        for (name, _), method in sorted(call.machine.program.methods(cls).items())
        if name == "<init>" and len(parameters(method.descriptor)) == count
    ]
    return found[:1]


def member(kind: str) -> "Callable[[Call], Value]":
    """Return a model of getMethod, getField and relatives."""

    def find(call: "Call") -> Value:
        name = text_of(call, call.arg(0)).single if kind != "constructor" else "<init>"
        found: set[Constant] = {
            Member(kind, cls, str(name)) for cls in _classes(call.this) if name is not None
        }
        return constants(found, call.this.marks) if found else UNKNOWN

    return find


def all_methods(call: "Call") -> Value:
    """Return an array of all methods that a class of the app has."""
    program = call.machine.program
    found: set[Constant] = {
        Member("method", cls, name)
        for cls in _classes(call.this)
        for one in program.ancestors(cls)
        if program.is_app(one)
        for name, _ in program.methods(one)
        if not name.startswith("<")
    }
    ref = call.make("[Ljava/lang/reflect/Method;")
    call.heap.put(ref, "[*", constants(found) if found else UNKNOWN)
    call.heap.put(ref, "#length", UNKNOWN)
    return call.give(ref)


def invoke(call: "Call") -> Value:
    """Method.invoke: on the receiver given first, with the arguments of the array given second."""
    result = NOTHING
    members = [c for c in call.this.constants or () if isinstance(c, Member)]
    given = element_values(call, call.arg(1))
    for one in sorted(members):
        result = join(result, _invoke(call, one, given))
    return result if members else unknown(call.step(all_marks(call)))


def _invoke(call: "Call", one: Member, given: list[Value]) -> Value:
    program = call.machine.program
    owners = sorted({call.machine.things[r].cls for r in call.arg(0).refs}) or [one.cls]
    result = NOTHING
    for owner in owners:
        method = _method(call, owner, one.name, len(given)) or _method(
            call, one.cls, one.name, len(given)
        )
        if method is None or not program.is_app(method.cls):
            result = join(result, _outside(call, one, given))
            continue
        args = list(given)
        if method.static:
            call.machine.initialise(call.frame, method.cls)
        else:
            args.insert(0, call.arg(0))
        result = join(result, call.run_method(method, args))
    return result


def _outside(call: "Call", one: Member, given: list[Value]) -> Value:
    """Call a framework method by name: sources and sinks count as if called directly."""
    from scanner.static.flow.code import MethodRef  # noqa: PLC0415 - only here

    known = call.calls.framework.reflected(one.cls, one.name)
    ref = MethodRef(one.cls, one.name, known)
    args = [call.arg(0), *given]
    return call.calls.outside(call.frame, ref, args, one.cls)


def _method(call: "Call", cls: str, name: str, count: int) -> Method | None:
    program = call.machine.program
    for one in program.ancestors(cls):
        if not program.is_app(one):
            continue
        for (own, _), method in sorted(program.methods(one).items()):
            if own == name and len(parameters(method.descriptor)) == count:
                return method
    return None


def field_get(call: "Call") -> Value:
    """Field.get and relatives."""
    result = NOTHING
    for one in sorted(c for c in call.this.constants or () if isinstance(c, Member)):
        ref = FieldRef(one.cls, one.name, "")
        if call.arg(0).refs:
            result = join(result, call.machine.read_field(call.frame, call.arg(0), ref))
        else:
            result = join(result, call.machine.read_static(call.frame, ref))
    return result if result is not NOTHING else unknown(all_marks(call))


def field_set(call: "Call") -> Value:
    """Field.set and relatives."""
    for one in sorted(c for c in call.this.constants or () if isinstance(c, Member)):
        ref = FieldRef(one.cls, one.name, "")
        if call.arg(0).refs:
            call.machine.write_field(call.frame, call.arg(0), ref, call.arg(1))
        else:
            owner = call.machine.program.field_owner(ref)
            call.heap.put(0, f"{owner}->{one.name}", call.arg(1))
    return NOTHING


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "for-name": for_name,
    "new-instance": new_instance,
    "get-method": member("method"),
    "get-methods": all_methods,
    "get-field": member("field"),
    "get-constructor": member("constructor"),
    "invoke-reflected": invoke,
    "field-get": field_get,
    "field-set": field_set,
}

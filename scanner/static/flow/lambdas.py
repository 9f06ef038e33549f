"""Lambdas that reach the dex file as `invoke-custom`: each site becomes a class of its own.

The class implements the functional interface; its one method hands the captured values and its
arguments to the body that the call site names. Its number is negative: it stands in no dex file.
"""

from typing import NamedTuple

from scanner.static.dex.index import DexIndex
from scanner.static.dex.values import Ref, call_site, method_handle
from scanner.static.flow.code import Code, FieldRef, Ins, MethodRef
from scanner.static.flow.program import Method, Program, parameters
from scanner.static.flow.values import Place

_INVOKES = {
    4: "invoke-static",
    5: "invoke-virtual",
    6: "invoke-direct",
    7: "invoke-direct",
    8: "invoke-interface",
}
_CONSTRUCTOR = 6
_LEAST_VALUES = 6
_ROOM = 260


class Site(NamedTuple):
    """A lambda as an instruction makes it: its class, and the types of what it captures."""

    cls: str
    captured: tuple[str, ...]


def _words(descriptor: str) -> int:
    return sum(2 if kind in "JD" else 1 for kind in parameters(descriptor))


class _Target(NamedTuple):
    kind: int
    ref: MethodRef


def site(program: Program, place: Place, number: int) -> Site | None:
    """Return the lambda of a call site that a method names, None when it is something else."""
    index = program.index
    file = int(index.classes.file[int(index.defs.cls[place.method])])
    values = call_site(index, file, number)
    if len(values) < _LEAST_VALUES or not isinstance(values[1], str):
        return None
    kinds = [value for value in values[2:6:2] if isinstance(value, Ref) and value.kind == "proto"]
    target = _target(index, file, values[4])
    erased = values[3]
    if not kinds or target is None or not isinstance(erased, Ref) or erased.kind != "proto":
        return None
    made = index.proto(kinds[0].id)
    if _words(made) + _words(index.proto(erased.id)) >= _ROOM - 1:
        return None
    cls = f"L-lambda/{file}/{number};"
    if not program.methods(cls):
        shape = Method(-2 - program.made, cls, values[1], index.proto(erased.id), 1)
        body = _body(shape, parameters(made), target)
        program.define(cls, made.rpartition(")")[2], shape, body, place)
    return Site(cls, parameters(made))


def _target(index: DexIndex, file: int, value: object) -> _Target | None:
    if not isinstance(value, Ref) or value.kind != "handle":
        return None
    handle = method_handle(index, file, value.id)
    if handle is None:
        return None
    kind = int(index.files[file].handles[value.id]["kind"])
    if kind not in _INVOKES:
        return None
    return _Target(kind, MethodRef(*index.method_parts(handle.member)))


def _body(method: Method, captured: tuple[str, ...], target: _Target) -> Code:
    words = sum(2 if kind in "JD" else 1 for kind in method.slots)
    this = _ROOM
    code: dict[int, Ins] = {}

    def say(name: str, op: str, regs: tuple[int, ...], ref: object = None) -> None:
        at = len(code)
        code[at] = Ins(at, name, op, regs, 0, ref, (), (), at + 1)

    regs: list[int] = []
    if target.kind == _CONSTRUCTOR:
        say("new-instance", "new-instance", (0,), target.ref.cls)
        regs.append(0)
    for number, kind in enumerate(captured):
        into = len(regs)
        say("iget", "iget", (into, this), FieldRef(method.cls, f"f{number}", kind))
        regs += [into, into + 1] if kind in "JD" else [into]
    source = this + 1
    for kind in parameters(method.descriptor):
        into = len(regs)
        say("move", "move", (into, source))
        regs += [into, into + 1] if kind in "JD" else [into]
        source += 2 if kind in "JD" else 1
    say(_INVOKES[target.kind], "invoke", tuple(regs[:_ROOM]), target.ref)
    if target.kind == _CONSTRUCTOR:
        say("return-object", "return", (0,))
    elif method.returned == "V":
        say("return-void", "return-void", ())
    else:
        say("move-result", "move-result", (0,))
        say("return", "return", (0,))
    return Code(_ROOM + words, words, code, (), frozenset((0,)))

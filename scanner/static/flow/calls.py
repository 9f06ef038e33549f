"""Calls: which methods may run, and what crosses the border between the app and the framework."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from scanner.static.flow.code import FieldRef, Ins, MethodRef
from scanner.static.flow.frame import WIDE, Frame
from scanner.static.flow.heap import Heap, join_heaps
from scanner.static.flow.lambdas import site
from scanner.static.flow.leaks import Leaks
from scanner.static.flow.machine import Machine
from scanner.static.flow.program import Method, parameters
from scanner.static.flow.tables import Framework, Source
from scanner.static.flow.values import (
    NO_MARKS,
    NO_REFS,
    NOTHING,
    UNKNOWN,
    Marks,
    Place,
    Value,
    constant,
    join,
    moved,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.world import World

_MOST_TARGETS = 8
_DIRECT: Final = ("invoke-direct", "invoke-super", "invoke-static")


@dataclass(slots=True)
class Call:
    """One call of a framework method. `args` begin with the receiver unless `static`."""

    calls: "Calls"
    frame: Frame
    ref: MethodRef
    args: list[Value]
    static: bool
    cls: str
    kind: str = ""
    dead: bool = False
    params: tuple[str, ...] = field(default=())

    @property
    def machine(self) -> Machine:
        """Return the machine."""
        return self.calls.machine

    @property
    def heap(self) -> Heap:
        """Return the heap at the call."""
        return self.frame.heap

    @property
    def world(self) -> "World":
        """Return the app around the call."""
        return self.calls.world

    @property
    def this(self) -> Value:
        """Return the receiver."""
        return NOTHING if self.static or not self.args else self.args[0]

    def arg(self, number: int) -> Value:
        """Return a declared argument, counted from 0; unknown when it is missing."""
        at = number + (0 if self.static else 1)
        return self.args[at] if at < len(self.args) else UNKNOWN

    @property
    def rest(self) -> list[Value]:
        """Return the declared arguments."""
        return self.args if self.static else self.args[1:]

    @property
    def returned(self) -> str:
        """Return the descriptor of the result."""
        return self.ref.descriptor.rpartition(")")[2]

    @property
    def place(self) -> Place:
        """Return where the call stands."""
        return self.frame.place

    def step(self, marks: Marks, kind: str = "") -> Marks:
        """Return marks moved to this call."""
        return moved(marks, self.place, kind)

    def make(self, cls: str, tag: str = "") -> int:
        """Return a new object that this call makes."""
        thing = self.machine.things.add((self.place, self.frame.context, tag), cls)
        return self.heap.allocate(thing)

    def give(self, ref: int) -> Value:
        """Return the value that is this object."""
        return Value(frozenset(), frozenset((ref,)))

    def run(self, ref: int, name: str, args: list[Value], descriptor: str = "") -> Value:
        """Call an app method of an object by name; the heap follows. Nothing when it has none."""
        cls = self.machine.things[ref].cls
        method = self.calls.method_named(cls, name, descriptor)
        if method is None:
            return NOTHING
        return self.run_method(method, [self.give(ref), *args])

    def run_method(self, method: Method, args: list[Value]) -> Value:
        """Call an app method; the heap follows."""
        return self.calls.enter(self.frame, [(method, fill(method, args))]) or NOTHING


def fill(method: Method, args: list[Value]) -> list[Value]:
    """Return as many arguments as a method takes, unknown ones at the end."""
    return (args + [UNKNOWN] * len(method.slots))[: len(method.slots)]


Operation: TypeAlias = Callable[[Call], Value]


class Calls:
    """Carries out invoke instructions."""

    def __init__(
        self,
        machine: Machine,
        framework: Framework,
        leaks: Leaks,
        world: "World",
        operations: dict[str, Operation],
    ) -> None:
        """Join the machine with what is known of the framework; operations come by name."""
        self.machine = machine
        self.framework = framework
        self.leaks = leaks
        self.world = world
        self.operations = operations
        self.program = machine.program
        self._named: dict[tuple[str, str, str], Method | None] = {}

    def method_named(self, cls: str, name: str, descriptor: str = "") -> Method | None:
        """Return the app's method that an object of `cls` has under a name."""
        key = (cls, name, descriptor)
        if key not in self._named:
            self._named[key] = self._find_named(cls, name, descriptor)
        return self._named[key]

    def _find_named(self, cls: str, name: str, descriptor: str) -> Method | None:
        if descriptor:
            return self.program.find(cls, name, descriptor)
        for one in self.program.ancestors(cls):
            if not self.program.is_app(one):
                continue
            found = [m for (n, _), m in self.program.methods(one).items() if n == name]
            solid = [m for m in found if not m.abstract and not m.flags & 0x1000]
            if solid or found:
                return (solid or found)[0]
        return None

    # -- invoke instructions

    def invoke(self, frame: Frame, ins: Ins) -> Value | None:
        """Carry out a call; None when it surely does not return."""
        ref = ins.ref
        if not isinstance(ref, MethodRef):
            return self._custom(frame, ins)
        static = ins.name.startswith("invoke-static")
        args = self._arguments(frame, ins, ref, static=static)
        if static:
            self.machine.initialise(frame, ref.cls)
        if ins.name.startswith(_DIRECT):
            return self._direct(frame, ref, args, static=static)
        return self._virtual(frame, ref, args)

    def _custom(self, frame: Frame, ins: Ins) -> Value:
        """Make the object of a lambda; other dynamic calls mix what goes in."""
        given = [frame.regs[r] for r in ins.regs]
        made = site(self.program, frame.place, ins.ref) if ins.ref is not None else None
        if made is None or not ins.name.startswith("invoke-custom"):
            return unknown(self._all_marks(given))
        value, at = self.machine.allocate(frame, made.cls), 0
        for number, kind in enumerate(made.captured):
            if at < len(given):
                frame.heap.put_all(value.refs, f"f{number}", given[at])
            at += 2 if kind in WIDE else 1
        return value

    def _arguments(self, frame: Frame, ins: Ins, ref: MethodRef, *, static: bool) -> list[Value]:
        kinds = parameters(ref.descriptor) if static else ("L", *parameters(ref.descriptor))
        args, at = [], 0
        for kind in kinds:
            if at < len(ins.regs):
                value = frame.regs[ins.regs[at]]
                if value.marks:
                    value = value.marked(moved(value.marks, frame.place))
                args.append(value)
            at += 2 if kind in WIDE else 1
        return args

    def _direct(
        self, frame: Frame, ref: MethodRef, args: list[Value], *, static: bool
    ) -> Value | None:
        method = self.program.find(ref.cls, ref.name, ref.descriptor)
        if method is not None and self.program.is_app(method.cls) and not method.abstract:
            if method.native:
                return self._native(frame, ref, args)
            return self.enter(frame, [(method, args)])
        cls = ref.cls
        if not static and args and ref.name == "<init>":
            own = {self.machine.things[r].cls for r in args[0].refs}
            cls = own.pop() if len(own) == 1 else cls
        return self.outside(frame, ref, args, cls, static=static)

    def _virtual(self, frame: Frame, ref: MethodRef, args: list[Value]) -> Value | None:
        receiver = args[0] if args else UNKNOWN
        if receiver.constants and 0 in receiver.constants and frame.code.handlers(frame.at):
            frame.throw(UNKNOWN, ("Ljava/lang/NullPointerException;",))
            if receiver.constants == {0} and not receiver.refs:
                return None
        jobs = self._jobs(frame, ref, receiver, args[1:])
        if len(jobs) == 1:
            return jobs[0]()
        results: list[tuple[Value, Heap]] = []
        start = frame.heap
        for job in jobs:
            frame.heap = start.copy()
            value = job()
            if value is not None:
                results.append((value, frame.heap))
        return self._joined(frame, results, receiver)

    def _jobs(
        self, frame: Frame, ref: MethodRef, receiver: Value, rest: list[Value]
    ) -> list[Callable[[], Value | None]]:
        """Return one piece of work for each method that the call may run."""
        targets, others = self._targets(frame, ref, receiver)
        outside: dict[str, set[int]] = {}
        for one in others:
            outside.setdefault(self.machine.things[one].cls, set()).add(one)
        jobs: list[Callable[[], Value | None]] = []
        for method, refs in targets:
            jobs.append(partial(self._run_target, frame, ref, method, [_of(receiver, refs), *rest]))
        for cls, group in outside.items():
            jobs.append(partial(self.outside, frame, ref, [_of(receiver, group), *rest], cls))
        plain = receiver.unknown or any(c != 0 for c in receiver.constants or ())
        if not jobs or (plain and not (targets and self.program.is_app(ref.cls))):
            this = Value(receiver.constants, NO_REFS, receiver.marks)
            jobs.append(partial(self.outside, frame, ref, [this, *rest], ref.cls))
        return jobs

    def _run_target(
        self, frame: Frame, ref: MethodRef, method: Method, args: list[Value]
    ) -> Value | None:
        if method.native:
            return self._native(frame, ref, args)
        return self.enter(frame, [(method, args)])

    def _joined(
        self, frame: Frame, results: list[tuple[Value, Heap]], receiver: Value
    ) -> Value | None:
        if not results:
            return None
        value, heap = results[0]
        for other, other_heap in results[1:]:
            value = join(value, other)
            heap = join_heaps(heap, other_heap)
        frame.heap = heap
        if self.machine.implicit and len(results) > 1:
            value = value.with_marks(self.machine.imply(frame, receiver.marks))
        return value

    def _targets(
        self, frame: Frame, ref: MethodRef, receiver: Value
    ) -> tuple[list[tuple[Method, list[int]]], list[int]]:
        """Return (app methods with their receivers, receivers that the framework handles)."""
        found: dict[int, tuple[Method, list[int]]] = {}
        others: list[int] = []
        refs = receiver.refs
        if not refs and self.program.is_app(ref.cls):
            refs = self.machine.alive(frame.heap, ref.cls)
        for one in sorted(refs):
            cls = self.machine.things[one].cls
            method = self.program.find(cls, ref.name, ref.descriptor)
            if method is None and not self.program.is_app(cls) and self.program.is_app(ref.cls):
                method = self.program.find(ref.cls, ref.name, ref.descriptor)
            if method is None or method.abstract or not self.program.is_app(method.cls):
                others.append(one)
            else:
                found.setdefault(method.number, (method, []))[1].append(one)
        return list(found.values())[:_MOST_TARGETS], others

    def enter(self, frame: Frame, targets: list[tuple[Method, list[Value]]]) -> Value | None:
        """Run app methods (one of several); None when none returns."""
        results: list[tuple[Value, Heap]] = []
        start = frame.heap
        for method, args in targets:
            marks = frame.marks
            if self.machine.implicit and args and not method.static:
                marks = marks | frozenset(m for m in args[0].marks if m.implicit)
            context = self.machine.context(frame.context, frame.place)
            outcome = self.machine.run(method, args, start, context, marks)
            if outcome.thrown_heap is not None:
                self._rethrow(frame, outcome.thrown, outcome.thrown_heap)
            if outcome.heap is not None:
                results.append((outcome.value, outcome.heap))
        if not results:
            return None
        value, heap = results[0]
        for other, other_heap in results[1:]:
            value, heap = join(value, other), join_heaps(heap, other_heap)
        self.machine.settle(frame, heap)
        if value.marks:
            value = value.marked(moved(value.marks, frame.place))
        return value

    def _rethrow(self, frame: Frame, value: Value, heap: Heap) -> None:
        classes = tuple(sorted({self.machine.things[ref].cls for ref in value.refs}))
        frame.throw(value, () if value.unknown else classes, heap)

    # -- the framework

    def outside(
        self, frame: Frame, ref: MethodRef, args: list[Value], cls: str, *, static: bool = False
    ) -> Value:
        """Carry out a call of a framework method on an object of `cls`."""
        if not self.framework.operation(cls, ref.name) and cls != ref.cls:
            known = self.framework.operation(ref.cls, ref.name)
            cls = ref.cls if known and not self.program.is_app(cls) else cls
        call = Call(self, frame, ref, args, static, cls)
        sink = self.framework.sink(cls, ref.name, ref.descriptor)
        if sink is None and cls != ref.cls:
            sink = self.framework.sink(ref.cls, ref.name, ref.descriptor)
        sunk = self.leaks.check(call, sink) if sink is not None else ""
        self._may_throw(frame, ref)
        self._note_listeners(call)
        operation = self.framework.operation(cls, ref.name)
        value = self.operations.get(operation, self.operations["default"])(call)
        value = self._from_source(call, value)
        return self.leaks.sunk(call, value, sunk) if sunk else value

    def _note_listeners(self, call: Call) -> None:
        """Note components that are handed over as listeners: the interface is what they take."""
        for kind, value in zip(parameters(call.ref.descriptor), call.rest, strict=False):
            if kind[0] == "L" and not value.unknown:
                for one in value.refs:
                    if self.machine.things[one].component and kind in self.world.listened(
                        self.machine.things[one].cls
                    ):
                        self.world.listen(call.heap, one, kind, call.ref.name)

    def _may_throw(self, frame: Frame, ref: MethodRef) -> None:
        if frame.code.handlers(frame.at) and ref.cls not in self.framework.models.quiet:
            frame.throw(UNKNOWN, ())

    def _from_source(self, call: Call, value: Value) -> Value:
        source = self.framework.source(call.cls, call.ref.name, call.ref.descriptor, "call")
        if source is None and call.cls != call.ref.cls:
            source = self.framework.source(call.ref.cls, call.ref.name, call.ref.descriptor, "call")
        if source is None:
            return value
        return self.mark_result(call, value, source)

    def mark_result(self, call: Call, value: Value, source: Source) -> Value:
        """Return the result of a source call. A part of marked data is no source of its own when
        it is of the same kind; of another kind, it is that kind only.
        """
        if source.when and not self.world.holds(source, call):
            return value
        if self.leaks.same_kind(call, source):
            return value
        mark = self.leaks.mark(source, call.place, call.ref)
        whole = {m.key for m in call.heap.deep_marks(call.this, into_app=False)}
        kept = frozenset(m for m in value.marks if m.key not in whole)
        return Value(None, value.refs, kept | {mark})

    def field_source(self, frame: Frame, ref: FieldRef, value: Value) -> Value:
        """Return the value of a framework's static field, marked when it is personal data."""
        source = self.framework.fields.get((ref.cls, ref.name))
        if source is None:
            return value
        if ref.type == "Landroid/net/Uri;":
            return constant(f"content-uri:{source.id}")
        mark = self.leaks.mark(source, frame.place, MethodRef(ref.cls, ref.name, ref.type))
        return Value(None, NO_REFS, frozenset((mark,)))

    def _native(self, frame: Frame, ref: MethodRef, args: list[Value]) -> Value:
        """Call a native method: as the model table says, else what goes in may come out."""
        declared = self.framework.operation(ref.cls, ref.name)
        if declared:
            call = Call(self, frame, ref, args, static=False, cls=ref.cls)
            return self.operations[declared](call)
        marks = moved(self._all_marks(args), frame.place, "native")
        return NOTHING if ref.descriptor.endswith(")V") else unknown(marks)

    def _all_marks(self, args: list[Value]) -> Marks:
        marks = NO_MARKS
        for value in args:
            marks = marks | value.marks
        return marks

    def exception_fits(self, cls: str, caught: str) -> str:
        """Tell whether an exception of `cls` is caught as `caught`: sure, maybe, no."""
        family = self.framework.family(cls)
        if caught in family:
            return "sure"
        if self.program.is_app(cls) and not self.program.is_app(caught) and len(family) == 1:
            return "maybe"
        if caught == "Ljava/lang/Exception;":
            return "sure" if not cls.endswith("Error;") else "no"
        if caught == "Ljava/lang/RuntimeException;":
            return "maybe" if not self.program.is_app(cls) else "no"
        return "no"


def _of(receiver: Value, refs: Iterable[int]) -> Value:
    """Return the part of a receiver that is one of some objects."""
    return Value(frozenset(), frozenset(refs), receiver.marks)

"""The abstract machine: runs methods on abstract values, each in the context of its callers.

Calls are interpreted where they happen (context sensitivity by call path), with a memory of the
last results per method and context; budgets of time, depth and revisits keep it finite.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.static.flow import ops, regions
from scanner.static.flow.code import Code, FieldRef, Ins
from scanner.static.flow.frame import Frame, Outcome
from scanner.static.flow.heap import STATICS, Heap, Thing, Things
from scanner.static.flow.program import Method, Program
from scanner.static.flow.values import (
    NO_CONSTANTS,
    NO_MARKS,
    NOTHING,
    NULL,
    UNKNOWN,
    Mark,
    Marks,
    Place,
    Value,
    constant,
    join,
    moved,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Calls

_KEPT = 3
_WAITING = 10  # a busy machine may take so many times longer than the work does
_MOST_HELD = 1_500_000  # objects in remembered heaps, about 100 bytes each
_CHECK_EVERY = 256
_MOST_STANDINS = 6
_MOST_COUNTED = 10


class OutOfBudget(Exception):  # noqa: N818 - not an error: partial results are kept
    """The time for the app is up."""


class Machine:
    """Interprets methods. `patience` is how often a loop may run with exact constants,
    `most_depth` how deep calls are followed.
    """

    def __init__(
        self, program: Program, seconds: float, allotted: int, *, implicit: bool = False
    ) -> None:
        """Prepare a machine that stops after `allotted` units of work, or after `seconds` of the
        processor (at the latest ten times that on the clock) on a slow machine.
        """
        self.program = program
        self.things = Things()
        self.implicit = implicit
        self.seconds = seconds
        self.began, self.clock = time.thread_time(), time.monotonic()
        self.allotted = allotted
        self.patience = 40
        self.disjuncts = 4
        self.most_visits = 120
        self.most_depth = 40
        self.steps = 0
        self.calls: Calls
        self.relevant: Callable[[Method, list[Value], Heap], bool] | None = None
        self.stack: list[int] = []
        self._ops: dict[str, ops.Op] = {}
        self._active: dict[int, list[tuple[int, ...]]] = {}
        self._contexts: dict[tuple[int, int, int], int] = {}
        self._memory: dict[tuple[int, int], list[tuple[list[Value], Marks, Heap, Outcome]]] = {}
        self._held = 0
        self._regions: dict[int, regions.Regions] = {}
        self.cut: set[int] = set()

    # -- running

    @property
    def late(self) -> bool:
        """Return whether the time is up, whatever work is left."""
        return (
            time.thread_time() - self.began > self.seconds
            or time.monotonic() - self.clock > _WAITING * self.seconds
        )

    def check(self) -> None:
        """Raise `OutOfBudget` when the allotted work is done, or the time is up after all."""
        if self.things.work > self.allotted or self.late:
            raise OutOfBudget

    def step(self, frame: Frame, ins: Ins) -> ops.Following:
        """Carry out one instruction."""
        self.things.work += 1
        self.steps += 1
        if self.steps % _CHECK_EVERY == 0:
            self.check()
        op = self._ops.get(ins.name)
        if op is None:
            op = self._ops[ins.name] = ops.find(ins.op, ins.name)
        return op(self, frame, ins)

    def context(self, parent: int, place: Place) -> int:
        """Return the number of the context of a call made at a place in a context."""
        return self._contexts.setdefault((parent, *place), len(self._contexts) + 1)

    def run(
        self, method: Method, args: list[Value], heap: Heap, context: int, marks: Marks = NO_MARKS
    ) -> Outcome:
        """Interpret a method on arguments (receiver first) and a heap, which stays as it is."""
        if self.relevant is not None and not self.relevant(method, args, heap):
            return self._skipped(method, args, heap)
        code = self.program.code(method)
        if code is None or not self._may_enter(method, args):
            return self._skipped(method, args, heap)
        memory = self._memory.setdefault((method.number, context), [])
        for known_args, known_marks, known_heap, outcome in memory:
            if known_args == args and known_marks == marks and known_heap.objects == heap.objects:
                return outcome
        frame = Frame(self, method, code, context, marks)
        entry = heap.copy()
        entry.renamed = frozenset()
        frame.begin(args, entry)
        self.stack.append(method.number)
        counted = tuple(a.single for a in args if isinstance(a.single, int) and not a.refs)
        active = self._active.setdefault(method.number, [])
        active.append(counted)
        try:
            outcome = frame.run()
        finally:
            self.stack.pop()
            active.pop()
        memory.insert(0, (args, marks, heap.copy(), outcome))
        del memory[_KEPT:]
        self._held += len(heap.objects)
        if self._held > _MOST_HELD:
            self.forget()
        return outcome

    def forget(self) -> None:
        """Drop remembered results: they hold whole heaps."""
        self._memory.clear()
        self._held = 0

    def hurry(self, relevant: Callable[[Method, list[Value], Heap], bool]) -> None:
        """Trade precision for speed: for large apps."""
        self.relevant = relevant
        self.patience, self.most_visits, self.most_depth, self.disjuncts = 2, 10, 14, 1
        self.things.ageing = False

    def _may_enter(self, method: Method, args: list[Value]) -> bool:
        again = self.stack.count(method.number)
        if len(self.stack) >= self.most_depth or (again > 1 and not self._counts(method, args)):
            self.cut.add(method.number)
            return False
        return True

    def _counts(self, method: Method, args: list[Value]) -> bool:
        """Return whether a recursion runs over known numbers, each of them once."""
        known = tuple(a.single for a in args if isinstance(a.single, int) and not a.refs)
        active = self._active.setdefault(method.number, [])
        return bool(known) and len(active) < _MOST_COUNTED and known not in active

    def _skipped(self, method: Method, args: list[Value], heap: Heap) -> Outcome:
        """Return what a method leaves behind that is not looked into: anything, from its data."""
        outcome = Outcome()
        marks = NO_MARKS
        for value in args:
            marks = marks | value.marks
        value = NOTHING if method.returned == "V" else unknown(marks)
        outcome.returns(value, heap.copy())
        return outcome

    def leave(self, frame: Frame, value: Value) -> None:
        """End a frame normally."""
        marks = moved(value.marks, frame.place)
        frame.outcome.returns(value.marked(marks), frame.heap)

    # -- objects

    def allocate(self, frame: Frame, cls: str) -> Value:
        """Make an object of a class at the current instruction."""
        thing = self.things.add((frame.place, frame.context), cls)
        ref = thing.number
        again = ref in frame.heap.objects
        frame.heap.allocate(thing)
        if again and self.things.ageing:
            changes = {ref: frozenset((self.things.older(thing).number,))}
            frame.regs = [value.renamed(changes) for value in frame.regs]
        return Value(NO_CONSTANTS, frozenset((ref,)))

    def initialise(self, frame: Frame, cls: str) -> None:
        """Run the static initialiser of a class before its first use."""
        if not self.program.is_app(cls):
            return
        name = f"^init {cls}"
        if frame.heap.get(STATICS, name) is not None:
            return
        frame.heap.put(STATICS, name, constant(1))
        parent = self.program.superclass(cls)
        if parent:
            self.initialise(frame, parent)
        for field, value in self.program.static_constants(cls):
            frame.heap.put(STATICS, f"{cls}->{field}", constant(value))
        method = self.program.methods(cls).get(("<clinit>", "()V"))
        if method is not None:
            place = Place(method.number, -1)
            outcome = self.run(method, [], frame.heap, self.context(frame.context, place))
            if outcome.heap is not None:
                self.settle(frame, outcome.heap)

    def settle(self, frame: Frame, heap: Heap) -> None:
        """Take over the heap after a call, and follow its renamings in the registers."""
        if heap.renamed:
            changes = {
                ref: frozenset((ref, self.things.older(self.things[ref]).number))
                for ref in heap.renamed
            }
            frame.regs = [value.renamed(changes) for value in frame.regs]
        before = frame.heap.renamed
        frame.heap.become(heap)
        frame.heap.renamed = before | heap.renamed

    # -- fields

    def read_static(self, frame: Frame, ref: FieldRef) -> Value:
        """Return what a static field may hold."""
        owner = self.program.field_owner(ref)
        self.initialise(frame, owner)
        value = frame.heap.get(STATICS, f"{owner}->{ref.name}")
        if value is None:
            value = NULL if self.program.is_app(owner) else UNKNOWN
        return self.calls.field_source(frame, ref, value)

    def read_field(self, frame: Frame, owner: Value, ref: FieldRef) -> Value:
        """Return what a field of an object may hold."""
        value, name = NOTHING, self.program.field_name(ref)
        for one in sorted(owner.refs):
            thing, known = self.things[one], frame.heap.get(one, name)
            if known is None:
                bare = thing.fresh and one in frame.heap.objects and self.program.is_app(thing.cls)
                known = NULL if bare else UNKNOWN
            content = frame.heap.get(one, "$content")
            value = join(value, known if content is None else known.with_marks(content.marks))
        if owner.unknown or not owner.refs:
            value = join(value, unknown(owner.marks))
        return value

    def write_field(self, frame: Frame, owner: Value, ref: FieldRef, value: Value) -> None:
        """Write a field of an object."""
        if value.marks:
            value = value.marked(moved(value.marks, frame.place))
        weak = owner.unknown
        frame.heap.put_all(owner.refs, self.program.field_name(ref), value, weak=weak)

    # -- classes

    def fitting(self, frame: Frame, value: Value, cls: str) -> tuple[Value | None, bool]:
        """Return (what of a value is of a class, None for nothing; whether something is not)."""
        app = self.program.is_app(cls)
        refs = frozenset(r for r in value.refs if not app or self._fits(r, cls))
        refused = refs != value.refs
        if value.unknown and not refs and app:
            refs = self.alive(frame.heap, cls)
        if not refs and value.refs and value.constants is not None and not value.constants:
            return None, True
        if refs == value.refs:
            return value, refused
        return Value(value.constants, refs, value.marks), refused

    def _fits(self, ref: int, cls: str) -> bool:
        own = self.things[ref].cls
        return not self.program.is_app(own) or self.program.is_subtype(own, cls)

    def alive(self, heap: Heap, cls: str) -> frozenset[int]:
        """Return live objects of a class of the app, or stand-ins when there are none."""
        found = [
            ref
            for ref in heap.objects
            if ref != STATICS
            and self.program.is_app(self.things[ref].cls)
            and self.program.is_subtype(self.things[ref].cls, cls)
        ]
        if found:
            return frozenset(found[:_MOST_STANDINS])
        concrete = [one for one in self.program.subtypes(cls) if self._concrete(one)]
        if len(concrete) > _MOST_STANDINS:
            return frozenset()
        return frozenset(heap.adopt(self.standin(one)) for one in concrete)

    def standin(self, cls: str) -> Thing:
        """Return the object that stands for all objects of a class made out of sight."""
        return self.things.add(("standin", cls), cls, weak=True, fresh=False)

    def _concrete(self, cls: str) -> bool:
        flags = int(self.program.index.classes.flags[self.program.row(cls)])
        return not flags & 0x600

    def catches(self, caught: str, classes: tuple[str, ...]) -> str:
        """Tell whether a handler catches exceptions: `sure`, `maybe` or `no`."""
        if caught in ("", "Ljava/lang/Throwable;"):
            return "sure"
        if not classes:
            return "maybe"
        answers = {self.calls.exception_fits(cls, caught) for cls in classes}
        return answers.pop() if len(answers) == 1 else "maybe"

    # -- implicit flows

    def implied(self, mark: Mark, place: Place) -> Mark:
        """Return the mark of what a decision on marked data brings about."""
        return (
            mark
            if mark.implicit
            else Mark(mark.source, True, mark.sunk, mark.moved(place, "implicit").last)
        )

    def imply(self, frame: Frame, marks: Marks) -> Marks:
        """Return the marks of a value that only depends on marked data, none by default."""
        if not self.implicit or not marks:
            return NO_MARKS
        return frozenset(self.implied(mark, frame.place) for mark in marks)

    def governs(self, code: Code, branch: int, at: int) -> bool:
        """Return whether the branch decides if the block at `at` runs."""
        known = self._regions.get(id(code))
        if known is None:
            known = self._regions[id(code)] = regions.Regions(code)
        return known.governs(branch, at)

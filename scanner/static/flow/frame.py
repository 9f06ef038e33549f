"""One method under interpretation: its registers, its heap, and where control goes next."""

import heapq
from typing import TYPE_CHECKING, Final, TypeAlias

from scanner.static.flow.code import Code
from scanner.static.flow.heap import Fields, Heap, join_heaps
from scanner.static.flow.program import Method
from scanner.static.flow.values import (
    NO_MARKS,
    NOTHING,
    Marks,
    Place,
    Value,
    join,
)

if TYPE_CHECKING:
    from scanner.static.flow.machine import Machine

WIDE: Final = frozenset("JD")
State: TypeAlias = tuple[list[Value], Heap, Marks]
_SPLIT_VISITS = 24


class Outcome:
    """What a call leaves behind: result and heap of a normal end, exception and heap of a throw.
    A heap of None means that this way out is never taken.
    """

    __slots__ = ("heap", "thrown", "thrown_heap", "value")

    def __init__(self) -> None:
        """Start with no way out."""
        self.value: Value = NOTHING
        self.heap: Heap | None = None
        self.thrown: Value = NOTHING
        self.thrown_heap: Heap | None = None

    def returns(self, value: Value, heap: Heap) -> None:
        """Add a normal end."""
        self.value = join(self.value, value)
        self.heap = heap if self.heap is None else join_heaps(self.heap, heap)

    def throws(self, value: Value, heap: Heap) -> None:
        """Add an end by exception."""
        self.thrown = join(self.thrown, value)
        self.thrown_heap = heap if self.thrown_heap is None else join_heaps(self.thrown_heap, heap)


class Frame:
    """The interpretation of one method in one context.

    States are kept at the leaders of basic blocks, a few ways of getting there apart from each
    other (`Machine.disjuncts`) and the rest joined; `run` takes them in order of address until
    nothing changes. Two extra registers hold the result of the last call and the exception that a
    handler caught.
    """

    def __init__(
        self, machine: "Machine", method: Method, code: Code, context: int, marks: Marks
    ) -> None:
        """Prepare a method; `begin` sets its arguments."""
        self.machine = machine
        self.method = method
        self.code = code
        self.context = context
        self.base_marks = marks
        self.marks = marks
        self.outcome = Outcome()
        self.regs: list[Value] = []
        self.heap = Heap(machine.things)
        self.result = code.registers
        self.caught = code.registers + 1
        self.at = 0
        self._states: dict[int, list[State]] = {}
        self._visits: dict[int, int] = {}
        self._queue: list[tuple[int, int]] = []
        self._branched: dict[int, Marks] = {}

    @property
    def place(self) -> Place:
        """Return where the frame is."""
        return Place(self.method.number, self.at)

    def begin(self, args: list[Value], heap: Heap) -> None:
        """Set the parameters and queue the first block."""
        regs = [NOTHING] * (self.code.registers + 2)
        slot = self.code.registers - self.code.ins
        for value, kind in zip(args, self.method.slots, strict=False):
            if slot >= self.code.registers:
                break
            regs[slot] = value
            slot += 2 if kind in WIDE else 1
        self.regs, self.heap = regs, heap
        self.flow(0)

    def flow(self, target: int, caught: Value | None = None) -> None:
        """Carry the current state to a leader."""
        if target not in self.code.instructions:
            return
        regs = list(self.regs)
        if caught is not None:
            regs[self.caught] = caught
        known = self._states.setdefault(target, [])
        merged: State | None = None if known else (regs, self.heap.copy(), self.marks)
        number = len(known)
        for at, one in enumerate(known):
            merged = self._merge(target, one, regs)
            if merged is None:
                return
            number = at
        if len(known) < self.machine.disjuncts and self._visits.get(target, 0) < _SPLIT_VISITS:
            number, merged = len(known), (regs, self.heap.copy(), self.marks)
        if merged is None:
            return
        known[number:] = [merged, *known[number + 1 :]]
        if (target, number) not in self._queue:
            heapq.heappush(self._queue, (target, number))

    def _merge(self, target: int, known: State, regs: list[Value]) -> State | None:
        old_regs, old_heap, old_marks = known
        heap = join_heaps(old_heap, self.heap)
        new_regs = [join(a, b) for a, b in zip(old_regs, regs, strict=True)]
        marks = old_marks | self.marks
        same_regs = all(a is b for a, b in zip(old_regs, new_regs, strict=True))
        if heap is old_heap and same_regs and marks == old_marks:
            return None
        if self._visits.get(target, 0) >= self.machine.patience:
            new_regs = [widen(a, b) for a, b in zip(old_regs, new_regs, strict=True)]
            widen_heap(old_heap, heap)
        if self._visits.get(target, 0) >= self.machine.most_visits:
            return None
        return new_regs, heap, marks

    def run(self) -> Outcome:
        """Interpret until no state changes."""
        instructions, leaders = self.code.instructions, self.code.leaders
        while self._queue:
            at, number = heapq.heappop(self._queue)
            self._visits[at] = self._visits.get(at, 0) + 1
            regs, heap, marks = self._states[at][number]
            self.regs, self.heap, self.marks = list(regs), heap.copy(), marks
            self._leave_regions(at)
            first = True
            while first or at not in leaders:
                first = False
                ins = instructions.get(at)
                if ins is None:
                    break
                self.at = at
                following = self.machine.step(self, ins)
                if following is None:
                    at = ins.next
                    continue
                for target in following:
                    self.flow(target)
                break
            else:
                self.flow(at)
        return self.outcome

    def throw(self, value: Value, classes: tuple[str, ...], heap: Heap | None = None) -> None:
        """Carry an exception of one of these classes to the handlers that may catch it, and out
        of the method when none surely does. Empty `classes`: any exception.
        """
        kept = self.heap
        if heap is not None:
            self.heap = heap
        for caught, target in self.code.handlers(self.at):
            verdict = self.machine.catches(caught, classes)
            if verdict != "no":
                self.flow(target, value)
            if verdict == "sure":
                self.heap = kept
                return
        self.outcome.throws(value, self.heap.copy())
        self.heap = kept

    # -- implicit flows: what a decision on marked data governs

    def branch_on(self, marks: Marks) -> None:
        """Note that the branch at the current place depends on marked data."""
        if not marks or not self.machine.implicit:
            return
        implied = frozenset(self.machine.implied(mark, self.place) for mark in marks)
        self._branched[self.at] = self._branched.get(self.at, NO_MARKS) | implied
        self.marks = self.marks | implied

    def _leave_regions(self, at: int) -> None:
        """Drop the marks of decisions that do not govern this block any more."""
        if not self.machine.implicit or self.marks == self.base_marks:
            return
        governed = self.base_marks
        for branch, marks in self._branched.items():
            if self.machine.governs(self.code, branch, at):
                governed = governed | marks
        self.marks = self.marks & governed


def widen(old: Value, new: Value) -> Value:
    """Return `new` with its constants given up when they grew."""
    if new is old or new.constants is None or new.constants == old.constants:
        return new
    return Value(None, new.refs, new.marks) if old.constants else new


def widen_heap(old: Heap, new: Heap) -> None:
    """Give up constants of fields that grew; `new` is changed in place."""
    for ref, fields in new.objects.items():
        before = old.objects.get(ref)
        if before is fields or before is None:
            continue
        wide: Fields = {n: widen(before[n], v) if n in before else v for n, v in fields.items()}
        new.objects[ref] = wide

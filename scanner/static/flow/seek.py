"""Large apps: analysis from the sources outwards, so that cost follows their number.

Each source that the components' run did not come to is interpreted in the context of its callers,
a few levels up, with objects from out of sight standing in for the rest. Data that ends in a field
leads on to the methods that read the field.
"""

from scanner.static.flow.heap import STATICS, Heap, join_heaps
from scanner.static.flow.lifecycle import Driver
from scanner.static.flow.machine import OutOfBudget
from scanner.static.flow.program import Method
from scanner.static.flow.slices import Slices, readers
from scanner.static.flow.values import Value

_LEVELS = 2
_MOST_CALLERS = 3
_PASSES = 3
_SMALL = 24
_INITIALISER = 400
_LEAST_SLICE = 1500
_MOST_SLICE = 10_000
_MORE = 6


class Relevance:
    """Decides which calls are worth following in a large app."""

    def __init__(self, driver: Driver, slices: Slices) -> None:
        """Decide by the slices of an app."""
        self.slices = slices
        self.units = driver.program.index.defs.units
        self.readers: set[int] = set()

    def __call__(self, method: Method, args: list[Value], heap: Heap) -> bool:
        """Return whether a method may matter: it leads to a source, reads marked fields, is given
        marked data, or is so small that it only moves values.
        """
        row = method.number
        if row < 0 or self.slices.to_source[row] or row in self.readers:
            return True
        size = int(self.units[row])
        if size <= _SMALL or (method.name == "<clinit>" and size <= _INITIALISER):
            return True
        return any(value.marks or self._holds(value, heap) for value in args)

    def _holds(self, value: Value, heap: Heap) -> bool:
        for ref in value.refs:
            for inner in heap.objects.get(ref, {}).values():
                if inner.marks:
                    return True
        return False


class Seeker:
    """Runs sources in the context of their callers."""

    def __init__(self, driver: Driver, slices: Slices, relevance: Relevance, end: int) -> None:
        """Prepare a search that ends when the machine has done `end` units of work."""
        self.driver = driver
        self.machine = driver.machine
        self.slices = slices
        self.relevance = relevance
        self.end = end
        self.heap = Heap(self.machine.things)
        self.done: set[int] = set()
        self.partial = False
        self.unfinished: list[int] = []

    def run(self) -> None:
        """Run all sources that were not come to, then the readers of fields that hold data."""
        visited = {origin.place.method for origin in self.driver.calls.leaks.origins}
        rows = [
            row
            for row in (self.slices.sources & self.slices.reachable).nonzero()[0].tolist()
            if row not in visited
        ]
        for _ in range(_PASSES):
            rows = [row for row in rows if row not in self.done and self._own(row)]
            rows.sort(key=self._order)
            self._run_all(rows)
            self._try_again()
            fields = self._marked_fields()
            found = readers(self.machine.program.index, fields).tolist()
            self.relevance.readers.update(found)
            rows = [r for r in found if self.slices.reachable[r] and self.slices.to_sink[r]]

    def _order(self, row: int) -> tuple[bool, bool, int]:
        """Return what puts the most telling data first, and what a sink is near to."""
        return not self.slices.telling[row], not self.slices.to_sink[row], row

    def _own(self, row: int) -> bool:
        return self.machine.program.is_app(self.machine.program.method(row).cls)

    def _run_all(self, rows: list[int]) -> None:
        for number, row in enumerate(rows):
            done = self.machine.things.work
            left = self.end - done
            if left <= 0 or self.machine.late:
                self.partial = True
                return
            share = max(_LEAST_SLICE, min(_MOST_SLICE, 2 * left // (len(rows) - number)))
            for root in self._roots(row):
                self._run_root(root, share)

    def _try_again(self) -> None:
        """Give those that did not end in their share more of what is left."""
        share = _MOST_SLICE
        while self.unfinished and not self.partial:
            share *= _MORE
            waiting, self.unfinished = self.unfinished, []
            for row in waiting:
                self._run_root(row, share)

    def _roots(self, row: int) -> list[int]:
        """Return callers a few levels up, the method itself last; each is run once."""
        found, layer = [row], [row]
        for _ in range(_LEVELS):
            above: list[int] = []
            for one in layer:
                callers = [
                    c
                    for c in self.slices.callers(one)
                    if self.slices.reachable[c] and c not in found and self._own(c)
                ]
                above += callers[:_MOST_CALLERS]
            layer = list(dict.fromkeys(above))
            found += layer
        return [one for one in reversed(found) if one not in self.done]

    def _run_root(self, row: int, share: int) -> None:
        self.done.add(row)
        done = self.machine.things.work
        if done >= self.end or self.machine.late:
            self.partial = True
            return
        method = self.machine.program.method(row)
        self.machine.allotted = min(done + share, self.end)
        self.machine.forget()
        self.driver.world.current = self._component_of(method.cls)
        heap = self.heap.copy()
        try:
            after = self.driver.root(method, heap)
        except OutOfBudget:
            self.unfinished.append(row)
            return
        self.heap = join_heaps(self.heap, self._marked_part(after))

    def _marked_part(self, heap: Heap) -> Heap:
        """Keep what later roots can see: stand-ins and static fields."""
        kept = {
            ref: fields
            for ref, fields in heap.objects.items()
            if ref == STATICS or not self.machine.things[ref].fresh
        }
        heap = Heap(self.machine.things, kept)
        heap.prune()
        return heap

    def _component_of(self, cls: str) -> str:
        outer = cls.split("$", 1)[0].rstrip(";") + ";"
        for one in (cls, outer):
            if one in self.driver.world.components:
                return one
        return ""

    def _marked_fields(self) -> list[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        program = self.machine.program
        for ref, fields in self.heap.objects.items():
            for name, value in fields.items():
                if not value.marks or not name[0].isalpha():
                    continue
                if ref == STATICS:
                    cls, _, field = name.partition("->")
                    found.add((cls, field))
                else:
                    found |= {
                        (cls, name)
                        for cls in program.ancestors(self.machine.things[ref].cls)
                        if program.is_app(cls)
                    }
        return sorted(found)

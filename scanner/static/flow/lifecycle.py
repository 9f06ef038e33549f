"""What the platform calls and in which order: lifecycles of components, and events between."""

from collections.abc import Callable
from typing import TypeAlias

from scanner.static.flow.answers import give_back, hand_out
from scanner.static.flow.calls import Calls, fill
from scanner.static.flow.code import MethodRef
from scanner.static.flow.frame import widen_heap
from scanner.static.flow.handed import Handed
from scanner.static.flow.heap import STATICS, Heap, join_heaps
from scanner.static.flow.machine import Machine, OutOfBudget
from scanner.static.flow.program import Method, parameters
from scanner.static.flow.values import (
    NO_REFS,
    NOTHING,
    UNKNOWN,
    Place,
    Value,
    join,
    reference,
)

_ROUNDS = 4
_EVENT_ROUNDS = 6
_WIDEN_AFTER = 3
_SHARE = 3
_GARBAGE = 200
Phase: TypeAlias = tuple[str, ...]


class Driver:
    """Runs the app: application and providers first, then all components again and again until
    nothing new comes about.
    """

    def __init__(self, calls: Calls) -> None:
        """Take the machine and the app from the calls."""
        self.calls = calls
        self.machine: Machine = calls.machine
        self.program = calls.program
        self.world = calls.world
        self.events = calls.framework.events
        self.ends: dict[str, Heap] = {}
        self.rounds, self.event_rounds = _ROUNDS, _EVENT_ROUNDS
        self.end = self.machine.allotted
        self.share = False
        self.partial = False
        self.unfinished: dict[str, None] = {}
        self.handed = Handed(calls)
        self.application = ""
        self.roots: frozenset[int] = frozenset()
        self.collected = 0
        name = self.world.facts.application_class
        if name and self.program.is_app(f"L{name.replace('.', '/')};"):
            self.application = f"L{name.replace('.', '/')};"

    def run(self) -> Heap:
        """Run everything; returns the last heap."""
        heap = self._start()
        for _ in range(self.rounds):
            before = heap
            components = self._components()
            for number, cls in enumerate(components):
                after = self._within(cls, heap, len(components) - number)
                if after is not None:
                    heap = join_heaps(heap, after)
                    self.ends["" if self.share else cls] = heap if self.share else after
            self._collect(heap)
            if heap is before:
                break
        return heap

    def _within(self, cls: str, heap: Heap, left: int) -> Heap | None:
        """Run a component within its share of the work; None when it did not end."""
        if not self.share:
            return self.component(cls, heap)
        done = self.machine.things.work
        self.machine.forget()
        self.machine.allotted = min(self.end, done + max(0, self.end - done) * _SHARE // left)
        try:
            after = self.component(cls, heap).copy()
        except OutOfBudget:
            self.partial = True
            self.unfinished[cls] = None
            if self.machine.late:
                raise
            return None
        self.unfinished.pop(cls, None)
        after.prune()
        return after

    def finish(self, end: int) -> None:
        """Give the components that did not end in their share what is left."""
        self.end = end
        waiting = list(self.unfinished)
        heap = self.ends.get("", Heap(self.machine.things))
        for number, cls in enumerate(waiting):
            if self.machine.things.work >= end or self.machine.late:
                return
            self._within(cls, heap, max(_SHARE, len(waiting) - number))
        self.partial = bool(self.unfinished)

    def hurry(self, end: int) -> None:
        """Share the work until `end` among components, with fewer rounds: for large apps."""
        self.share, self.end = True, end
        self.rounds, self.event_rounds = 2, 2

    def root(self, method: Method, heap: Heap) -> Heap:
        """Run any method out of its context, on objects that stand in for unknown ones."""
        if method.static:
            args = [
                self.handed.parameter(method, kind, heap) for kind in parameters(method.descriptor)
            ]
            return self.call(method, args, heap, collect=False)
        ref = heap.adopt(self.machine.standin(method.cls))
        return self.event(ref, method, heap, collect=False)

    def _components(self) -> list[str]:
        known = [c for c in self.world.components if self.program.is_app(c)]
        launch = {c: self.world.components[c].launcher for c in known}
        return sorted(known, key=lambda c: (not launch[c], c))

    def _start(self) -> Heap:
        """Application, then providers, then Application.onCreate."""
        heap = Heap(self.machine.things)
        if self.application:
            self.world.current = self.application
            heap = self.create(self.application, heap)
            heap = self.phase(self.application, "attach", "application", heap)
        for cls in self._components():
            if self.world.components[cls].kind == "provider":
                self.world.current = cls
                heap = self.create(cls, heap)
                heap = self.phase(cls, "create", "provider", heap)
        if self.application:
            self.world.current = self.application
            heap = self.phase(self.application, "create", "application", heap)
            heap = self.loop(self.application, "application", heap)
        return heap

    def component(self, cls: str, heap: Heap) -> Heap:
        """Run one component from creation to its end; returns all heaps it may leave behind."""
        kind = self.world.components[cls].kind
        if kind == "provider":
            self.world.current = cls
            return self.loop(cls, "provider", heap)
        self.world.current = cls
        heap = self.create(cls, heap)
        if kind == "activity":
            return self._activity(cls, heap)
        if kind == "service":
            heap = self.phase(cls, "create", "service", heap)
            heap = self.loop(cls, "service", heap)
            return join_heaps(heap, self.phase(cls, "destroy", "service", heap))
        return self.loop(cls, "receiver", heap)

    def _activity(self, cls: str, heap: Heap) -> Heap:
        def go(phase: str, at: Heap) -> Heap:
            return self.phase(cls, phase, "activity", at)

        created = self._inflate(cls, go("create", heap))
        started, paused, result = created, None, created
        for _ in range(self.rounds):
            resumed = go("start", started)
            resumed = join_heaps(resumed, paused) if paused is not None else resumed
            running = self.loop(cls, "activity", go("resume", resumed))
            new_paused = self._meanwhile(cls, go("pause", running))
            stopped = go("stop", new_paused)
            restarted = go("restart", stopped)
            ended = join_heaps(stopped, go("destroy", stopped))
            result = join_heaps(join_heaps(result, running), join_heaps(new_paused, ended))
            again = join_heaps(started, restarted)
            stable = again is started and paused is not None
            if stable and join_heaps(paused or new_paused, new_paused) is paused:
                break
            paused = new_paused if paused is None else join_heaps(paused, new_paused)
            started = again
        return result

    def _inflate(self, cls: str, heap: Heap) -> Heap:
        """Make the app's own views and fragments that layouts name; any screen may show them."""
        owner = self.world.component(self.machine.things, cls)
        for name in self.world.facts.layout_classes:
            made = f"L{name.replace('.', '/')};"
            if not self.program.is_app(made):
                continue
            thing = self.machine.things.add(("layout", cls, made), made)
            heap = heap.copy()
            fragment = self.calls.framework.is_kind(made, "fragment")
            slot = "^fragments" if fragment else "^callbacks"
            known = heap.get(owner, slot) or NOTHING
            heap.allocate(thing)
            heap.put(owner, slot, join(known, reference(thing.number)))
            for method in self._constructors(made, fragment=fragment):
                heap = join_heaps(heap, self.event(thing.number, method, heap))
        return heap

    def _constructors(self, cls: str, *, fragment: bool) -> list[Method]:
        """Return the constructors that inflation may call."""
        found = [m for (n, _), m in sorted(self.program.methods(cls).items()) if n == "<init>"]
        return [m for m in found if (len(m.slots) == 1) == fragment]

    def _meanwhile(self, cls: str, heap: Heap) -> Heap:
        """Add what other components may have done while this one was in the background."""
        ref = self.world.component(self.machine.things, cls)
        own = heap.objects.get(ref)
        merged = heap
        self.machine.check()
        if self.share:
            merged = join_heaps(heap, self.ends[""]) if "" in self.ends else heap
        else:
            for other in sorted(self.ends):
                if other != cls:
                    merged = join_heaps(merged, self.ends[other])
        if merged is not heap and own is not None:
            merged.objects[ref] = own
        return merged

    # -- pieces

    def create(self, cls: str, heap: Heap) -> Heap:
        """Make the object of a component and run its constructor."""
        heap = heap.copy()
        ref = self.world.component(self.machine.things, cls)
        heap.objects[ref] = {}
        method = self.program.methods(cls).get(("<init>", "()V"))
        heap = self._initialise(cls, heap)
        return self.call(method, [reference(ref)], heap) if method is not None else heap

    def _initialise(self, cls: str, heap: Heap) -> Heap:
        if heap.get(STATICS, f"^init {cls}") is not None:
            return heap
        heap.put(STATICS, f"^init {cls}", UNKNOWN)
        for field, value in self.program.static_constants(cls):
            heap.put(STATICS, f"{cls}->{field}", Value(frozenset((value,))))
        method = self.program.methods(cls).get(("<clinit>", "()V"))
        parent = self.program.superclass(cls)
        if self.program.is_app(parent):
            heap = self._initialise(parent, heap)
        return self.call(method, [], heap) if method is not None else heap

    def phase(self, cls: str, phase: str, kind: str, heap: Heap) -> Heap:
        """Run the lifecycle methods of a phase that the class (or an app superclass) overrides."""
        ref = self.world.component(self.machine.things, cls)
        for name in self.events.lifecycles[kind].get(phase, ()):
            method = self.calls.method_named(cls, name)
            if method is not None and not method.static:
                heap = self.event(ref, method, heap)
        return heap

    def loop(self, cls: str, kind: str, heap: Heap) -> Heap:
        """Let events happen in any order and number until nothing changes."""
        for number in range(self.event_rounds):
            before = heap
            for step in self._events(cls, kind, heap):
                heap = join_heaps(heap, step(heap))
            if heap is before:
                break
            if number >= _WIDEN_AFTER:
                heap = heap.copy()
                widen_heap(before, heap)
        return heap

    def _events(self, cls: str, kind: str, heap: Heap) -> list[Callable[[Heap], Heap]]:
        ref = self.world.component(self.machine.things, cls)
        own = self._own_events(cls, kind)
        found = [self._bound(ref, m) for m in own if self.world.hears(heap, ref, m)]
        found += self._page_calls(ref, heap)
        owners = [ref]
        if self.application and cls != self.application:
            app = self.world.component(self.machine.things, self.application)
            owners.append(app)
            found += [
                self._bound(app, m) for m in self._own_events(self.application, "application")
            ]
        for owner in owners:
            for name in ("^fragments", "^callbacks"):
                held = heap.get(owner, name) or NOTHING
                for one in sorted(held.refs):
                    found += self._object_events(one, name)
        return found

    def _page_calls(self, owner: int, heap: Heap) -> list[Callable[[Heap], Heap]]:
        """Return the public methods of objects that the app gave to a page."""
        return [
            self._bound(ref, method)
            for ref in sorted((heap.get(owner, "^bridges") or NOTHING).refs)
            for (name, _), method in sorted(
                self.program.methods(self.machine.things[ref].cls).items()
            )
            if name[0] != "<" and method.flags & 1 and not method.static and not method.abstract
        ]

    def _own_events(self, cls: str, kind: str) -> list[Method]:
        cycle = self.events.lifecycles[kind]
        fixed = {n for phase, names in cycle.items() if phase != "events" for n in names}
        named = set(cycle.get("events", ())) | set(self.world.facts.layout_callbacks)
        found = {m.name: m for m in self.world.callbacks(cls) if m.name not in fixed}
        for name in sorted(named):
            method = self.calls.method_named(cls, name)
            if method is not None and not method.static:
                found.setdefault(name, method)
        return [found[name] for name in sorted(found)]

    def _object_events(self, ref: int, name: str) -> list[Callable[[Heap], Heap]]:
        cls = self.machine.things[ref].cls
        if name == "^fragments":
            return [lambda heap: self._fragment(ref, heap)]
        return [self._bound(ref, m) for m in self.world.callbacks(cls)]

    def _fragment(self, ref: int, heap: Heap) -> Heap:
        cls = self.machine.things[ref].cls
        for phase in ("create", "start", "resume", "pause", "stop", "destroy"):
            heap = self.phase_of(ref, phase, "fragment", heap)
            if phase == "resume":
                fixed = {n for ns in self.events.lifecycles["fragment"].values() for n in ns}
                for method in self.world.callbacks(cls):
                    if method.name not in fixed:
                        heap = join_heaps(heap, self.event(ref, method, heap))
        return heap

    def phase_of(self, ref: int, phase: str, kind: str, heap: Heap) -> Heap:
        """Run the methods of a phase on any object."""
        for name in self.events.lifecycles[kind].get(phase, ()):
            method = self.calls.method_named(self.machine.things[ref].cls, name)
            if method is not None and not method.static:
                heap = self.event(ref, method, heap)
        return heap

    def _bound(self, ref: int, method: Method) -> Callable[[Heap], Heap]:
        return lambda heap: self.event(ref, method, heap)

    def event(self, ref: int, method: Method, heap: Heap, *, collect: bool = True) -> Heap:
        """Let the platform call one method of an object."""
        heap = heap.copy()
        heap.objects.setdefault(ref, {})
        args = [reference(ref)]
        kinds = parameters(method.descriptor)
        source = self.calls.framework.source(
            self.machine.things[ref].cls, method.name, method.descriptor, "callback"
        )
        for number, kind in enumerate(kinds):
            value = self.handed.parameter(method, kind, heap, number)
            if source is not None and kind[0] in "L[" and kind not in self.events.params:
                ref_ = MethodRef(method.cls, method.name, method.descriptor)
                mark = self.calls.leaks.mark(source, Place(method.number, 0), ref_)
                thing = self.machine.things.add(
                    ("parameter", method.number, number), kind, weak=True, fresh=False
                )
                heap.put(heap.adopt(thing), "$content", Value(None, NO_REFS, frozenset((mark,))))
                value = reference(thing.number).with_marks(frozenset((mark,)))
            args.append(value)
        return self.call(method, args, heap, collect=collect)

    def call(self, method: Method, args: list[Value], heap: Heap, *, collect: bool = True) -> Heap:
        """Run a method from outside; an exception ends it without further effect."""
        context = self.machine.context(-1, Place(method.number, len(self.world.current)))
        outcome = self.machine.run(method, fill(method, args), heap, context)
        if outcome.heap is None:
            return heap
        result = outcome.heap.copy()
        result.renamed = frozenset()
        if method.returned == "Landroid/os/IBinder;":
            hand_out(self.world, result, outcome.value)
        give_back(self.calls, method, result, outcome.value)
        if collect:
            self._collect(result)
        return result

    def _collect(self, heap: Heap) -> None:
        if self.share and len(heap.objects) < self.collected:
            return
        if not self.roots:
            owners = (*self.world.components, self.application)
            made = (self.world.component(self.machine.things, cls) for cls in owners if cls)
            self.roots = frozenset(made)
        heap.collect(self.roots)
        self.collected = len(heap.objects) + _GARBAGE

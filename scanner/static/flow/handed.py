"""What the platform hands to lifecycle methods and callbacks."""

from collections.abc import Callable

from scanner.static.flow.app_wide import add_app_wide, app_wide
from scanner.static.flow.calls import Calls
from scanner.static.flow.code import MethodRef
from scanner.static.flow.heap import Heap
from scanner.static.flow.outlets import asked_with
from scanner.static.flow.program import Method
from scanner.static.flow.values import (
    NO_REFS,
    NOTHING,
    NULL,
    UNKNOWN,
    ClassName,
    Place,
    Value,
    join,
    reference,
)


class Handed:
    """Makes the arguments of callbacks, by the type of the parameter."""

    def __init__(self, calls: Calls) -> None:
        """Take the machine and the app from the calls."""
        self.calls = calls
        self.machine = calls.machine
        self.world = calls.world
        self.events = calls.framework.events

    def parameter(self, method: Method, kind: str, heap: Heap, number: int = -1) -> Value:
        """Return the value of one parameter."""
        if kind == "I" and number == 0 and method.name == "onActivityResult":
            return self._asked(heap)
        foreign = asked_with(self.world, heap, method, kind, number)
        if foreign is not None:
            return join(UNKNOWN, reference(foreign))
        role = self.events.params.get(kind, "")
        current = self.world.component(self.machine.things, self.world.current)
        if role == "context":
            heap.objects.setdefault(current, {})
        answers: dict[str, Callable[[], Value]] = {
            "context": lambda: reference(current),
            "view": lambda: self._any_view(heap, kind),
            "intent": lambda: self._intent(method, heap),
            "bundle": lambda: self._bundle(method, heap),
            "preferences": lambda: join(app_wide(heap, "preferences"), UNKNOWN),
            "job": lambda: self._job(heap, kind),
            "binder": lambda: join(app_wide(heap, "binders"), UNKNOWN),
        }
        return answers[role]() if role else UNKNOWN

    def _asked(self, heap: Heap) -> Value:
        """Return the request codes of the results that this activity waits for."""
        asked = app_wide(heap, f"asked {self.world.current}")
        return UNKNOWN if asked is NOTHING else asked

    def _job(self, heap: Heap, kind: str) -> Value:
        """Return the parameters of a job, with the extras that it was scheduled with."""
        thing = self.machine.things.add(("job", self.world.current), kind, fresh=False)
        heap.adopt(thing)
        extras = app_wide(heap, f"job {self.world.current}")
        heap.put(thing.number, "$p:Extras", UNKNOWN if extras is NOTHING else extras)
        return reference(thing.number)

    def _any_view(self, heap: Heap, kind: str) -> Value:
        thing = self.machine.things.add(
            ("view", self.world.current, "any"), kind, weak=True, fresh=False
        )
        heap.adopt(thing)
        add_app_wide(heap, f"views {self.world.current}", reference(thing.number))
        return app_wide(heap, f"views {self.world.current}")

    def _bundle(self, method: Method, heap: Heap) -> Value:
        """Return the saved state: null on the first start, what was saved later on."""
        key = ("saved", self.world.current)
        thing = self.machine.things.add(key, "Landroid/os/Bundle;", weak=True)
        known = app_wide(heap, f"saved {self.world.current}")
        if method.name in self.events.lifecycles["activity"]["stop"]:
            heap.adopt(thing)
            add_app_wide(heap, f"saved {self.world.current}", reference(thing.number))
            return reference(thing.number)
        if method.name in self.events.lifecycles["activity"]["start"]:
            heap.adopt(thing)
            return reference(thing.number)
        return join(NULL, known)

    def _intent(self, method: Method, heap: Heap) -> Value:
        current = self.world.current
        own = self.machine.things.add(
            ("own intent", current), "Landroid/content/Intent;", fresh=False
        )
        heap.adopt(own)
        if method.name == "onActivityResult":
            return self._result(method, heap)
        sent = app_wide(heap, f"intent {current}")
        return join(sent, reference(own.number))

    def _result(self, method: Method, heap: Heap) -> Value:
        """Return what an activity hands back, from inside the app or from a foreign one."""
        expected = app_wide(heap, f"expects {self.world.current}")
        value = NULL
        for one in sorted(expected.constants or (), key=str):
            if isinstance(one, ClassName):
                value = join(value, app_wide(heap, f"result {one.name}"))
            elif one == "foreign":
                value = join(value, self._foreign(method, heap))
        return value if expected is not NOTHING else UNKNOWN

    def _foreign(self, method: Method, heap: Heap) -> Value:
        thing = self.machine.things.add(
            ("foreign result", self.world.current),
            "Landroid/content/Intent;",
            weak=True,
            fresh=False,
        )
        heap.adopt(thing)
        for points in self.calls.framework.points.sources:
            if points.when == "foreign-result":
                source = self.calls.framework.further(points)
                ref = MethodRef(method.cls, method.name, method.descriptor)
                mark = self.calls.leaks.mark(source, Place(method.number, 0), ref)
                heap.put(thing.number, "$content", Value(None, NO_REFS, frozenset((mark,))))
        return reference(thing.number)

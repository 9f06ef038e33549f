"""What open components hand to the platform for other apps: binders, and results of queries."""

from typing import TYPE_CHECKING

from scanner.static.flow.app_wide import add_app_wide
from scanner.static.flow.heap import Heap
from scanner.static.flow.outlets import Outlet, handed_out
from scanner.static.flow.program import Method
from scanner.static.flow.values import NOTHING, Value, join

if TYPE_CHECKING:
    from scanner.static.flow.calls import Calls
    from scanner.static.flow.world import World


def hand_out(world: "World", heap: Heap, binder: Value) -> None:
    """Remember a binder; what an open service hands out is called by other apps as well."""
    add_app_wide(heap, "binders", binder)
    add_app_wide(heap, f"binders {world.current}", binder.without_marks())
    called = handed_out(world, heap, binder)
    if called:
        owner = world.component(heap.things, world.current)
        known = heap.get(owner, "^callbacks") or NOTHING
        heap.put(owner, "^callbacks", join(known, Value(frozenset(), called)))


def give_back(calls: "Calls", method: Method, heap: Heap, value: Value) -> None:
    """Note data in what an open provider answers."""
    opened = calls.world.opened(calls.world.current)
    if opened is None or opened.kind != "provider":
        return
    sink = calls.framework.returned_to(method.cls, method.name)
    marks = heap.deep_marks(value) if sink is not None else None
    if sink is not None and marks:
        to = Outlet(opened.name, "caller", opened.read_permission or opened.permission)
        calls.leaks.given_back(sink, method, marks, to)

"""Facts that hold for the whole app, kept in the heap beside the static fields."""

from scanner.static.flow.heap import STATICS, Heap
from scanner.static.flow.values import NO_REFS, NOTHING, ClassName, Value, constant, join


def add_app_wide(heap: Heap, name: str, value: Value) -> None:
    """Join a value into an app-wide fact."""
    known = heap.get(STATICS, f"^{name}")
    heap.put(STATICS, f"^{name}", value if known is None else join(known, value))


def app_wide(heap: Heap, name: str) -> Value:
    """Return an app-wide fact."""
    return heap.get(STATICS, f"^{name}") or NOTHING


def class_constant(cls: str) -> Value:
    """Return the value of a class object."""
    return constant(ClassName(cls))


def without(value: Value, refs: frozenset[int]) -> Value:
    """Return a value without some objects."""
    return Value(value.constants, value.refs - refs or NO_REFS, value.marks)

"""Models of arrays, lists, sets, maps and keyed containers.

Precision: a list keeps its elements apart as long as its size is known, a map and a keyed
container (intent extras, bundles, content values, preferences, JSON) as long as keys are constant
texts or numbers; everything else goes into one common element.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.static.flow.models_text import all_marks_of, text_of
from scanner.static.flow.values import (
    NOTHING,
    NULL,
    UNKNOWN,
    Constant,
    Value,
    constant,
    join,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

_MOST_LIST = 40


def _size(call: "Call", ref: int) -> int | None:
    value = call.heap.get(ref, "#size")
    if value is None:
        return 0 if call.machine.things[ref].fresh and not call.machine.things[ref].weak else None
    return value.single if isinstance(value.single, int) else None


def _resize(call: "Call", ref: int, size: int | None) -> None:
    call.heap.put(ref, "#size", UNKNOWN if size is None else constant(size))


def blur(call: "Call", ref: int) -> None:
    """Put all elements of a list together."""
    value = NOTHING
    for _, one in call.heap.fields(ref, "["):
        value = join(value, one)
    call.heap.drop(ref, "[")
    if value is not NOTHING:
        call.heap.put(ref, "[*", value)
    _resize(call, ref, None)


def _add(call: "Call", ref: int, value: Value) -> None:
    size = _size(call, ref)
    if size is None or size >= _MOST_LIST or len(call.this.refs) > 1:
        blur(call, ref) if size is not None else None
        call.heap.put(ref, "[*", value, weak=True)
        return
    call.heap.put(ref, f"[{size}", value)
    _resize(call, ref, size + 1)


def all_elements(call: "Call", value: Value) -> Value:
    """Return the join of all elements of containers."""
    result = unknown(value.marks) if value.unknown or not value.refs else NOTHING
    for ref in sorted(value.refs):
        for prefix in ("[", "{"):
            for _, one in call.heap.fields(ref, prefix):
                result = join(result, one)
        content = call.heap.get(ref, "$content")
        if content is not None:
            result = join(result, unknown(content.marks))
        source = call.heap.get(ref, "^of")
        if source is not None:
            result = join(result, all_elements(call, Value(frozenset(), source.refs - value.refs)))
    return result if result is not NOTHING else UNKNOWN


def list_init(call: "Call") -> Value:
    """Make a list, with the elements of another."""
    if call.rest and call.arg(0).refs:
        for ref in sorted(call.this.refs):
            _copy(call, call.arg(0), ref)
    return NOTHING


def _copy(call: "Call", source: Value, target: int) -> None:
    sources = sorted(source.refs)
    whole = len(sources) == 1 and not list(call.heap.fields(target, "["))
    for one in sources:
        for name, value in list(call.heap.fields(one)):
            if whole and name[0] in "[{#":
                call.heap.put(target, name, value)
            elif name[0] in "[{" or name == "$content":
                call.heap.put(target, "[*" if name[0] == "[" else name, value, weak=True)
    if not whole:
        _resize(call, target, None)
    if source.marks:
        call.heap.put(target, "$content", unknown(source.marks), weak=True)


def list_add(call: "Call") -> Value:
    """Add at the end, or at a place."""
    value = call.rest[-1] if call.rest else UNKNOWN
    for ref in sorted(call.this.refs):
        if len(call.rest) > 1:
            blur(call, ref)
            call.heap.put(ref, "[*", value, weak=True)
        else:
            _add(call, ref, value)
    return constant(1)


def list_push(call: "Call") -> Value:
    """Add at the front."""
    for ref in sorted(call.this.refs):
        blur(call, ref)
        call.heap.put(ref, "[*", call.rest[-1] if call.rest else UNKNOWN, weak=True)
    return call.rest[-1] if call.rest else UNKNOWN


def list_get(call: "Call") -> Value:
    """Read one element, exact for a known place."""
    where = call.arg(0).single
    value = unknown(call.this.marks) if not call.this.refs or call.this.unknown else NOTHING
    for ref in sorted(call.this.refs):
        value = join(value, _at(call, ref, where))
    return value.with_marks(call.machine.imply(call.frame, call.arg(0).marks))


def _at(call: "Call", ref: int, where: Constant | None) -> Value:
    own = call.heap.get(ref, f"[{where}") if isinstance(where, int) else None
    rest = call.heap.get(ref, "[*")
    content = call.heap.get(ref, "$content")
    if own is not None and content is None:
        return own if rest is None else join(own, rest)
    return all_elements(call, call.give(ref))


def list_first(call: "Call") -> Value:
    """Read the first element."""
    value = unknown(call.this.marks) if not call.this.refs else NOTHING
    for ref in sorted(call.this.refs):
        value = join(value, _at(call, ref, 0))
    return value


def list_last(call: "Call") -> Value:
    """Read the last element."""
    value = unknown(call.this.marks) if not call.this.refs else NOTHING
    for ref in sorted(call.this.refs):
        size = _size(call, ref)
        value = join(value, _at(call, ref, size - 1 if size else None))
    return value


def list_take(call: "Call") -> Value:
    """Read and remove an element: the first of a list that holds one, otherwise any."""
    return list_remove(call)


def list_remove(call: "Call") -> Value:
    """Remove an element by place or by value."""
    where = call.arg(0).single if call.rest else 0
    value = unknown(call.this.marks) if not call.this.refs else NOTHING
    for ref in sorted(call.this.refs):
        value = join(value, _at(call, ref, where if isinstance(where, int) else None))
        size = _size(call, ref)
        exact = isinstance(where, int) and size is not None and 0 <= where < size
        if exact and len(call.this.refs) == 1 and isinstance(where, int) and size is not None:
            _shift(call, ref, where, size)
        else:
            blur(call, ref)
    return value


def _shift(call: "Call", ref: int, where: int, size: int) -> None:
    elements = [call.heap.get(ref, f"[{n}") or NULL for n in range(size)]
    del elements[where]
    rest = call.heap.get(ref, "[*")
    call.heap.drop(ref, "[")
    for number, one in enumerate(elements):
        call.heap.put(ref, f"[{number}", one)
    if rest is not None:
        call.heap.put(ref, "[*", rest)
    _resize(call, ref, size - 1)


def list_set(call: "Call") -> Value:
    """Replace an element."""
    where = call.arg(0).single
    for ref in sorted(call.this.refs):
        exact = isinstance(where, int) and call.heap.get(ref, f"[{where}") is not None
        name = f"[{where}" if exact else "[*"
        call.heap.put(ref, name, call.arg(1), weak=not exact or len(call.this.refs) > 1)
    return list_get(call)


def clear(call: "Call") -> Value:
    """Empty a container."""
    if len(call.this.refs) == 1:
        for ref in call.this.refs:
            for prefix in ("[", "{", "$"):
                call.heap.drop(ref, prefix)
            _resize(call, ref, 0)
    return NOTHING


def list_take_last(call: "Call") -> Value:
    """Read and remove the last element."""
    value = list_last(call)
    for ref in sorted(call.this.refs):
        size = _size(call, ref)
        if size and len(call.this.refs) == 1:
            _shift(call, ref, size - 1, size)
        else:
            blur(call, ref)
    return value


def size_of(call: "Call") -> Value:
    """Return the number of elements."""
    value = NOTHING if call.this.refs else UNKNOWN
    for ref in sorted(call.this.refs):
        size = _size(call, ref)
        value = join(value, UNKNOWN if size is None else constant(size))
    return value


def add_all(call: "Call") -> Value:
    """Add the elements of another container."""
    source = call.rest[-1] if call.rest else UNKNOWN
    for ref in sorted(call.this.refs):
        _copy(call, source, ref)
    return UNKNOWN


def view(call: "Call") -> Value:
    """Return something that reads from the receiver: an iterator, a set of entries, a stream."""
    if not call.this.refs:
        return unknown(all_marks_of(call, call.this))
    ref = call.make("Ljava/util/Iterator;", "view")
    call.heap.put(ref, "^of", call.this)
    if call.this.marks:
        call.heap.put(ref, "$content", unknown(call.this.marks))
    return call.give(ref)


def keys(call: "Call") -> Value:
    """Return the names in a container."""
    ref = call.make("Ljava/util/Set;", "keys")
    call.heap.put(ref, "[*", UNKNOWN)
    _resize(call, ref, None)
    return call.give(ref)


def any_element(call: "Call") -> Value:
    """Return any element of the receiver."""
    return all_elements(call, call.this)


def take_from(call: "Call") -> Value:
    """Return any element of the first argument."""
    return all_elements(call, call.arg(0))


def clone(call: "Call") -> Value:
    """Copy an object with its fields."""
    if not call.this.refs:
        return call.this
    result = NOTHING
    for source in sorted(call.this.refs):
        ref = call.make(call.machine.things[source].cls, f"clone {source}")
        for name, value in call.heap.fields(source):
            call.heap.put(ref, name, value)
        result = join(result, call.give(ref))
    return result.with_marks(call.this.marks)


def array_copy(call: "Call") -> Value:
    """System.arraycopy: from the first argument into the third."""
    source, target = call.arg(0), call.arg(2)
    places = (call.arg(1).single, call.arg(3).single, call.arg(4).single)
    start, into, count = (p if isinstance(p, int) else None for p in places)
    if start is not None and into is not None and count is not None and len(source.refs) == 1:
        ref = next(iter(source.refs))
        rest = call.heap.get(ref, "[*")
        for n in range(min(count, _MOST_LIST)):
            one = call.heap.get(ref, f"[{start + n}")
            value = one if rest is None else join(rest, one or NULL)
            if value is not None:
                call.heap.put_all(target.refs, f"[{into + n}", value)
        if count <= _MOST_LIST:
            return NOTHING
    call.heap.put_all(target.refs, "[*", all_elements(call, source), weak=True)
    return NOTHING


def array_of(call: "Call") -> Value:
    """Make a list or array of the elements of the first argument (or the receiver)."""
    source = call.arg(0) if call.static else call.this
    if not source.refs:
        return unknown(source.marks)
    cls = call.returned if call.returned.startswith("[") else "Ljava/util/ArrayList;"
    ref = call.make(cls, "copy")
    _copy(call, source, ref)
    size = call.heap.get(ref, "#length" if not cls.startswith("[") else "#size")
    if size is not None:
        call.heap.put(ref, "#size" if not cls.startswith("[") else "#length", size)
    return call.give(ref)


def array_range(call: "Call") -> Value:
    """Arrays.copyOfRange: elements move to the front."""
    start, end = call.arg(1).single, call.arg(2).single
    known = isinstance(start, int) and isinstance(end, int) and 0 <= start <= end
    if len(call.arg(0).refs) != 1 or not known or not isinstance(start, int):
        return array_of(call)
    source = next(iter(call.arg(0).refs))
    count = min(end - start, _MOST_LIST) if isinstance(end, int) else 0
    ref = call.make(call.returned, "range")
    for number in range(count):
        one = call.heap.get(source, f"[{start + number}")
        if one is not None:
            call.heap.put(ref, f"[{number}", one)
    rest = call.heap.get(source, "[*")
    if rest is not None:
        call.heap.put(ref, "[*", rest)
    call.heap.put(ref, "#length", constant(count))
    return call.give(ref)


def array_text(call: "Call") -> Value:
    """Arrays.toString and relatives."""
    value = all_elements(call, call.arg(0))
    return unknown(call.step(text_of(call, value).marks))


def fill(call: "Call") -> Value:
    """Arrays.fill."""
    call.heap.put_all(call.arg(0).refs, "[*", call.rest[-1], weak=True)
    return NOTHING


# -- keyed containers


def for_each(call: "Call") -> Value:
    """Call an app function with every element."""
    from scanner.static.flow.models_tasks import run_function  # noqa: PLC0415 - cycle

    run_function(call, call.rest[-1] if call.rest else UNKNOWN, [all_elements(call, call.this)] * 2)
    return NOTHING


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "list-init": list_init,
    "list-add": list_add,
    "list-push": list_push,
    "list-get": list_get,
    "list-first": list_first,
    "list-last": list_last,
    "list-take": list_take,
    "list-remove": list_remove,
    "list-take-last": list_take_last,
    "array-range": array_range,
    "list-set": list_set,
    "clear": clear,
    "size": size_of,
    "add-all": add_all,
    "view": view,
    "keys": keys,
    "any": any_element,
    "any-of": take_from,
    "clone": clone,
    "array-copy": array_copy,
    "array-of": array_of,
    "array-text": array_text,
    "array-fill": fill,
    "for-each": for_each,
}


def element_values(call: "Call", value: Value) -> list[Value]:
    """Return the elements of an argument array, in order, as far as its length is known."""
    if len(value.refs) != 1:
        return []
    ref = next(iter(value.refs))
    length = call.heap.get(ref, "#length")
    count = length.single if length is not None else None
    if not isinstance(count, int) or not 0 <= count <= _MOST_LIST:
        return []
    return [call.heap.get(ref, f"[{n}") or call.heap.get(ref, "[*") or NULL for n in range(count)]

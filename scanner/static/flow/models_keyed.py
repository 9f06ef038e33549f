"""Models of maps and other keyed containers: intent extras, bundles, preferences, JSON."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.static.flow.heap import STATICS
from scanner.static.flow.models_text import text_of
from scanner.static.flow.values import (
    NOTHING,
    NULL,
    UNKNOWN,
    Value,
    join,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

_MOST_LIST = 40


def key_of(call: "Call", number: int = 0) -> str | None:
    """Return the key that an argument is, None when it is not constant."""
    value = text_of(call, call.arg(number))
    one = value.single
    return str(one) if isinstance(one, str | int) and one != "null" else None


def put(call: "Call") -> Value:
    """Store a value under a key."""
    key = key_of(call)
    value = call.rest[1] if len(call.rest) > 1 else UNKNOWN
    value = value.marked(call.step(value.marks, "" if key is not None else "any-key"))
    for ref in sorted(call.this.refs):
        store(call, ref, key, value)
        if call.rest and call.arg(0).marks:
            call.heap.put(ref, "^keys", unknown(call.arg(0).marks), weak=True)
    fluent = call.returned not in ("V", "Ljava/lang/Object;")
    return call.this if fluent and call.returned[:1] == "L" else UNKNOWN


def store(call: "Call", ref: int, key: str | None, value: Value) -> None:
    """Store a value under a key of one object; shared stores are kept app-wide."""
    weak = len(call.this.refs) > 1
    shared = call.heap.get(ref, "^store")
    names = [shared.single] if shared is not None else [None]
    for name in names:
        if isinstance(name, str):
            call.heap.put(STATICS, "{" + name + "/" + (key or "*"), value, weak=key is None)
    if shared is None:
        call.heap.put(ref, "{" + (key if key is not None else "*"), value, weak=weak or key is None)


def get(call: "Call") -> Value:
    """Read what is stored under a key, or the default given second."""
    key = key_of(call)
    value = unknown(call.this.marks) if call.this.unknown or not call.this.refs else NOTHING
    for ref in sorted(call.this.refs):
        value = join(value, load(call, ref, key))
    if (len(call.rest) > 1 and call.returned == call.ref.descriptor[1:-1].split(";")[-1]) or len(
        call.rest
    ) > 1:
        value = join(value, call.rest[-1])
    return value.marked(call.step(value.marks))


def load(call: "Call", ref: int, key: str | None) -> Value:
    """Read what one object holds under a key."""
    shared = call.heap.get(ref, "^store")
    where, prefix = ref, "{"
    if shared is not None and isinstance(shared.single, str):
        where, prefix = STATICS, "{" + shared.single + "/"
    value = call.heap.get(where, prefix + "*") or NOTHING
    if key is None:
        for _, one in call.heap.fields(where, prefix):
            value = join(value, one)
    else:
        value = join(value, call.heap.get(where, prefix + key) or NOTHING)
    content = call.heap.get(ref, "$content")
    if content is not None:
        value = join(value, Value(None, content.refs, content.marks))
    thing = call.machine.things[ref]
    if value is NOTHING:
        return NULL if thing.fresh and shared is None else UNKNOWN
    return value if shared is None else join(value, NULL)


def remove(call: "Call") -> Value:
    """Remove a key."""
    value = get(call)
    key = key_of(call)
    if key is not None and len(call.this.refs) == 1:
        for ref in call.this.refs:
            fields = call.heap.objects.get(ref, {})
            if "{" + key in fields:
                call.heap.objects[ref] = {k: v for k, v in fields.items() if k != "{" + key}
    return value


def put_all(call: "Call") -> Value:
    """Store all that another keyed container holds."""
    for ref in sorted(call.this.refs):
        for source in sorted(call.arg(0).refs):
            for name, value in call.heap.fields(source, "{"):
                call.heap.put(ref, name, value, weak=len(call.arg(0).refs) > 1)
            content = call.heap.get(source, "$content")
            if content is not None:
                call.heap.put(ref, "$content", content, weak=True)
        if call.arg(0).marks:
            call.heap.put(ref, "$content", unknown(call.arg(0).marks), weak=True)
    return call.this


def put_bundle(call: "Call") -> Value:
    """Store a container under a key, or merge it when no key is given."""
    return put(call) if len(call.rest) > 1 else put_all(call)


def keyed_init(call: "Call") -> Value:
    """Make a keyed container, with what another holds."""
    if call.rest and call.arg(0).refs:
        put_all(call)
    return NOTHING


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "put": put,
    "get": get,
    "remove": remove,
    "put-all": put_all,
    "put-bundle": put_bundle,
    "keyed-init": keyed_init,
}

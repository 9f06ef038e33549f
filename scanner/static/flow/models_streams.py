"""Models of files, streams, parcels and formatters: what is written can be read again."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from scanner.static.flow.heap import STATICS
from scanner.static.flow.models_text import TEXT, all_marks, format_text, text_of
from scanner.static.flow.program import parameters
from scanner.static.flow.values import (
    NO_MARKS,
    NO_REFS,
    NOTHING,
    UNKNOWN,
    Value,
    constant,
    join,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

_INTENT: Final = "Landroid/content/Intent;"
_DEPTH = 5
_LISTENERS: Final = ("Listener", "Callback", "Observer", "Handler")


def file_stream(call: "Call") -> Value:
    """Open a file by name for reading or writing."""
    ref = call.make(call.returned)
    _open(call, ref)
    return call.give(ref)


def file_stream_init(call: "Call") -> Value:
    """Open a file stream by constructor."""
    for ref in sorted(call.this.refs):
        _open(call, ref)
    return NOTHING


def _open(call: "Call", ref: int) -> None:
    name = text_of(call, call.arg(0)).single
    base = name.rpartition("/")[2] if isinstance(name, str) else "?"
    call.heap.put(ref, "^store", constant(f"file:{base}"))
    call.heap.put(ref, "^medium", constant("file"))


def file_init(call: "Call") -> Value:
    """Make a file: its text is its path."""
    value = text_of(call, call.rest[-1]) if call.rest else UNKNOWN
    call.heap.put_all(call.this.refs, "$text", value)
    return NOTHING


def medium(name: str) -> "Callable[[Call], Value]":
    """Return a model that opens a stream to somewhere."""

    def open_stream(call: "Call") -> Value:
        ref = call.make(call.returned)
        call.heap.put(ref, "^medium", constant(name))
        call.heap.put(ref, "^target", call.this)
        return call.give(ref)

    return open_stream


def memory_init(call: "Call") -> Value:
    """Make a stream or writer into memory, or a reader of an array or text."""
    for ref in sorted(call.this.refs):
        call.heap.put(ref, "^medium", constant("memory"))
        if call.rest:
            call.heap.put(ref, "$content", _everything(call, call.arg(0)))
    return NOTHING


def wrap_init(call: "Call") -> Value:
    """Make a stream around another, or something of given parts."""
    for ref in sorted(call.this.refs):
        if call.rest and call.arg(0).refs:
            call.heap.put(ref, "^target", call.arg(0))
        elif call.rest and call.ref.descriptor.startswith("(Ljava/lang/String;"):
            _open(call, ref)
        marks = all_marks(call)
        if marks:
            call.heap.put(ref, "$content", unknown(marks))
    return NOTHING


def _everything(call: "Call", value: Value) -> Value:
    """Return what an array, text or stream holds, as one value."""
    result = Value(
        None if value.unknown or value.constants else NOTHING.constants, NO_REFS, value.marks
    )
    for ref in sorted(value.refs):
        for name, inner in call.heap.fields(ref):
            if name[0] in "[{$":
                result = join(result, inner)
    return result


def write(call: "Call") -> Value:
    """Write into a stream, parcel or digest; returns the receiver when that is the result type."""
    content = NOTHING
    for value in call.rest:
        if value.marks or value.refs:
            content = join(content, _handed(call, value))
    content = content.marked(call.step(content.marks))
    _pour(call, call.this, content, _DEPTH)
    fluent = call.returned[:1] == "L" and call.this.refs
    return call.this if fluent else unknown(content.marks if call.returned != "V" else NO_MARKS)


def _handed(call: "Call", value: Value) -> Value:
    plain = [r for r in value.refs if not call.machine.program.is_app(call.machine.things[r].cls)]
    inner = _everything(call, Value(frozenset(), frozenset(plain)))
    apps = frozenset(value.refs) - frozenset(plain)
    return join(Value(None, apps, value.marks), inner)


def _pour(call: "Call", into: Value, content: Value, depth: int) -> None:
    for ref in sorted(into.refs):
        if call.machine.things[ref].component:
            continue
        store = call.heap.get(ref, "^store")
        target = call.heap.get(ref, "^target")
        if store is not None and isinstance(store.single, str):
            call.heap.put(STATICS, "{" + store.single + "/data", content, weak=True)
        elif _opened(call, ref):
            call.heap.put(ref, "$content", content, weak=True)
        elif target is not None and target.refs and depth:
            _pour(call, target, content, depth - 1)
        elif call.heap.get(ref, TEXT) is not None:
            call.heap.put(ref, TEXT, unknown(content.marks), weak=True)
        else:
            call.heap.put(ref, "$content", content, weak=True)


def _opened(call: "Call", ref: int) -> bool:
    """Return whether a stream leads out: what it was opened from does not take the data up."""
    medium = call.heap.get(ref, "^medium")
    return medium is not None and medium.single in ("network", "other")


def _drain(call: "Call", value: Value, depth: int) -> Value:
    result = Value(None, NO_REFS, value.marks) if value.unknown or value.marks else NOTHING
    for ref in sorted(value.refs):
        store = call.heap.get(ref, "^store")
        target = call.heap.get(ref, "^target")
        if store is not None and isinstance(store.single, str):
            result = join(result, call.heap.get(STATICS, "{" + store.single + "/data") or NOTHING)
        if target is not None and depth:
            result = join(result, _drain(call, target, depth - 1))
        result = join(result, _everything(call, call.give(ref)))
    return result


def read(call: "Call") -> Value:
    """Read from a stream or parcel: as result, and into an array given first."""
    content = _drain(call, call.this, _DEPTH)
    content = Value(None, content.refs, call.step(content.marks))
    for kind, value in zip(parameters(call.ref.descriptor), call.rest, strict=False):
        if kind.startswith("["):
            call.heap.put_all(value.refs, "[*", unknown(content.marks), weak=True)
    if call.returned.startswith("["):
        ref = call.make(call.returned)
        call.heap.put(ref, "$content", content)
        return call.give(ref)
    if call.returned == "Ljava/lang/String;" or call.returned[:1] != "L":
        return unknown(content.marks)
    return content


def format_into(call: "Call") -> Value:
    """Formatter.format: into what the formatter was made with."""
    result = format_text(call)
    _pour(call, call.this, unknown(result.marks), _DEPTH)
    return call.this


def read_text(call: "Call") -> Value:
    """Return what a stream or writer in memory holds, as a text."""
    return unknown(call.step(_drain(call, call.this, _DEPTH).marks))


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "file-stream": file_stream,
    "file-stream-init": file_stream_init,
    "file-init": file_init,
    "net-stream": medium("network"),
    "other-stream": medium("other"),
    "memory-init": memory_init,
    "wrap-init": wrap_init,
    "write": write,
    "read": read,
    "format-into": format_into,
    "read-text": read_text,
}

"""Models of intents, preferences, files, streams, messages, views and other platform objects."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from scanner.static.flow.app_wide import add_app_wide
from scanner.static.flow.models_intents import copy_fields, register
from scanner.static.flow.models_keyed import put_all
from scanner.static.flow.models_tasks import escape
from scanner.static.flow.models_text import all_marks, text_of
from scanner.static.flow.program import parameters
from scanner.static.flow.values import (
    NO_MARKS,
    NO_REFS,
    NOTHING,
    NULL,
    UNKNOWN,
    Marks,
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


# -- intents


# -- views


def find_view(call: "Call") -> Value:
    """findViewById: one object per component and number."""
    number = call.arg(0).single
    cls = call.returned
    key = ("view", call.world.current, number if isinstance(number, int) else "any")
    thing = call.machine.things.add(key, cls, weak=not isinstance(number, int), fresh=False)
    call.heap.adopt(thing)
    add_app_wide(call.heap, f"views {call.world.current}", call.give(thing.number))
    return call.give(thing.number)


def application(call: "Call") -> Value:
    """getApplication, getApplicationContext."""
    name = call.world.facts.application_class
    if not name:
        return UNKNOWN
    cls = f"L{name.replace('.', '/')};"
    if not call.machine.program.is_app(cls):
        return UNKNOWN
    ref = call.world.component(call.machine.things, cls)
    call.heap.objects.setdefault(ref, {})
    return call.give(ref)


def package_name(call: "Call") -> Value:
    """Return the app's own package name."""
    return constant(call.world.facts.package)


def host(call: "Call") -> Value:
    """Return the activity around a fragment, the context around a component."""
    cls = call.world.current
    if not cls or cls not in call.world.components:
        return UNKNOWN
    ref = call.world.component(call.machine.things, cls)
    call.heap.objects.setdefault(ref, {})
    return call.give(ref)


# -- preferences and files


def preferences(call: "Call") -> Value:
    """Return a preferences object: one store per name."""
    name, mode = "default", NOTHING
    if call.ref.name in ("getSharedPreferences", "<init>"):
        found = text_of(call, call.arg(0)).single
        name, mode = (found if isinstance(found, str) else "?"), call.arg(1)
    thing = call.machine.things.add(
        ("preferences", name), "Landroid/content/SharedPreferences;", fresh=False
    )
    ref = call.heap.adopt(thing)
    call.heap.put(ref, "^store", constant(f"prefs:{name}"))
    call.heap.put(ref, "^mode", mode if mode.constants else NULL)
    add_app_wide(call.heap, "preferences", call.give(ref))
    return call.give(ref)


# -- messages


def message(call: "Call") -> Value:
    """Message.obtain and Handler.obtainMessage, with what the arguments set."""
    ref = call.make("Landroid/os/Message;")
    kinds = parameters(call.ref.descriptor)
    numbers = [v for k, v in zip(kinds, call.rest, strict=False) if k == "I"]
    for name, value in zip(("what", "arg1", "arg2"), numbers, strict=False):
        call.heap.put(ref, name, value)
    for kind, value in zip(kinds, call.rest, strict=False):
        if kind == "Ljava/lang/Object;":
            call.heap.put(ref, "obj", value)
        elif kind == "Landroid/os/Handler;":
            call.heap.put(ref, "^handler", value)
        elif kind == "Landroid/os/Message;":
            copy_fields(call, value, ref)
        elif kind == "Ljava/lang/Runnable;":
            call.heap.put(ref, "^run", value)
    if call.ref.name == "obtainMessage":
        call.heap.put(ref, "^handler", call.this)
    return call.give(ref)


def message_data(call: "Call") -> Value:
    """Message.getData, setData: the bundle is kept in the message."""
    if call.rest:
        return put_all(call)
    return call.this


# -- content providers and settings


def query(call: "Call") -> Value:
    """ContentResolver.query: personal data when the address is one of the catalogue's."""
    uri = text_of(call, call.arg(0))
    ref = call.make("Landroid/database/Cursor;")
    for one in sorted(str(c) for c in uri.constants or ()):
        source = call.world.source_of_uri(one)
        if source is not None:
            marked = call.calls.mark_result(call, UNKNOWN, source)
            call.heap.put(ref, "$content", marked, weak=True)
    call.heap.put(ref, "$content", unknown(uri.marks), weak=True)
    return call.give(ref)


def setting(call: "Call") -> Value:
    """Settings.*.getString: personal data when the key is one of the catalogue's."""
    key = text_of(call, call.arg(1)).single
    source = call.calls.framework.settings.get(str(key)) if key is not None else None
    return UNKNOWN if source is None else call.calls.mark_result(call, UNKNOWN, source)


def uri(call: "Call") -> Value:
    """Uri.parse and relatives: the address as a text."""
    value = text_of(call, call.arg(0)) if call.static else text_of(call, call.this)
    if call.rest and not call.static:
        return Value(value.constants, NO_REFS, value.marks | all_marks(call))
    return value


# -- anything else


def default(call: "Call") -> Value:
    """Carry out a framework method without a model.

    `setX(v)` keeps v as the property X of a framework object and `getX()` reads it; a constructor
    and any other method leave the data of the arguments in a framework object; the result carries
    the data of receiver and arguments. Objects of the app that are handed over may be called back.
    """
    name = call.ref.name
    setter = name.startswith("set") and len(call.rest) > 0
    if setter and len(call.rest) == 1 and name.endswith(_LISTENERS):
        return register(call)
    for value in call.rest:
        if value.refs:
            escape(call, value)
    carriers = [r for r in sorted(call.this.refs) if _carries(call, r)]
    keepers = [r for r in sorted(call.this.refs) if _keeps(call, r)]
    if setter:
        return _set_property(call, keepers)
    if name.startswith(("get", "is")) and not call.rest and call.this.refs:
        return _get_property(call, keepers)
    return _mix(call, carriers)


def _mix(call: "Call", carriers: list[int]) -> Value:
    """Leave the data of the arguments in the receiver, and of both in the result."""
    added: Marks = NO_MARKS
    for value in call.rest:
        added = added | _data(call, value)
    added = call.step(added)
    if added:
        for ref in carriers:
            call.heap.put(ref, "$content", unknown(added), weak=True)
    if call.returned in ("V", "Z"):
        return UNKNOWN if call.returned == "Z" else NOTHING
    if call.returned == call.cls and call.this.refs and not call.static:
        return call.this
    held = Value(frozenset(), frozenset(carriers), call.this.marks)
    return unknown(call.step(call.heap.deep_marks(held, into_app=False)) | added)


def _data(call: "Call", value: Value) -> Marks:
    return value.marks | call.heap.deep_marks(value, into_app=False)


def _carries(call: "Call", ref: int) -> bool:
    thing = call.machine.things[ref]
    return not thing.component and not call.calls.framework.is_context(thing.cls)


def _keeps(call: "Call", ref: int) -> bool:
    """Return whether an object keeps properties: fragments do, components and services do not."""
    thing = call.machine.things[ref]
    own = call.calls.program.is_app(thing.cls)
    return not thing.component and (own or not call.calls.framework.is_context(thing.cls))


def _property(name: str) -> str:
    for prefix in ("set", "get", "is"):
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name


def _set_property(call: "Call", carriers: list[int]) -> Value:
    value = (
        call.rest[-1]
        if len(call.rest) == 1
        else unknown(frozenset().union(*(_data(call, v) for v in call.rest)))
    )
    value = value.marked(call.step(value.marks))
    for ref in carriers:
        call.heap.put(ref, f"$p:{_property(call.ref.name)}", value, weak=len(carriers) > 1)
    return call.this if call.returned[:1] == "L" and call.this.refs else UNKNOWN


def _get_property(call: "Call", carriers: list[int]) -> Value:
    result = unknown(call.this.marks) if not carriers else NOTHING
    for ref in carriers:
        known = call.heap.get(ref, f"$p:{_property(call.ref.name)}")
        content = call.heap.get(ref, "$content")
        if known is None:
            known = UNKNOWN
        result = join(result, known if content is None else known.with_marks(content.marks))
    return result.marked(call.step(result.marks | call.this.marks))


def nested_array(call: "Call") -> Value:
    """Array.newInstance: an array of arrays for each dimension, elements not told apart."""
    cls = "[" * (2 if len(call.rest) > 1 and call.arg(1).refs else 1) + "Ljava/lang/Object;"
    outer = call.make(cls)
    if cls.startswith("[["):
        inner = call.make(cls[1:], "inner")
        call.heap.put(inner, "#length", UNKNOWN)
        call.heap.put(outer, "[*", call.give(inner))
    call.heap.put(outer, "#length", UNKNOWN)
    return call.give(outer)


def make(call: "Call") -> Value:
    """Return a new object, as factories do."""
    return call.give(call.make(call.returned))


def hold(call: "Call") -> Value:
    """Put a value into a reference that holds one."""
    value = call.rest[-1] if call.rest else NULL
    call.heap.put_all(call.this.refs, "$held", value)
    return UNKNOWN


def held(call: "Call") -> Value:
    """Return what a reference holds."""
    result = unknown(call.this.marks) if not call.this.refs else NOTHING
    for ref in sorted(call.this.refs):
        result = join(result, call.heap.get(ref, "$held") or UNKNOWN)
    return result


def argument(call: "Call") -> Value:
    """Return the first argument as it is."""
    return call.arg(0)


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "default": default,
    "find-view": find_view,
    "application": application,
    "host": host,
    "package-name": package_name,
    "preferences": preferences,
    "nested-array": nested_array,
    "make": make,
    "hold": hold,
    "held": held,
    "copy-arg": argument,
    "any-arg": argument,
    "message": message,
    "message-data": message_data,
    "query": query,
    "setting": setting,
    "uri": uri,
}

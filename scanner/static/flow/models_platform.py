"""Models of intents, preferences, files, streams, messages, views and other platform objects."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from scanner.static.flow.heap import STATICS
from scanner.static.flow.models_collections import put_all
from scanner.static.flow.models_tasks import escape
from scanner.static.flow.models_text import TEXT, all_marks, format_text, text_of
from scanner.static.flow.program import parameters
from scanner.static.flow.values import (
    NO_REFS,
    NOTHING,
    NULL,
    UNKNOWN,
    ClassName,
    Constant,
    Value,
    constant,
    constants,
    join,
    unknown,
)
from scanner.static.flow.world import add_app_wide, app_wide, class_constant, without

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

_INTENT: Final = "Landroid/content/Intent;"
_DEPTH = 5
_LISTENERS: Final = ("Listener", "Callback", "Observer", "Handler")


# -- intents


def intent_init(call: "Call") -> Value:
    """Make an intent: from a class, an action, or another intent."""
    for kind, value in zip(parameters(call.ref.descriptor), call.rest, strict=False):
        for ref in sorted(call.this.refs):
            if kind == "Ljava/lang/Class;":
                call.heap.put(ref, "^component", value)
            elif kind == "Ljava/lang/String;":
                call.heap.put(ref, "$p:Action", value)
            elif kind == "Landroid/net/Uri;":
                call.heap.put(ref, "$p:Data", value)
            elif kind == _INTENT:
                _copy_intent(call, value, ref)
    return NOTHING


def _copy_intent(call: "Call", source: Value, target: int) -> None:
    for one in sorted(source.refs):
        for name, value in call.heap.fields(one):
            call.heap.put(target, name, value)


def set_class(call: "Call") -> Value:
    """setClass, setClassName, setComponent."""
    value = call.rest[-1] if call.rest else UNKNOWN
    component = Value()
    for ref in sorted(value.refs):
        component = join(component, call.heap.get(ref, "^component") or UNKNOWN)
    if not value.refs:
        component = (
            value
            if any(isinstance(c, ClassName) for c in value.constants or ())
            else (text_of(call, value))
        )
    call.heap.put_all(call.this.refs, "^component", component.without_marks())
    return call.this


def component_init(call: "Call") -> Value:
    """New ComponentName."""
    value = call.rest[-1] if call.rest else UNKNOWN
    call.heap.put_all(call.this.refs, "^component", value.without_marks())
    return NOTHING


def class_of_intent(call: "Call") -> Value:
    """Intent.getComponent."""
    ref = call.make("Landroid/content/ComponentName;")
    call.heap.put(ref, "^component", UNKNOWN)
    return call.give(ref)


def extras(call: "Call") -> Value:
    """Intent.getExtras: the extras are kept in the intent itself."""
    return call.this


def start(call: "Call") -> Value:
    """Start components: each target gets the intent."""
    intent = _first_intent(call)
    for ref in sorted(intent.refs):
        classes, outside = call.world.targets(call, ref)
        for cls in sorted(classes):
            add_app_wide(call.heap, f"intent {cls}", call.give(ref))
            if call.ref.name == "startActivityForResult":
                _expect(call, class_constant(cls))
        if outside:
            _expect(call, constant("foreign"))
    if not intent.refs:
        _expect(call, constant("foreign"))
    return UNKNOWN


def _expect(call: "Call", value: Value) -> None:
    if "ForResult" in call.ref.name:
        add_app_wide(call.heap, f"expects {call.world.current}", value)


def _first_intent(call: "Call") -> Value:
    for kind, value in zip(parameters(call.ref.descriptor), call.rest, strict=False):
        if kind == _INTENT:
            return value
    return UNKNOWN


def get_intent(call: "Call") -> Value:
    """Activity.getIntent: what other components of the app sent, or one from outside."""
    sent = app_wide(call.heap, f"intent {call.world.current}")
    own = call.machine.things.add(("own intent", call.world.current), _INTENT, fresh=False)
    call.heap.adopt(own)
    return join(sent, call.give(own.number))


def set_result(call: "Call") -> Value:
    """Activity.setResult."""
    if len(call.rest) > 1:
        add_app_wide(call.heap, f"result {call.world.current}", call.arg(1))
    return NOTHING


def broadcast(call: "Call") -> Value:
    """Send a broadcast: receivers of the manifest get it later, registered ones at once."""
    intent = _first_intent(call)
    for ref in sorted(intent.refs):
        classes, _ = call.world.targets(call, ref)
        for cls in sorted(classes):
            add_app_wide(call.heap, f"intent {cls}", call.give(ref))
        for receiver in call.world.receivers(call, ref):
            before = call.heap.copy()
            call.run(receiver, "onReceive", [UNKNOWN, call.give(ref)])
            from scanner.static.flow.heap import join_heaps  # noqa: PLC0415 - short name clash

            call.heap.become(join_heaps(call.heap, before))
    return NOTHING


def register_receiver(call: "Call") -> Value:
    """Register a broadcast receiver with a filter."""
    receiver, chosen = call.arg(0), call.arg(1)
    actions: Value | None = None
    for ref in sorted(chosen.refs):
        known = call.heap.get(ref, "^actions") or UNKNOWN
        actions = known if actions is None else join(actions, known)
    for ref in sorted(receiver.refs):
        call.heap.put(ref, "^actions", actions or UNKNOWN)
    add_app_wide(call.heap, "receivers", Value(frozenset(), receiver.refs))
    escape(call, receiver)
    return unknown()


def unregister_receiver(call: "Call") -> Value:
    """Forget a registered receiver."""
    known = app_wide(call.heap, "receivers")
    call.heap.put(STATICS, "^receivers", without(known, call.arg(0).refs))
    return unregister(call)


def add_action(call: "Call") -> Value:
    """IntentFilter: constructor and addAction."""
    action = call.arg(0)
    for ref in sorted(call.this.refs):
        known = call.heap.get(ref, "^actions")
        if call.rest:
            call.heap.put(ref, "^actions", action if known is None else join(known, action))
    return NOTHING


def register(call: "Call") -> Value:
    """Hand a listener to the framework; an earlier one of the same setter is replaced."""
    listeners = [v for v in call.rest if v.refs]
    if call.ref.name.startswith("set") and len(call.rest) == 1 and call.this.refs:
        for ref in call.this.refs:
            earlier = call.heap.get(ref, f"^{call.ref.name}")
            if earlier is not None and len(call.this.refs) == 1:
                _forget(call, earlier.refs - call.rest[0].refs)
            call.heap.put(ref, f"^{call.ref.name}", call.rest[0])
    for value in listeners:
        escape(call, value)
    return unknown()


def unregister(call: "Call") -> Value:
    """Take listeners back."""
    for value in call.rest:
        _forget(call, value.refs)
    return NOTHING


def _forget(call: "Call", refs: frozenset[int]) -> None:
    for ref, fields in list(call.heap.objects.items()):
        known = fields.get("^callbacks")
        if known is not None and known.refs & refs:
            call.heap.objects[ref] = {**fields, "^callbacks": without(known, refs)}


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


def host(call: "Call") -> Value:
    """The activity around a fragment, the context around a component."""
    cls = call.world.current
    if not cls or cls not in call.world.components:
        return UNKNOWN
    ref = call.world.component(call.machine.things, cls)
    call.heap.objects.setdefault(ref, {})
    return call.give(ref)


# -- preferences and files


def preferences(call: "Call") -> Value:
    """A preferences object: one store per name."""
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


def file_stream(call: "Call") -> Value:
    """Open a file by name for reading or writing."""
    ref = call.make(call.returned)
    _open(call, ref)
    return call.give(ref)


def file_stream_init(call: "Call") -> Value:
    """New FileOutputStream and relatives."""
    for ref in sorted(call.this.refs):
        _open(call, ref)
    return NOTHING


def _open(call: "Call", ref: int) -> None:
    name = text_of(call, call.arg(0)).single
    base = name.rpartition("/")[2] if isinstance(name, str) else "?"
    call.heap.put(ref, "^store", constant(f"file:{base}"))
    call.heap.put(ref, "^medium", constant("file"))


def file_init(call: "Call") -> Value:
    """New File: its text is its path."""
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
    """A stream or writer into memory, or a reader of a given array or text."""
    for ref in sorted(call.this.refs):
        call.heap.put(ref, "^medium", constant("memory"))
        if call.rest:
            call.heap.put(ref, "$content", _everything(call, call.arg(0)))
    return NOTHING


def wrap_init(call: "Call") -> Value:
    """A stream around another, or something made of given parts."""
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
    content = Value(content.constants, content.refs, call.step(content.marks))
    _pour(call, call.this, content, _DEPTH)
    fluent = call.returned[:1] == "L" and call.this.refs
    return call.this if fluent else unknown(content.marks if call.returned != "V" else NO_MARKS_)


NO_MARKS_: Final = NOTHING.marks


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
        elif target is not None and target.refs and depth:
            _pour(call, target, content, depth - 1)
        elif call.heap.get(ref, TEXT) is not None:
            call.heap.put(ref, TEXT, unknown(content.marks), weak=True)
        else:
            call.heap.put(ref, "$content", content, weak=True)


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


def typed_read(call: "Call") -> Value:
    """Parcel.readParcelable and createTypedArray: what was written, also through a creator."""
    return read(call)


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
            _copy_intent(call, value, ref)
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
    """A framework method without a model.

    `setX(v)` keeps v as the property X of a framework object and `getX()` reads it; a constructor
    and any other method leave the data of the arguments in a framework object; the result carries
    the data of receiver and arguments. Objects of the app that are handed over may be called back.
    """
    name = call.ref.name
    listens = name.startswith("set") and name.endswith(_LISTENERS)
    for value in call.rest:
        if value.refs and not listens:
            escape(call, value)
    carriers = [r for r in sorted(call.this.refs) if _carries(call, r)]
    if name.startswith("set") and len(call.rest) == 1 and name.endswith(_LISTENERS):
        return register(call)
    if name.startswith("set") and len(call.rest) >= 1:
        return _set_property(call, carriers)
    if name.startswith(("get", "is")) and not call.rest and call.this.refs:
        return _get_property(call, carriers)
    added = call.step(frozenset().union(*(_data(call, v) for v in call.rest)))
    if added:
        for ref in carriers:
            call.heap.put(ref, "$content", unknown(added), weak=True)
    if call.returned in ("V", "Z"):
        return UNKNOWN if call.returned == "Z" else NOTHING
    if call.returned == call.cls and call.this.refs and not call.static:
        return call.this
    own = call.this.marks | call.heap.deep_marks(
        Value(frozenset(), frozenset(carriers)), into_app=False
    )
    return unknown(call.step(own) | added)


def _data(call: "Call", value: Value) -> frozenset:  # type: ignore[type-arg]
    return value.marks | call.heap.deep_marks(value, into_app=False)


def _carries(call: "Call", ref: int) -> bool:
    thing = call.machine.things[ref]
    return not thing.component and not call.calls.framework.is_context(thing.cls)


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
    value = Value(value.constants, value.refs, call.step(value.marks))
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
    return Value(result.constants, result.refs, call.step(result.marks | call.this.marks))


def known_constants(values: set[Constant]) -> Value:
    """Return a choice of constants."""
    return constants(values)


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


def format_into(call: "Call") -> Value:
    """Formatter.format: into what the formatter was made with."""
    result = format_text(call)
    _pour(call, call.this, unknown(result.marks), _DEPTH)
    return call.this


def make(call: "Call") -> Value:
    """A factory that returns a new object."""
    return call.give(call.make(call.returned))


def hold(call: "Call") -> Value:
    """A reference that holds one value."""
    value = call.rest[-1] if call.rest else NULL
    call.heap.put_all(call.this.refs, "$held", value)
    return UNKNOWN


def held(call: "Call") -> Value:
    """What a reference holds."""
    result = unknown(call.this.marks) if not call.this.refs else NOTHING
    for ref in sorted(call.this.refs):
        result = join(result, call.heap.get(ref, "$held") or UNKNOWN)
    return result


def argument(call: "Call") -> Value:
    """The first argument as it is."""
    return call.arg(0)


def read_text(call: "Call") -> Value:
    """What a stream or writer in memory holds, as a text."""
    return unknown(call.step(_drain(call, call.this, _DEPTH).marks))


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "default": default,
    "intent-init": intent_init,
    "set-class": set_class,
    "component-init": component_init,
    "class-of-intent": class_of_intent,
    "extras": extras,
    "start": start,
    "get-intent": get_intent,
    "set-result": set_result,
    "broadcast": broadcast,
    "register-receiver": register_receiver,
    "unregister-receiver": unregister_receiver,
    "add-action": add_action,
    "register": register,
    "unregister": unregister,
    "find-view": find_view,
    "application": application,
    "host": host,
    "preferences": preferences,
    "file-stream": file_stream,
    "file-stream-init": file_stream_init,
    "file-init": file_init,
    "net-stream": medium("network"),
    "other-stream": medium("other"),
    "memory-init": memory_init,
    "wrap-init": wrap_init,
    "write": write,
    "read": read,
    "nested-array": nested_array,
    "format-into": format_into,
    "make": make,
    "hold": hold,
    "held": held,
    "copy-arg": argument,
    "any-arg": argument,
    "read-text": read_text,
    "message": message,
    "message-data": message_data,
    "query": query,
    "setting": setting,
    "uri": uri,
}

"""Models of intents, results, broadcasts and listeners."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from scanner.static.flow.app_wide import add_app_wide, app_wide, class_constant, without
from scanner.static.flow.heap import STATICS
from scanner.static.flow.models_tasks import escape
from scanner.static.flow.models_text import text_of
from scanner.static.flow.program import parameters
from scanner.static.flow.values import (
    NOTHING,
    UNKNOWN,
    ClassName,
    Value,
    constant,
    join,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

_INTENT: Final = "Landroid/content/Intent;"
_DEPTH = 5
_NOT_EXPORTED: Final = 4
"""Context.RECEIVER_NOT_EXPORTED"""
_LISTENERS: Final = ("Listener", "Callback", "Observer", "Handler")


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
                copy_fields(call, value, ref)
    return NOTHING


def copy_fields(call: "Call", source: Value, target: int) -> None:
    """Copy all fields of objects into another."""
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
    """Make a component name."""
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
        code = call.arg(1).without_marks()
        add_app_wide(call.heap, f"asked {call.world.current}", code)


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
    guard = _senders(call)
    for ref in sorted(receiver.refs):
        call.heap.put(ref, "^actions", actions or UNKNOWN)
        if guard is not None:
            call.heap.put(ref, "^senders", constant(guard))
    add_app_wide(call.heap, "receivers", Value(frozenset(), receiver.refs))
    escape(call, receiver)
    return unknown()


def _senders(call: "Call") -> str | None:
    """Return the permission that senders must hold, empty for none; None when only the app itself
    may send, or when that is not known.
    """
    if call.world.framework.is_kind(call.cls, "broadcasts"):
        return None
    guard = ""
    for kind, value in zip(parameters(call.ref.descriptor), call.rest, strict=False):
        if kind == "I" and not (isinstance(value.single, int) and not value.single & _NOT_EXPORTED):
            return None
        if kind == "Ljava/lang/String;" and value.single != 0:
            asked = text_of(call, value).single
            if not isinstance(asked, str):
                return None
            guard = asked
    return guard


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


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
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
}

"""Who gets what leaves through a component: whoever called it, or any app that listens."""

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from profiles.model import Sink
from scanner.static.dex.text import java_name
from scanner.static.flow.app_wide import app_wide
from scanner.static.flow.heap import Heap
from scanner.static.flow.models_text import text_of
from scanner.static.flow.program import Method
from scanner.static.flow.values import Value

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call
    from scanner.static.flow.world import World

Recipient: TypeAlias = Literal["", "caller", "receivers"]
MESSENGER: Final = "Landroid/os/Messenger;"
PARCEL: Final = "Landroid/os/Parcel;"
_MESSAGE: Final = "Landroid/os/Message;"
_REPLY_AT: Final = 2
"""Which parameter of `Binder.onTransact` takes the answer."""


class Outlet(NamedTuple):
    """The component (Java name) by which data leaves, and who gets it: `caller`, whoever called
    the component; `receivers`, every app that hears a broadcast. `guard` is the permission that the
    code asks of them, empty for none.
    """

    component: str = ""
    recipient: Recipient = ""
    guard: str = ""


NOWHERE: Final = Outlet()


def outlet(world: "World", call: "Call", sink: Sink) -> Outlet:
    """Return who gets what a sink call gives away; nobody in particular for most sinks."""
    rules = world.framework.points.rules
    if sink.id in rules.broadcasts:
        return _broadcast(world, call)
    if sink.id in rules.results or sink.id in rules.replies:
        return _caller(world, call)
    return NOWHERE


def leaving(world: "World", call: "Call", sink: Sink) -> str:
    """Return the kind of a sink call, empty when nothing leaves the app there. Answers leave only
    when other apps can ask for them. A broadcast for which the code registers a receiver is taken
    for a message of the app to itself, and followed into that receiver.
    """
    rules = world.framework.points.rules
    kind = world.framework.points.kinds.get(sink.kind, "other")
    if sink.id in rules.replies:
        return kind if answers(world, call) else ""
    if sink.id in rules.results and sink.id not in rules.inside:
        return kind if _caller(world, call).recipient else ""
    if sink.id in rules.broadcasts and outlet(world, call, sink).recipient:
        return "" if any(world.receivers(call, ref) for ref in call.arg(0).refs) else kind
    return world.leaving(call, sink)


def _caller(world: "World", call: "Call") -> Outlet:
    """Return the component that other apps can call and that makes the call: the receiver of a
    broadcast itself, else the one that runs (a fragment sets the result of its activity).
    """
    refs = sorted(call.this.refs)
    own = [cls for cls in (call.heap.things[ref].cls for ref in refs) if cls in world.components]
    receiver = world.framework.is_kind(call.cls, "broadcast-receiver")
    cls = own[0] if own else "" if receiver else world.current
    known = world.opened(cls)
    if known is not None:
        return Outlet(known.name, "caller")
    return _registered(call, refs) if receiver else NOWHERE


def _registered(call: "Call", refs: list[int]) -> Outlet:
    """Return the receiver that code has registered for broadcasts of other apps. The actions of the
    platform are its own to send.
    """
    for ref in refs:
        senders, actions = (call.heap.get(ref, slot) for slot in ("^senders", "^actions"))
        guard = senders.single if senders is not None else None
        texts = actions.constants if actions is not None else None
        if isinstance(guard, str) and any(not str(t).startswith("android.") for t in texts or ()):
            return Outlet(java_name(call.heap.things[ref].cls), "caller", guard)
    return NOWHERE


def _broadcast(world: "World", call: "Call") -> Outlet:
    guard = _guard(call)
    if guard is None or not any(goes_anywhere(call, ref) for ref in call.arg(0).refs):
        return NOWHERE
    known = world.components.get(world.current)
    return Outlet(known.name if known is not None else "", "receivers", guard)


def goes_anywhere(call: "Call", intent: int) -> bool:
    """Tell an intent that names neither a component nor a package: its action alone decides."""
    named = (call.heap.get(intent, slot) for slot in ("^component", "^package"))
    return all(one is None or one.single == 0 for one in named)


def _guard(call: "Call") -> str | None:
    """Return the permission that receivers must hold, empty for none, None when not known."""
    if "Intent;Ljava/lang/String;" not in call.ref.descriptor:
        return ""
    asked = call.arg(1)
    if asked.single == 0 and not asked.refs:
        return ""
    found = text_of(call, asked).single
    return found if isinstance(found, str) else None


# -- answers of bound services


def handed_out(world: "World", heap: Heap, value: Value) -> frozenset[int]:
    """Return what the platform may call once an open service has handed out a binder: the binder
    of the app, or the handler behind a messenger.
    """
    if not _serves(world):
        return frozenset()
    found = set(value.refs)
    for ref in value.refs:
        behind = heap.get(ref, "^handler")
        found |= behind.refs if behind is not None else frozenset()
    return frozenset(one for one in found if world.program.is_app(heap.things[one].cls))


def asked_with(world: "World", heap: Heap, method: Method, kind: str, number: int) -> int | None:
    """Return the object that other apps hand to an open service with a request: a message with the
    messenger for the answer, the parcel for the answer; None for any other parameter.
    """
    things = heap.things
    answer = kind == PARCEL and method.name == "onTransact" and number == _REPLY_AT
    if not (answer or kind == _MESSAGE) or not _serves(world):
        return None
    if answer:
        return heap.adopt(things.add(("answer", world.current), PARCEL, weak=True, fresh=False))
    if not any(heap.things[one].cls == MESSENGER for one in _binders(world, heap)):
        return None
    back = things.add(("answer to", world.current), MESSENGER, weak=True, fresh=False)
    message = things.add(("request", world.current), _MESSAGE, weak=True, fresh=False)
    heap.put(heap.adopt(message), "replyTo", Value(frozenset(), frozenset((heap.adopt(back),))))
    return message.number


def answers(world: "World", call: "Call") -> bool:
    """Tell a call on what an open service was handed for its answer."""
    keys = (("answer", world.current), ("answer to", world.current))
    found = (call.machine.things.known(key) for key in keys)
    return any(one is not None and one.number in call.this.refs for one in found)


def _serves(world: "World") -> bool:
    found = world.opened(world.current)
    return found is not None and found.kind == "service"


def _binders(world: "World", heap: Heap) -> frozenset[int]:
    return app_wide(heap, f"binders {world.current}").refs

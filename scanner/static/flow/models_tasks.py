"""Models of threads, handlers, executors and other things that run the app's code later."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.static.flow.heap import join_heaps
from scanner.static.flow.values import (
    NOTHING,
    UNKNOWN,
    Value,
    join,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

_DEPTH = 4


def escape(call: "Call", value: Value) -> None:
    """Note objects of the app that the framework got hold of: their callbacks may be called."""
    calls = call.calls
    found = frozenset(
        ref
        for ref in value.refs
        if not call.machine.things[ref].component
        and calls.world.callbacks(call.machine.things[ref].cls)
    )
    if not found:
        return
    owner = calls.world.owner(call.machine.things)
    known = call.heap.get(owner, "^callbacks")
    new = Value(frozenset(), found)
    call.heap.put(owner, "^callbacks", new if known is None else join(known, new))


def run_function(call: "Call", value: Value, args: list[Value]) -> Value:
    """Call the one method that an object of a functional type has."""
    result = NOTHING
    before = call.heap.copy()
    for ref in sorted(value.refs):
        call.heap.become(before)
        for method in call.world.callbacks(call.machine.things[ref].cls):
            result = join(result, call.run_method(method, [call.give(ref), *args]))
    call.heap.become(join_heaps(call.heap, before))
    return result


def start_thread(call: "Call") -> Value:
    """Thread.start: run() of the object itself, or of the Runnable it was made with."""
    _run_body(call, call.this, _DEPTH)
    return NOTHING


def _run_body(call: "Call", value: Value, depth: int) -> Value:
    """Run a task object now; it may also run later, or not yet."""
    result = NOTHING
    for ref in sorted(value.refs):
        cls = call.machine.things[ref].cls
        before = call.heap.copy()
        for name in ("run", "call"):
            if call.calls.method_named(cls, name) is not None:
                result = join(result, call.run(ref, name, []))
                call.heap.become(join_heaps(call.heap, before))
                escape(call, call.give(ref))
        inner = call.heap.get(ref, "^body")
        if inner is not None and depth:
            result = join(result, _run_body(call, inner, depth - 1))
    return result


def thread_init(call: "Call") -> Value:
    """Make a thread or task: the body is an argument that can run."""
    for value in call.rest:
        bodies = frozenset(
            ref
            for ref in value.refs
            if any(
                call.calls.method_named(call.machine.things[ref].cls, n) for n in ("run", "call")
            )
            or call.heap.get(ref, "^body") is not None
        )
        if bodies:
            call.heap.put_all(call.this.refs, "^body", Value(frozenset(), bodies))
    return NOTHING


def run_argument(call: "Call") -> Value:
    """post, execute, submit, schedule, runOnUiThread: run what is handed over."""
    result = NOTHING
    for value in call.rest:
        result = join(result, _run_body(call, value, _DEPTH))
    if call.returned[:1] == "L":
        ref = call.make(call.returned)
        if result is not NOTHING:
            call.heap.put(ref, "^result", result)
        return call.give(ref)
    return UNKNOWN


def future_get(call: "Call") -> Value:
    """Future.get."""
    result = NOTHING
    for ref in sorted(call.this.refs):
        result = join(result, call.heap.get(ref, "^result") or UNKNOWN)
    return result if call.this.refs else unknown(call.this.marks)


def async_execute(call: "Call") -> Value:
    """AsyncTask.execute: the phases in order, the result handed on."""
    given = call.rest[-1] if call.rest else UNKNOWN
    for ref in sorted(call.this.refs):
        before = call.heap.copy()
        call.run(ref, "onPreExecute", [])
        result = call.run(ref, "doInBackground", [given])
        call.heap.put(ref, "^result", result if result is not NOTHING else UNKNOWN)
        call.run(ref, "onPostExecute", [result if result is not NOTHING else UNKNOWN])
        call.heap.become(join_heaps(call.heap, before))
    return call.this


def publish(call: "Call") -> Value:
    """AsyncTask.publishProgress."""
    for ref in sorted(call.this.refs):
        call.run(ref, "onProgressUpdate", [call.arg(0)])
    return NOTHING


def send_message(call: "Call") -> Value:
    """Handler.sendMessage, Messenger.send, Message.sendToTarget."""
    kind = call.ref.cls
    message = call.this if kind == "Landroid/os/Message;" else call.arg(0)
    handlers = call.this.refs if kind != "Landroid/os/Message;" else frozenset[int]()
    for ref in sorted(message.refs):
        held = call.heap.get(ref, "^handler")
        handlers = handlers | (
            held.refs if held is not None and kind == "Landroid/os/Message;" else frozenset()
        )
    for handler in sorted(_behind(call, handlers, _DEPTH)):
        before = call.heap.copy()
        if call.calls.method_named(call.machine.things[handler].cls, "handleMessage") is not None:
            call.run(handler, "handleMessage", [message])
            call.heap.become(join_heaps(call.heap, before))
    return UNKNOWN


def _behind(call: "Call", refs: frozenset[int], depth: int) -> frozenset[int]:
    """Return handlers, with those that messengers and binders stand for."""
    found = refs
    for ref in sorted(refs):
        for name in ("^handler", "^target", "^callback"):
            held = call.heap.get(ref, name)
            if held is not None and depth:
                found = found | _behind(call, held.refs, depth - 1)
    return found


def handler_init(call: "Call") -> Value:
    """Make a handler or messenger: a callback or the handler behind."""
    for value in call.rest:
        if value.refs:
            for ref in sorted(call.this.refs):
                known = call.heap.get(ref, "^handler")
                call.heap.put(ref, "^handler", value if known is None else join(known, value))
    return NOTHING


def handler_of(call: "Call") -> Value:
    """Messenger.getBinder: the messenger itself stands for its binder."""
    return call.this


def bind(call: "Call") -> Value:
    """bindService: the connection learns of the binder that the service hands out."""
    from scanner.static.flow.models_intents import start  # noqa: PLC0415 - cycle

    start(call)
    escape(call, call.arg(1))
    return UNKNOWN


def binder_transact(call: "Call") -> Value:
    """IBinder.transact on a binder of the app."""
    for ref in sorted(call.this.refs):
        call.run(ref, "onTransact", call.rest)
    return UNKNOWN


def attach_fragment(call: "Call") -> Value:
    """FragmentTransaction.add and replace: the fragment lives in the current component."""
    for value in call.rest:
        for ref in sorted(value.refs):
            if call.calls.framework.is_kind(call.machine.things[ref].cls, "fragment"):
                owner = call.world.owner(call.machine.things)
                known = call.heap.get(owner, "^fragments")
                new = call.give(ref)
                call.heap.put(owner, "^fragments", new if known is None else join(known, new))
    return call.this


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "start-thread": start_thread,
    "thread-init": thread_init,
    "run-argument": run_argument,
    "future-get": future_get,
    "async-execute": async_execute,
    "publish": publish,
    "send-message": send_message,
    "handler-init": handler_init,
    "handler-of": handler_of,
    "bind": bind,
    "transact": binder_transact,
    "attach-fragment": attach_fragment,
}

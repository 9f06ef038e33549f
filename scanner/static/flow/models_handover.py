"""Models of what the platform starts later or elsewhere: jobs, workers, pending intents, pages,
providers of the app itself; and of small framework records: enums, pairs, entries.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.static.flow.app_wide import add_app_wide, app_wide
from scanner.static.flow.heap import STATICS
from scanner.static.flow.models_intents import start
from scanner.static.flow.models_keyed import get, key_of, store
from scanner.static.flow.models_keyed import load as load_key
from scanner.static.flow.models_tasks import escape, run_function
from scanner.static.flow.models_text import text_of
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

_PARTS = ("first", "second", "third")


# -- started later


def pending(call: "Call") -> Value:
    """PendingIntent.getActivity and relatives: the platform starts the target later."""
    start(call)
    ref = call.make("Landroid/app/PendingIntent;")
    for value in call.rest:
        if value.refs and value.marks:
            call.heap.put(ref, "$content", unknown(value.marks))
    return call.give(ref)


def job_init(call: "Call") -> Value:
    """JobInfo.Builder: the service is the component given second."""
    for ref in sorted(call.arg(1).refs):
        component = call.heap.get(ref, "^component")
        if component is not None:
            call.heap.put_all(call.this.refs, "^component", component)
    return NOTHING


def work_init(call: "Call") -> Value:
    """WorkRequest.Builder: the worker is the class given first."""
    call.heap.put_all(call.this.refs, "^component", call.arg(0))
    return NOTHING


def keep_input(call: "Call") -> Value:
    """setExtras, setInputData: what the job or worker will find."""
    call.heap.put_all(call.this.refs, "$p:Extras", call.arg(0))
    return call.this


def schedule(call: "Call") -> Value:
    """JobScheduler.schedule: the service finds the extras in its parameters."""
    for ref in sorted(call.arg(0).refs):
        extras = call.heap.get(ref, "$p:Extras") or NOTHING
        for cls in _targets(call, ref):
            add_app_wide(call.heap, f"job {cls}", extras)
    return UNKNOWN


def enqueue(call: "Call") -> Value:
    """WorkManager.enqueue: the worker runs with its input."""
    for value in call.rest:
        for ref in sorted(value.refs):
            data = call.heap.get(ref, "$p:Extras") or NOTHING
            for cls in _targets(call, ref):
                _work(call, cls, data)
    return UNKNOWN


def _work(call: "Call", cls: str, data: Value) -> None:
    if not call.machine.program.is_app(cls):
        return
    worker = call.make(cls, f"worker {cls}")
    call.heap.put(worker, "$p:InputData", data)
    call.run(worker, "<init>", [UNKNOWN, UNKNOWN])
    call.heap.put(worker, "$p:InputData", data)
    for name in ("doWork", "startWork", "createWork"):
        call.run(worker, name, [])


def _targets(call: "Call", ref: int) -> list[str]:
    known = call.heap.get(ref, "^component") or NOTHING
    program = call.machine.program
    return sorted({program.class_named(one) for one in known.constants or ()})


def load(call: "Call") -> Value:
    """LoaderManager.initLoader: the callbacks make a loader, whose data they get."""
    for ref in sorted(call.rest[-1].refs if call.rest else ()):
        loaders = call.run(ref, "onCreateLoader", list(call.rest[:2]))
        data = NOTHING
        for loader in sorted(loaders.refs):
            data = join(data, call.run(loader, "loadInBackground", []))
        given = UNKNOWN if data is NOTHING else data
        call.run(ref, "onLoadFinished", [loaders, given])
    return UNKNOWN


def send_result(call: "Call") -> Value:
    """ResultReceiver.send: the receiver's own method gets code and data."""
    for ref in sorted(call.this.refs):
        call.run(ref, "onReceiveResult", call.rest)
    return NOTHING


def set_broadcast_result(call: "Call") -> Value:
    """BroadcastReceiver.setResultData and relatives: what the next receiver of an order gets."""
    for value in call.rest:
        add_app_wide(call.heap, "ordered", value)
    return NOTHING


def broadcast_result(call: "Call") -> Value:
    """BroadcastReceiver.getResultData and relatives."""
    return join(UNKNOWN, app_wide(call.heap, "ordered"))


def compute(call: "Call") -> Value:
    """Map.computeIfAbsent and relatives: what the function yields is stored."""
    made = run_function(call, call.rest[-1], [call.arg(0), get(call)])
    value = UNKNOWN if made is NOTHING else made
    for ref in sorted(call.this.refs):
        known = load_key(call, ref, key_of(call))
        store(call, ref, key_of(call), join(known, value))
    return join(value, get(call))


def bridge(call: "Call") -> Value:
    """addJavascriptInterface: the page may call every public method of the object."""
    owner = call.world.owner(call.machine.things)
    known = call.heap.get(owner, "^bridges") or NOTHING
    call.heap.put(owner, "^bridges", join(known, Value(frozenset(), call.arg(0).refs)))
    return NOTHING


def register_self(call: "Call") -> Value:
    """Start something whose own methods the platform calls."""
    escape(call, call.this)
    return call.this


# -- providers of the app


def provider_call(call: "Call") -> Value:
    """insert, update, delete, call on a content address: a provider of the app runs itself."""
    result = NOTHING
    address = text_of(call, call.arg(0))
    for cls in call.world.providers(address):
        method = call.calls.method_named(cls, call.ref.name)
        if method is not None:
            ref = call.world.component(call.machine.things, cls)
            call.heap.objects.setdefault(ref, {})
            given = call.rest[1:] if call.ref.name == "call" else call.rest
            result = join(result, call.run_method(method, [call.give(ref), *given]))
    return UNKNOWN if result is NOTHING else result


# -- records


def pair_init(call: "Call") -> Value:
    """Make a pair: parts are kept apart."""
    made = NOTHING
    refs = call.this.refs
    if call.static:
        made = call.give(call.make(call.returned))
        refs = made.refs
    for name, value in zip(_PARTS, call.rest, strict=False):
        call.heap.put_all(refs, name, value)
    return made


def part_of(name: str) -> "Callable[[Call], Value]":
    """Return a model that reads one part of a pair."""

    def read(call: "Call") -> Value:
        value = NOTHING if call.this.refs else unknown(call.this.marks)
        for ref in sorted(call.this.refs):
            content = call.heap.get(ref, "$content")
            value = join(value, call.heap.get(ref, name) or content or UNKNOWN)
        return value

    return read


def enum_init(call: "Call") -> Value:
    """Make a constant of an enumeration."""
    call.heap.put_all(call.this.refs, "#name", call.arg(0))
    call.heap.put_all(call.this.refs, "#ordinal", call.arg(1))
    return NOTHING


def enum_value(call: "Call") -> Value:
    """Enum.valueOf with a known class and name."""
    name = text_of(call, call.arg(1)).single
    result = NOTHING
    for one in call.arg(0).constants or ():
        if isinstance(one, ClassName) and isinstance(name, str):
            call.machine.initialise(call.frame, one.name)
            found = call.heap.get(STATICS, f"{one.name}->{name}")
            result = join(result, UNKNOWN if found is None else found)
    return UNKNOWN if result is NOTHING else result


def entries(call: "Call") -> Value:
    """Map.entrySet: entries that know their map."""
    if not call.this.refs:
        return unknown(call.step(call.this.marks))
    entry = call.make("Ljava/util/Map$Entry;", "entry")
    call.heap.put(entry, "^of", call.this)
    made = call.make("Ljava/util/Set;", "entries")
    call.heap.put(made, "[*", call.give(entry))
    call.heap.put(made, "#size", UNKNOWN)
    return call.give(made)


def entry_key(call: "Call") -> Value:
    """Map.Entry.getKey: what was used as a key of the map."""
    value = NOTHING if call.this.refs else unknown(call.this.marks)
    for ref in sorted(call.this.refs):
        for source in sorted((call.heap.get(ref, "^of") or NOTHING).refs):
            known = call.heap.get(source, "^keys")
            value = join(value, UNKNOWN if known is None else unknown(known.marks))
    return UNKNOWN if value is NOTHING else value


def set_package(call: "Call") -> Value:
    """Intent.setPackage: who may get the intent."""
    call.heap.put_all(call.this.refs, "^package", constant_text(call))
    return call.this


def constant_text(call: "Call") -> Value:
    """Return the first argument as a constant text, unknown otherwise."""
    known = text_of(call, call.arg(0)).single
    return constant(known) if isinstance(known, str) else UNKNOWN


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "pending": pending,
    "job-init": job_init,
    "work-init": work_init,
    "keep-input": keep_input,
    "schedule": schedule,
    "enqueue": enqueue,
    "load": load,
    "send-result": send_result,
    "set-broadcast-result": set_broadcast_result,
    "broadcast-result": broadcast_result,
    "compute": compute,
    "bridge": bridge,
    "register-self": register_self,
    "provider-call": provider_call,
    "pair-init": pair_init,
    "pair-first": part_of("first"),
    "pair-second": part_of("second"),
    "pair-third": part_of("third"),
    "enum-init": enum_init,
    "enum-name": part_of("#name"),
    "enum-ordinal": part_of("#ordinal"),
    "enum-value": enum_value,
    "entries": entries,
    "entry-key": entry_key,
    "set-package": set_package,
}

"""Models of functions as values: streams, optionals, futures, observables, lazy values, proxies."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.static.flow.models_collections import all_elements, blur, view
from scanner.static.flow.models_tasks import run_function
from scanner.static.flow.values import NOTHING, UNKNOWN, Value, constant, join, unknown

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

_PROXY = "Ljava/lang/reflect/Proxy;"


def _container(call: "Call", value: Value, tag: str = "made") -> Value:
    """Return a new object of the result's class that holds a value."""
    cls = call.returned if call.returned[:1] == "L" else "Ljava/util/Iterator;"
    ref = call.make(cls, tag)
    if value is not NOTHING:
        call.heap.put(ref, "[*", value)
    return call.give(ref)


def _function(call: "Call") -> Value:
    """Return the last argument that is an object of the app."""
    found = [value for value in call.rest if value.refs]
    return found[-1] if found else UNKNOWN


def map_with(call: "Call") -> Value:
    """map: a container of what the function makes of the elements."""
    function = _function(call)
    if not function.refs:
        return view(call)
    elements = all_elements(call, call.this)
    return _container(call, run_function(call, function, [elements] * 2))


def flat_map(call: "Call") -> Value:
    """flatMap: a container of the elements of what the function returns."""
    function = _function(call)
    if not function.refs:
        return view(call)
    made = run_function(call, function, [all_elements(call, call.this)] * 2)
    return _container(call, all_elements(call, made) if made.refs else made)


def peek_with(call: "Call") -> Value:
    """filter, doOnNext and relatives: the function sees the elements, which stay as they are."""
    run_function(call, _function(call), [all_elements(call, call.this)] * 2)
    return view(call)


def test_with(call: "Call") -> Value:
    """Test elements (anyMatch and relatives): only an answer comes back."""
    run_function(call, _function(call), [all_elements(call, call.this)] * 2)
    return UNKNOWN


def fold_with(call: "Call") -> Value:
    """reduce: elements, the start value, and what the function makes of them."""
    value = all_elements(call, call.this)
    if len(call.rest) > 1:
        value = join(value, call.arg(0))
    made = run_function(call, _function(call), [value, value])
    return _container(call, join(value, made))


def or_else(call: "Call") -> Value:
    """orElse: what the container holds, or what is given instead."""
    value = all_elements(call, call.this)
    given = call.arg(0) if call.rest else NOTHING
    made = run_function(call, given, []) if call.ref.name == "orElseGet" else given
    return join(value, made)


def subscribe(call: "Call") -> Value:
    """subscribe, ifPresent: each function sees the elements."""
    value = all_elements(call, call.this)
    for given in call.rest:
        run_function(call, given, [value] * 2)
    return UNKNOWN


def collect(call: "Call") -> Value:
    """collect: whatever is made of the elements."""
    return _container(call, all_elements(call, call.this))


def just(call: "Call") -> Value:
    """Return a container of the arguments."""
    value = NOTHING
    for given in call.rest:
        value = join(value, given)
    return _container(call, value)


def supplied(call: "Call") -> Value:
    """Return a container of what a function yields."""
    return _container(call, run_function(call, _function(call), []))


# -- futures


def _future(call: "Call", result: Value) -> Value:
    cls = call.returned if call.returned[:1] == "L" else "Ljava/util/concurrent/Future;"
    ref = call.make(cls, "future")
    call.heap.put(ref, "^result", UNKNOWN if result is NOTHING else result)
    return call.give(ref)


def _result(call: "Call", value: Value) -> Value:
    found = unknown(value.marks) if value.unknown or not value.refs else NOTHING
    for ref in sorted(value.refs):
        found = join(found, call.heap.get(ref, "^result") or UNKNOWN)
    return found


def future_of(call: "Call") -> Value:
    """completedFuture, complete: a future with a known result."""
    if call.static:
        return _future(call, call.arg(0))
    call.heap.put_all(call.this.refs, "^result", call.arg(0))
    return UNKNOWN


def future_supply(call: "Call") -> Value:
    """supplyAsync, runAsync: a future of what the function yields."""
    return _future(call, run_function(call, call.arg(0), []))


def future_then(call: "Call") -> Value:
    """Go on from a result (thenApply and relatives): the function sees the result."""
    given = [_result(call, call.this)]
    if call.ref.name.startswith("thenCombine"):
        given.append(_result(call, call.arg(0)))
        made = run_function(call, call.arg(1), given)
    else:
        made = run_function(call, call.arg(0), [*given, UNKNOWN])
    if call.ref.name.startswith("thenCompose"):
        made = _result(call, made)
    return _future(call, given[0] if call.ref.name.startswith("when") else made)


# -- values that call back


def live_set(call: "Call") -> Value:
    """setValue, postValue: the value is kept and the observers see it."""
    value = call.rest[0] if call.rest else UNKNOWN
    call.heap.put_all(call.this.refs, "[*", value)
    for ref in sorted(call.this.refs):
        run_function(call, call.heap.get(ref, "^observers") or NOTHING, [value, UNKNOWN])
    return UNKNOWN


def live_observe(call: "Call") -> Value:
    """observe, collect: the observer sees the present value, and later ones."""
    observer = _function(call)
    for ref in sorted(call.this.refs):
        known = call.heap.get(ref, "^observers") or NOTHING
        call.heap.put(ref, "^observers", join(known, Value(frozenset(), observer.refs)))
        value = call.heap.get(ref, "[*")
        if value is not None:
            run_function(call, observer, [value, UNKNOWN])
    return UNKNOWN


def lazy(call: "Call") -> Value:
    """Return a value that is computed when it is asked for."""
    ref = call.make(call.returned)
    call.heap.put(ref, "^body", _function(call))
    return call.give(ref)


def lazy_get(call: "Call") -> Value:
    """Compute a lazy value."""
    value = NOTHING if call.this.refs else UNKNOWN
    for ref in sorted(call.this.refs):
        made = run_function(call, call.heap.get(ref, "^body") or NOTHING, [])
        value = join(value, UNKNOWN if made is NOTHING else made)
    return value


def then(call: "Call") -> Value:
    """Function.andThen, compose: a function that calls both."""
    first, second = call.this, call.arg(0)
    if call.ref.name == "compose":
        first, second = second, first
    ref = call.make(call.returned)
    call.heap.put(ref, "^first", first)
    call.heap.put(ref, "^second", second)
    return call.give(ref)


def apply_chain(call: "Call") -> Value:
    """Call a function put together of two."""
    result = NOTHING if call.this.refs else unknown(call.step(call.this.marks))
    for ref in sorted(call.this.refs):
        value = run_function(call, call.heap.get(ref, "^first") or NOTHING, call.rest)
        given = value if call.returned != "V" else call.arg(0)
        made = run_function(call, call.heap.get(ref, "^second") or NOTHING, [given, *call.rest[1:]])
        result = join(result, made)
    return UNKNOWN if result is NOTHING else result


def proxy(call: "Call") -> Value:
    """Proxy.newProxyInstance: an object whose every method is the handler's."""
    ref = call.make(_PROXY)
    call.heap.put(ref, "^handler", call.arg(2))
    return call.give(ref)


def proxy_call(call: "Call") -> Value:
    """Call a method of a proxy."""
    result = NOTHING
    for ref in sorted(call.this.refs):
        given = call.make("[Ljava/lang/Object;", "arguments")
        for number, value in enumerate(call.rest):
            call.heap.put(given, f"[{number}", value)
        call.heap.put(given, "#length", constant(len(call.rest)))
        for handler in sorted((call.heap.get(ref, "^handler") or NOTHING).refs):
            made = call.run(handler, "invoke", [call.give(ref), UNKNOWN, call.give(given)])
            result = join(result, made)
    return UNKNOWN if result is NOTHING else result


def sort(call: "Call") -> Value:
    """Sort: the order is lost, and a comparator of the app sees the elements."""
    container = call.arg(0) if call.static else call.this
    for ref in sorted(container.refs):
        blur(call, ref)
    run_function(call, _comparator(call), [all_elements(call, container)] * 2)
    return NOTHING


def _comparator(call: "Call") -> Value:
    given = call.rest[1:] if call.static else call.rest
    return given[-1] if given else NOTHING


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "map-with": map_with,
    "flat-map": flat_map,
    "peek-with": peek_with,
    "test-with": test_with,
    "fold-with": fold_with,
    "or-else": or_else,
    "subscribe": subscribe,
    "collect": collect,
    "just": just,
    "supplied": supplied,
    "future-of": future_of,
    "future-supply": future_supply,
    "future-then": future_then,
    "live-set": live_set,
    "live-observe": live_observe,
    "lazy": lazy,
    "lazy-get": lazy_get,
    "then": then,
    "apply-chain": apply_chain,
    "proxy": proxy,
    "proxy-call": proxy_call,
    "sort": sort,
}

"""The app around the code: its components, how intents find them, and what leaves it."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from profiles.model import Sink
from scanner.static.facts import ComponentFact, PackageFacts
from scanner.static.flow.heap import STATICS, Heap, Things
from scanner.static.flow.models_text import TEXT, text_of
from scanner.static.flow.program import Method, Program
from scanner.static.flow.tables import Framework, Source
from scanner.static.flow.values import (
    NOTHING,
    UNKNOWN,
    Constant,
    Marks,
    Value,
    constant,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

_DEPTH = 6
_SYNTHETIC: Final = 0x1000
_SHARED_MODES: Final = frozenset((1, 2, 3))
MEMORY: Final = "memory"


class World:
    """Components of the manifest and the questions that depend on them."""

    def __init__(self, program: Program, framework: Framework, facts: PackageFacts) -> None:
        """Read the components of the manifest."""
        self.program = program
        self.framework = framework
        self.facts = facts
        self.passwords = frozenset(facts.password_views)
        self.components: dict[str, ComponentFact] = {}
        self._opened: dict[str, ComponentFact] = {}
        self._by_action: dict[str, list[str]] = {}
        self._callbacks: dict[str, tuple[Method, ...]] = {}
        self._listened: dict[str, frozenset[str]] = {}
        self._component_classes: dict[int, str] = {}
        self.current = ""
        for one in facts.components:
            cls = _descriptor(one.target or one.name)
            if one.enabled:
                self.components.setdefault(cls, one)
                if one.exported:
                    self._opened.setdefault(cls, one)
                for action in one.actions:
                    self._by_action.setdefault(action, []).append(cls)

    # -- components

    def component(self, things: Things, cls: str) -> int:
        """Return the object of a component."""
        ref = things.add(("component", cls), cls, component=True).number
        self._component_classes[ref] = cls
        return ref

    def component_class(self, ref: int) -> str:
        """Return the class of a component's object."""
        return self._component_classes.get(ref, "")

    def opened(self, cls: str) -> ComponentFact | None:
        """Return the component (itself or an alias) by which other apps can call a class."""
        return self._opened.get(cls)

    def receives_foreign(self, cls: str, source: Source) -> bool:
        """Return whether a component takes data from other apps through one of the actions."""
        known = self.components.get(cls)
        return (
            known is not None and known.exported and bool(set(known.actions) & set(source.actions))
        )

    def owner(self, things: Things) -> int:
        """Return the object that keeps the callbacks registered now."""
        return self.component(things, self.current)

    def listened(self, cls: str) -> frozenset[str]:
        """Return the framework's interfaces that a component's own classes implement."""
        known = self._listened.get(cls)
        if known is None:
            known = self._listened[cls] = frozenset(
                one
                for owner in self.program.ancestors(cls)
                if self.program.is_app(owner)
                for one in self.program.interfaces(owner)
                if not self.program.is_app(one)
            )
        return known

    def listen(self, heap: Heap, ref: int, kind: str, name: str) -> None:
        """Note that a component was handed over as a listener, or taken back."""
        slot = f"^heard {kind}"
        if name.startswith(("remove", "unregister")):
            heap.put(ref, slot, constant(0))
        else:
            heap.put(ref, slot, constant(1))

    def hears(self, heap: Heap, ref: int, method: Method) -> bool:
        """Return whether a component's callback may run: those of a listed listener interface
        run only while the component is registered.
        """
        cls = self.component_class(ref)
        owners = [
            kind
            for kind in self.listened(cls)
            if method.name in self.framework.events.callbacks.get(kind, ())
        ]
        if not owners or method.name in self.facts.layout_callbacks:
            return True
        held = (heap.get(ref, f"^heard {kind}") for kind in owners)
        return any(one is not None and one.single != 0 for one in held)

    def callbacks(self, cls: str) -> tuple[Method, ...]:
        """Return the methods of an app class that the framework may call on its own."""
        known = self._callbacks.get(cls)
        if known is None:
            known = self._callbacks[cls] = self._find_callbacks(cls)
        return known

    def _find_callbacks(self, cls: str) -> tuple[Method, ...]:
        events = self.framework.events
        if not self.program.is_app(cls):
            return ()
        roots = [
            one
            for one in self.framework.family(cls)
            if not self.program.is_app(one) and one not in events.plain
        ]
        if not roots:
            return ()
        named = {name for one in roots for name in events.callbacks.get(one, ())}
        open_end = any(one not in events.callbacks for one in roots)
        found: dict[tuple[str, str], Method] = {}
        for one in self.program.ancestors(cls):
            for key, method in (
                self.program.methods(one).items() if self.program.is_app(one) else ()
            ):
                wanted = method.name in named or (open_end and self._looks_called(method.name))
                if wanted and not method.static and not method.abstract:
                    found.setdefault(key, method)
        return _without_bridges(found)

    def _looks_called(self, name: str) -> bool:
        return name in self.framework.events.names or (name[:2] == "on" and name[2:3].isupper())

    def source_of_uri(self, address: str) -> Source | None:
        """Return the source that a content address is."""
        if address.startswith("content-uri:"):
            for source in self.framework.fields.values():
                if address == f"content-uri:{source.id}":
                    return source
        best: Source | None = None
        size = 0
        for prefix, source in self.framework.uris:
            if address.startswith(prefix) and len(prefix) > size:
                best, size = source, len(prefix)
        return best

    # -- intents

    def targets(self, call: "Call", intent: int) -> tuple[frozenset[str], bool]:
        """Return (components that an intent object starts, whether it may leave the app)."""
        explicit = call.heap.get(intent, "^component")
        if explicit is not None:
            return self._explicit(explicit)
        package = call.heap.get(intent, "^package")
        own = package is not None and package.single == self.facts.package
        action = call.heap.get(intent, "$p:Action")
        found = UNKNOWN if action is None else text_of(call, action)
        if found.constants is None:
            return frozenset(), not own
        classes: set[str] = set()
        outside = False
        for one in found.constants:
            here = self._by_action.get(str(one), [])
            classes.update(here)
            outside = outside or not here or str(one).startswith("android.")
        return frozenset(classes), outside and not own

    def providers(self, address: Value) -> list[str]:
        """Return the providers of the app that content addresses name."""
        found = []
        for cls, one in self.components.items():
            if any(_authority(str(text)) in one.authorities for text in address.constants or ()):
                found.append(cls)
        return sorted(found)

    def _explicit(self, value: Value) -> tuple[frozenset[str], bool]:
        if value.constants is None:
            return frozenset(), True
        names = {self.program.class_named(one) for one in value.constants}
        names |= {
            self.program.class_named(f"{self.facts.package}{one}")
            for one in value.constants
            if isinstance(one, str) and one.startswith(".")
        }
        inside = frozenset(one for one in names if one in self.components)
        foreign = not inside and not any(self.program.row(one) >= 0 for one in names)
        return inside, foreign

    # -- what leaves

    def outgoing(self, call: "Call", value: Value) -> Marks:
        """Return the marks of everything a value hands over."""
        marks = call.heap.deep_marks(value)
        for ref in sorted(value.refs):
            marks = marks | self._content(call, ref, _DEPTH)
        if value.refs and call.ref.descriptor.count("String;") + call.ref.descriptor.count(
            "Object;"
        ):
            marks = marks | text_of(call, value).marks if self._printed(call, value) else marks
        return marks

    def _printed(self, call: "Call", value: Value) -> bool:
        return any(self.program.is_app(call.machine.things[r].cls) for r in value.refs)

    def _content(self, call: "Call", ref: int, depth: int) -> Marks:
        target = call.heap.get(ref, "^target")
        if target is None or not depth:
            return frozenset()
        marks = call.heap.deep_marks(target)
        for inner in sorted(target.refs):
            marks = marks | self._content(call, inner, depth - 1)
        return marks

    def medium(self, heap: Heap, value: Value, depth: int = _DEPTH) -> str:
        """Return where a stream or writer writes to, empty when that is not known."""
        for ref in sorted(value.refs):
            known = heap.get(ref, "^medium")
            if known is not None and isinstance(known.single, str):
                return known.single
            target = heap.get(ref, "^target")
            if target is not None and depth:
                found = self.medium(heap, target, depth - 1)
                if found:
                    return found
        return ""

    def leaving(self, call: "Call", sink: Sink) -> str:
        """Return the kind of a sink call, empty when nothing leaves the app there."""
        rules = self.framework.points.rules
        kind = self.framework.points.kinds.get(sink.kind, "other")
        if sink.id in rules.private:
            return kind if self._shared(call) else ""
        if sink.id in rules.inside:
            return kind if self._leaves(call, sink) else ""
        if sink.id in rules.providers and self.providers(text_of(call, call.arg(0))):
            return ""
        if sink.id in rules.streams:
            medium = self.medium(call.heap, call.this)
            return "" if medium in ("", MEMORY) else medium
        return kind

    def _shared(self, call: "Call") -> bool:
        for ref in call.this.refs:
            mode = call.heap.get(ref, "^mode")
            if mode is not None and mode.constants and mode.constants & _SHARED_MODES:
                return True
        return False

    def _leaves(self, call: "Call", sink: Sink) -> bool:
        if call.ref.name == "setResult":
            return bool(self.opened(self.current)) or self.current not in self.components
        intents = [
            ref
            for number in sink.data_args
            if isinstance(number, int)
            for ref in call.arg(number).refs
        ]
        if not intents:
            return True
        verdicts = [self.targets(call, ref) for ref in intents]
        dynamic = [self.receivers(call, ref) for ref in intents]
        return any(out and not there for (_, out), there in zip(verdicts, dynamic, strict=True))

    # -- broadcasts to receivers that the code registers

    def receivers(self, call: "Call", intent: int) -> list[int]:
        """Return the registered receivers that an intent reaches."""
        registered = call.heap.get(STATICS, "^receivers") or NOTHING
        action = call.heap.get(intent, "$p:Action")
        wanted = text_of(call, action).constants if action is not None else None
        found = []
        for ref in sorted(registered.refs):
            actions = call.heap.get(ref, "^actions")
            known = None if actions is None else actions.constants
            if wanted is None or known is None or wanted & known:
                found.append(ref)
        return found

    # -- sources with a condition

    def holds(self, source: Source, call: "Call") -> bool:
        """Return whether the condition of a source is met."""
        if source.when == "password-view":
            number = call.arg(0).single
            return isinstance(number, int) and number in self.passwords
        if source.when == "unnamed-package":
            return text_of(call, call.arg(0)).single is None
        if source.when == "foreign-intent":
            return self.receives_foreign(self.current, source)
        return False

    def host_of(self, call: "Call") -> str:
        """Return the host that a network call names, when it is constant."""
        for value in (*call.rest, call.this):
            for one in sorted(str(t) for t in self._addresses(call, value, _DEPTH)):
                if one.startswith(("http://", "https://")):
                    return _host(one)
        return ""

    def _addresses(self, call: "Call", value: Value, depth: int) -> set[Constant]:
        """Return constant texts of a value and of what it was opened from."""
        found = {*(value.constants or ()), value.prefix}
        for ref in sorted(value.refs):
            text = call.heap.get(ref, TEXT) or NOTHING
            found |= {*(text.constants or ()), text.prefix}
            target = call.heap.get(ref, "^target")
            if target is not None and depth:
                found |= self._addresses(call, target, depth - 1)
        return found


def _without_bridges(found: dict[tuple[str, str], Method]) -> tuple[Method, ...]:
    """Return methods in a fixed order, leaving out compiler-made doubles of the same name."""
    solid = {m.name for m in found.values() if not m.flags & _SYNTHETIC}
    kept = [m for m in found.values() if not m.flags & _SYNTHETIC or m.name not in solid]
    return tuple(sorted(kept, key=lambda m: (m.name, m.descriptor)))


def _host(address: str) -> str:
    try:
        return urlsplit(address.split("?", maxsplit=1)[0]).hostname or ""
    except ValueError:
        return ""


def _authority(address: str) -> str:
    return address.removeprefix("content://").split("/", maxsplit=1)[0]


def _descriptor(name: str) -> str:
    return f"L{name.replace('.', '/')};"

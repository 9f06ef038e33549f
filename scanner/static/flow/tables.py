"""What the analysis knows of the framework: sources, sinks and models, from the knowledge."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from profiles.load import table
from profiles.model import Api, Knowledge, Member, Sink
from scanner.model.base import Doc
from scanner.static.flow.program import OBJECT, Program


class FlowModels(Doc):
    """`profiles/tables/flow_models.yaml`: framework classes by kind, and what their methods do.

    `kinds`: kind -> classes; `models`: kind -> method name -> operation; `extends`: framework
    class -> the classes it may be taken for; `quiet`: classes whose methods throw nothing worth
    following; `opaque`: package prefixes whose code is taken for the framework's.
    """

    source: tuple[str, ...]
    checked: str
    kinds: dict[str, tuple[str, ...]]
    models: dict[str, dict[str, str]]
    extends: dict[str, tuple[str, ...]]
    quiet: tuple[str, ...]
    opaque: tuple[str, ...]
    contexts: tuple[str, ...]


class ExtraSource(Doc):
    """A source that the API catalogue does not hold. `role` callback: `parameter` is marked when
    the app's override runs; call: the result is. `when` names a condition that the engine tests
    (`password-view`, `foreign-intent`, `foreign-result`, `unnamed-package`).
    """

    id: str
    data_type: str
    cls: str
    name: str
    descriptors: tuple[str, ...] = ()
    role: str = "call"
    parameter: int = 0
    when: str = ""
    actions: tuple[str, ...] = ()


class SinkRule(Doc):
    """How a sink of the catalogue is to be read here. `silent`: carries only, is no end point;
    `private`: an end point only when what it writes to is not private to the app; `inside`: an
    end point only when the intent can leave the app; `providers`: not one when the address is that
    of a provider of the app itself; `results`: gives its data to whoever called the component;
    `replies`: one when it answers a request of another app; `broadcasts`: one when any app can
    receive the intent.
    """

    silent: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    broadcasts: tuple[str, ...] = ()


class FlowPoints(Doc):
    """`profiles/tables/flow_points.yaml`: further sources and sinks, and rules.

    `no_data`: APIs of the catalogue that open access to data without yielding any themselves;
    `first`: data types whose sources are looked at before all others;
    `conditions`: API of the catalogue -> condition as in `ExtraSource.when`.
    """

    source: tuple[str, ...]
    checked: str
    sources: tuple[ExtraSource, ...]
    sinks: tuple[Sink, ...]
    rules: SinkRule
    kinds: dict[str, str]
    no_data: tuple[str, ...]
    conditions: dict[str, str]
    first: tuple[str, ...]


class FlowEvents(Doc):
    """`profiles/tables/flow_events.yaml`: lifecycles and callbacks.

    `lifecycles`: kind -> method names by phase; `callbacks`: framework interface -> methods that
    the framework calls; `names`: method names that are callbacks on any framework type; `plain`:
    framework types that make no object a listener; `params`: type of a callback's parameter -> what
    it stands for (`context`, `view`, `intent`, `preferences`, `binder`).
    """

    source: tuple[str, ...]
    checked: str
    lifecycles: dict[str, dict[str, tuple[str, ...]]]
    params: dict[str, str]
    callbacks: dict[str, tuple[str, ...]]
    names: tuple[str, ...]
    plain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the engine sees it. `parameter` is -1 for the result of a call."""

    id: str
    data_type: str
    role: str = "call"
    parameter: int = -1
    when: str = ""
    actions: tuple[str, ...] = ()


@dataclass(slots=True)
class Framework:
    """Lookups by class and member name, resolved through the class hierarchy."""

    program: Program
    models: FlowModels
    points: FlowPoints
    events: FlowEvents
    sources: dict[tuple[str, str], list[tuple[tuple[str, ...], Source]]] = field(
        default_factory=dict
    )
    fields: dict[tuple[str, str], Source] = field(default_factory=dict)
    sinks: dict[tuple[str, str], list[Sink]] = field(default_factory=dict)
    given_back: dict[tuple[str, str], Sink] = field(default_factory=dict)
    settings: dict[str, Source] = field(default_factory=dict)
    uris: list[tuple[str, Source]] = field(default_factory=list)
    _kind_sets: dict[str, frozenset[str]] = field(default_factory=dict)
    _kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _family: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _operations: dict[tuple[str, str], str] = field(default_factory=dict)

    def family(self, cls: str) -> tuple[str, ...]:
        """Return a class and everything of the app and the framework that it may be taken for."""
        known = self._family.get(cls)
        if known is None:
            order = dict.fromkeys(self.program.ancestors(cls))
            work = list(order)
            while work:
                for one in self.models.extends.get(work.pop(0), ()):
                    if one not in order:
                        order[one] = None
                        work.append(one)
            known = self._family[cls] = tuple(order)
        return known

    def is_kind(self, cls: str, kind: str) -> bool:
        """Return whether a class is of a kind of the models."""
        return kind in self.kinds(cls)

    def kinds(self, cls: str) -> tuple[str, ...]:
        """Return the kinds of a class and its ancestors."""
        known = self._kinds.get(cls)
        if known is None:
            found = [
                kind
                for one in self.family(cls)
                for kind, members in self._by_kind().items()
                if one in members
            ]
            known = self._kinds[cls] = tuple(dict.fromkeys(found))
        return known

    def _by_kind(self) -> dict[str, frozenset[str]]:
        if not self._kind_sets:
            self._kind_sets.update({k: frozenset(v) for k, v in self.models.kinds.items()})
        return self._kind_sets

    def operation(self, cls: str, name: str) -> str:
        """Return the model of a method, empty when there is none."""
        key = (cls, name)
        known = self._operations.get(key)
        if known is None:
            known = ""
            for kind in self.kinds(cls):
                known = _named(self.models.models.get(kind, {}), name)
                if known:
                    break
            if not known and cls.startswith("[") and name == "clone":
                known = "clone"
            self._operations[key] = known
        return known

    def source(self, cls: str, name: str, descriptor: str, role: str) -> Source | None:
        """Return the source that a call (or an override, for callbacks) is."""
        for one in self.family(cls):
            if role == "call" and self.program.is_app(one):
                continue
            for descriptors, found in self.sources.get((one, name), ()):
                if found.role == role and (not descriptors or descriptor in descriptors):
                    return found
        return None

    def sink(self, cls: str, name: str, descriptor: str) -> Sink | None:
        """Return the sink that a call is."""
        for one in self.family(cls):
            for found in self.sinks.get((one, name), ()):
                if not found.member.descriptors or descriptor in found.member.descriptors:
                    return found
        return None

    def returned_to(self, cls: str, name: str) -> Sink | None:
        """Return the sink that an override is whose result the platform hands to other apps."""
        found = (self.given_back.get((one, name)) for one in self.family(cls))
        return next((sink for sink in found if sink is not None), None)

    def is_telling(self, source: Source) -> bool:
        """Return whether a source is of the kinds of data that are looked for first."""
        return source.data_type in self.points.first

    def is_source(
        self, cls: str, name: str, descriptor: str, wanted: Callable[[Source], bool]
    ) -> bool:
        """Return whether a call may yield personal data of the wanted kinds."""
        found = self.source(cls, name, descriptor, "call")
        if found is not None:
            return wanted(found)
        return self.operation(cls, name) in ("query", "setting")

    def is_sink(self, cls: str, name: str, descriptor: str) -> bool:
        """Return whether a call is a sink."""
        return self.sink(cls, name, descriptor) is not None

    def further(self, one: ExtraSource) -> Source:
        """Return a source of the flow tables in the engine's form."""
        return Source(one.id, one.data_type, one.role, one.parameter, one.when, one.actions)

    def queries(self) -> list[tuple[str, str]]:
        """Return the methods whose arguments decide whether they yield personal data."""
        return [
            (cls, name)
            for kind in ("resolver",)
            for cls in self.models.kinds.get(kind, ())
            for name in self.models.models.get(kind, {})
        ]

    def reflected(self, cls: str, name: str) -> str:
        """Return a descriptor for a framework method that is called by name."""
        for one in self.family(cls):
            for descriptors, _ in self.sources.get((one, name), ()):
                if descriptors:
                    return descriptors[0]
            for sink in self.sinks.get((one, name), ()):
                if sink.member.descriptors:
                    return sink.member.descriptors[0]
        return "()Ljava/lang/Object;"

    def is_context(self, cls: str) -> bool:
        """Return whether objects of a class are app components or other contexts."""
        return any(one in self.models.contexts for one in self.family(cls))


def read_framework(know: Knowledge, program: Program) -> Framework:
    """Return the lookups for an app, from the catalogue and the flow tables."""
    models = table(know, "flow_models", FlowModels)
    points = table(know, "flow_points", FlowPoints)
    events = table(know, "flow_events", FlowEvents)
    found = Framework(program, models, points, events)
    for api in know.apis.values():
        if api.id in points.no_data:
            continue
        _add_api(found, api, points.conditions.get(api.id, ""))
    for extra in points.sources:
        source = found.further(extra)
        found.sources.setdefault((extra.cls, extra.name), []).append((extra.descriptors, source))
    for sink in (*points.sinks, *know.sinks.values()):
        if sink.role == "call" and sink.id not in points.rules.silent:
            for cls in _owners(sink.member):
                found.sinks.setdefault((cls, sink.member.name), []).append(sink)
        if sink.role == "callback" and "ret" in sink.data_args:
            found.given_back[sink.member.cls, sink.member.name] = sink
    return found


def _named(models: dict[str, str], name: str) -> str:
    """Return the model of a method; `*` stands for all that a kind does not name."""
    return models.get(name) or models.get("*", "")


def _owners(member: Member) -> Iterable[str]:
    return {member.cls, member.declared_in} - {"", OBJECT}


def _add_api(found: Framework, api: Api, when: str) -> None:
    parameter = 0 if api.role == "callback" else -1
    source = Source(api.id, api.data_type, api.role, parameter, when)
    if api.kind == "method" and api.member is not None and api.role != "generic":
        if api.argument is not None:
            return
        if api.role == "call" and all(
            d.endswith((")V", ")Z")) for d in api.member.descriptors or ("",)
        ):
            return
        key = (api.member.cls, api.member.name)
        found.sources.setdefault(key, []).append((api.member.descriptors, source))
    elif api.kind == "field" and api.member is not None:
        found.fields[(api.member.cls, api.member.name)] = source
    elif api.table and api.strings:
        found.settings.update(dict.fromkeys(api.strings, source))
    elif api.kind == "content-uri":
        found.uris.extend((text, source) for text in api.strings)

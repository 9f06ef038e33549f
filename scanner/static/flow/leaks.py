"""Sources seen, and flows found: where marked data meets a sink."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from profiles.model import Sink
from scanner.static.flow.code import MethodRef
from scanner.static.flow.outlets import NOWHERE, Outlet, leaving, outlet
from scanner.static.flow.program import Method, parameters
from scanner.static.flow.tables import Framework, Source
from scanner.static.flow.values import Mark, Marks, Place, Step, Value

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call


@dataclass(frozen=True, slots=True)
class Origin:
    """A source at its place."""

    source: Source
    place: Place
    ref: MethodRef


@dataclass(slots=True)
class Leak:
    """A flow: the origin's number, the sink at its place, and the way."""

    origin: int
    sink: str
    kind: str
    ref: MethodRef
    place: Place
    last: Step | None
    implicit: bool
    host: str = ""
    outlet: Outlet = NOWHERE
    assumed: set[str] = field(default_factory=set)


class Leaks:
    """Numbers the sources and collects the flows, each pair of source and sink once."""

    def __init__(self, framework: Framework) -> None:
        """Start with nothing found."""
        self.framework = framework
        self.origins: list[Origin] = []
        self.found: dict[tuple[int, Place, str], Leak] = {}
        self.sink_places: set[Place] = set()
        self._numbers: dict[tuple[str, Place], int] = {}

    def mark(self, source: Source, place: Place, ref: MethodRef) -> Mark:
        """Return the mark of a source at a place."""
        key = (source.id, place)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.origins)
            self.origins.append(Origin(source, place, ref))
        return Mark(number, last=Step(place, "", None, 1))

    def same_kind(self, call: "Call", source: Source) -> bool:
        """Return whether the receiver already carries data of which the result is a part."""
        marks = call.heap.deep_marks(call.this, into_app=False)
        return any(
            self.origins[mark.source].source.data_type.split("_")[0]
            == source.data_type.split("_")[0]
            for mark in marks
        )

    def check(self, call: "Call", sink: Sink) -> str:
        """Note flows into a sink call; return the kind of the sink when there are any."""
        self.sink_places.add(call.place)
        marks = self._data(call, sink)
        if call.machine.implicit:
            marks = marks | frozenset(m for m in call.frame.marks if m.implicit)
        if not marks:
            return ""
        kind = leaving(call.world, call, sink)
        if not kind:
            return ""
        to = outlet(call.world, call, sink)
        for mark in sorted(marks, key=lambda m: (m.source, m.implicit)):
            if kind not in mark.sunk:
                self._add(call, sink, kind, mark, to)
        return kind

    def _data(self, call: "Call", sink: Sink) -> Marks:
        marks: Marks = frozenset()
        wanted: list[Value] = []
        for one in sink.data_args or ("*",):
            if one == "*":
                wanted += call.rest
            elif one == "this":
                wanted.append(call.this)
            elif isinstance(one, int) and one < len(parameters(call.ref.descriptor)):
                wanted.append(call.arg(one))
        for value in wanted:
            marks = marks | call.world.outgoing(call, value)
        return marks

    def _add(self, call: "Call", sink: Sink, kind: str, mark: Mark, to: Outlet) -> None:
        key = (mark.source, call.place, kind)
        known = self.found.get(key)
        if known is not None and (mark.implicit or not known.implicit):
            known.outlet = known.outlet if known.outlet.recipient else to
            return
        host = call.world.host_of(call) if kind == "network" else ""
        self.found[key] = Leak(
            mark.source, sink.id, kind, call.ref, call.place, mark.last, mark.implicit, host, to
        )

    def given_back(self, sink: Sink, method: Method, marks: Marks, to: Outlet) -> None:
        """Note flows into what the platform hands to other apps when a method has returned."""
        place = Place(method.number, -1)
        kind = self.framework.points.kinds.get(sink.kind, "other")
        ref = MethodRef(method.cls, method.name, method.descriptor)
        for mark in sorted(marks, key=lambda m: (m.source, m.implicit)):
            self.found.setdefault(
                (mark.source, place, kind),
                Leak(
                    mark.source,
                    sink.id,
                    kind,
                    ref,
                    place,
                    mark.last,
                    mark.implicit,
                    outlet=to,
                ),
            )

    def sunk(self, call: "Call", value: Value, kind: str) -> Value:
        """Note on what a sink call leaves in its object or result that it was reported already."""
        for ref in sorted(call.this.refs):
            if call.machine.things[ref].component:
                continue
            for name, inner in call.heap.fields(ref):
                if inner.marks and name[0] in "$[{":
                    marked = inner.marked(self._with(inner.marks, kind))
                    call.heap.put(ref, name, marked)
        return value.marked(self._with(value.marks, kind))

    def _with(self, marks: Marks, kind: str) -> Marks:
        return frozenset(
            m if kind in m.sunk else Mark(m.source, m.implicit, m.sunk | {kind}, m.last)
            for m in marks
        )

"""Flows as evidence: places with class, method and offset, the way in readable steps."""

from scanner.model.static import DataFlow, FlowStep, Location
from scanner.static.dex.text import java_name
from scanner.static.flow.code import FieldRef, Ins, MethodRef
from scanner.static.flow.leaks import Leak, Leaks
from scanner.static.flow.program import Program, parameters
from scanner.static.flow.values import Place, Step
from scanner.static.names import Names

_MOST_STEPS = 40
_ASSUMED = frozenset(("implicit", "native", "any-key"))
_DOUBTFUL = frozenset(("implicit", "any-key"))


def data_flows(leaks: Leaks, program: Program, names: Names) -> tuple[DataFlow, ...]:
    """Return the flows found, sorted by source and sink; `names` restores what was renamed."""
    words = _Words(program, names)
    flows = [_flow(leak, leaks, words) for leak in leaks.found.values()]
    return tuple(sorted(flows, key=_order))


def _order(flow: DataFlow) -> tuple[str, ...]:
    return (
        flow.data_type,
        flow.source.cls,
        flow.source.method,
        f"{flow.source.offset:08d}",
        flow.sink.cls,
        flow.sink.method,
        f"{flow.sink.offset:08d}",
        flow.sink_kind,
    )


def _flow(leak: Leak, leaks: Leaks, words: "_Words") -> DataFlow:
    origin = leaks.origins[leak.origin]
    steps = _steps(leak.last, leak.place)
    assumed = set(leak.assumed)
    kinds = _kinds(leak.last)
    assumed.update(kind for kind in kinds if kind in _ASSUMED)
    return DataFlow(
        data_type=origin.source.data_type,
        source_api=origin.source.id,
        source=words.location(origin.place),
        sink_api=leak.sink,
        sink_kind=leak.kind,
        sink=words.location(leak.place),
        path=tuple(words.step(place) for place in steps),
        transforms=tuple(kind for kind in kinds if kind not in _ASSUMED),
        host=leak.host,
        component=leak.outlet.component,
        recipient=leak.outlet.recipient,
        guard=leak.outlet.guard,
        confidence="tentative" if leak.implicit or assumed & _DOUBTFUL else "firm",
        assumed=tuple(sorted(assumed)),
    )


def _steps(last: Step | None, sink: Place) -> list[Place]:
    places = [sink]
    while last is not None:
        if places[-1] != last.place and last.place.method >= 0:
            places.append(last.place)
        last = last.before
    places.reverse()
    if len(places) > _MOST_STEPS:
        half = _MOST_STEPS // 2
        places = places[:half] + places[-half:]
    return places


def _kinds(last: Step | None) -> tuple[str, ...]:
    """Return the named steps in order, repeats in a row once."""
    kinds: list[str] = []
    while last is not None:
        if last.kind and (not kinds or kinds[-1] != last.kind):
            kinds.append(last.kind)
        last = last.before
    return tuple(reversed(kinds))


class _Words:
    """Places and statements in the names that the developer wrote."""

    def __init__(self, program: Program, names: Names) -> None:
        self.program, self.names = program, names

    def location(self, place: Place) -> Location:
        """Return a place, with the source line when there is one."""
        place = self.program.real(place)
        return self.names.place(place.method, place.offset)

    def step(self, place: Place) -> FlowStep:
        """Return a place with the statement that stands there."""
        code = self.program.code(self.program.method(place.method))
        ins = code.instructions.get(place.offset) if code is not None else None
        return FlowStep(place=self.location(place), statement=self.statement(ins) if ins else "")

    def statement(self, ins: Ins) -> str:
        """Return an instruction as a person reads it: what is called, read or written."""
        ref = ins.ref
        if isinstance(ref, MethodRef):
            kinds = [java_name(one) for one in parameters(ref.descriptor)]
            cls, name = self.names.named_method(java_name(ref.cls), ref.name, kinds)
            given = ", ".join(self.names.named_class(one).rpartition(".")[2] for one in kinds)
            return f"{cls}.{name}({given})"
        if isinstance(ref, FieldRef):
            arrow = "=" if "put" in ins.name else ""
            return f"{self.names.named_field(java_name(ref.cls), ref.name)} {arrow}".rstrip()
        return ins.name

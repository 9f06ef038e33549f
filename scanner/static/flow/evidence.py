"""Flows as evidence: places with class, method and offset, the way in readable steps."""

from scanner.model.static import DataFlow, FlowStep, Location
from scanner.static.dex.debug import line_of
from scanner.static.dex.text import java_name
from scanner.static.flow.code import FieldRef, Ins, MethodRef
from scanner.static.flow.leaks import Leak, Leaks
from scanner.static.flow.program import Program, parameters
from scanner.static.flow.values import Place, Step

_MOST_STEPS = 40
_ASSUMED = frozenset(("implicit", "native", "any-key"))
_DOUBTFUL = frozenset(("implicit", "any-key"))


def data_flows(leaks: Leaks, program: Program) -> tuple[DataFlow, ...]:
    """Return the flows found, sorted by source and sink."""
    flows = [_flow(leak, leaks, program) for leak in leaks.found.values()]
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


def _flow(leak: Leak, leaks: Leaks, program: Program) -> DataFlow:
    origin = leaks.origins[leak.origin]
    steps = _steps(leak.last, leak.place)
    assumed = set(leak.assumed)
    kinds = _kinds(leak.last)
    assumed.update(kind for kind in kinds if kind in _ASSUMED)
    return DataFlow(
        data_type=origin.source.data_type,
        source_api=origin.source.id,
        source=location(program, origin.place),
        sink_api=leak.sink,
        sink_kind=leak.kind,
        sink=location(program, leak.place),
        path=tuple(_step(program, place) for place in steps),
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


def location(program: Program, place: Place) -> Location:
    """Return a place in Java names, with the source line when there is one."""
    place = program.real(place)
    method = program.method(place.method)
    file = program.index.file_of_def(place.method)
    return Location(
        cls=java_name(method.cls),
        method=method.name,
        descriptor=method.descriptor,
        offset=place.offset,
        dex=program.index.files[file].name,
        line=line_of(program.index, place.method, max(place.offset, 0)),
    )


def _step(program: Program, place: Place) -> FlowStep:
    code = program.code(program.method(place.method))
    ins = code.instructions.get(place.offset) if code is not None else None
    return FlowStep(place=location(program, place), statement=statement(ins) if ins else "")


def statement(ins: Ins) -> str:
    """Return an instruction as a person reads it: what is called, read or written."""
    ref = ins.ref
    if isinstance(ref, MethodRef):
        arguments = ", ".join(java_name(p).rpartition(".")[2] for p in parameters(ref.descriptor))
        return f"{java_name(ref.cls)}.{ref.name}({arguments})"
    if isinstance(ref, FieldRef):
        arrow = "=" if "put" in ins.name else ""
        return f"{java_name(ref.cls)}.{ref.name} {arrow}".rstrip()
    return ins.name

"""Questions that several checks ask of the matrix and of what was seen happening."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from checks.matrix import owner
from checks.names import actor_name, type_name
from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.common import CONFIDENCES, Confidence, Phase
from scanner.model.matrix import Cell
from scanner.model.runtime import RuntimeEvidence
from scanner.model.traffic import TrafficEvidence


class Seen(NamedTuple):
    """What one actor was seen doing with one data type: references, hosts, and how sure it is."""

    data_type: str
    actor: str
    refs: tuple[str, ...]
    hosts: tuple[str, ...]
    times: int
    confidence: Confidence


def seen_in(
    phases: Iterable[Phase],
    traffic: TrafficEvidence | None,
    runtime: RuntimeEvidence | None,
    know: Knowledge,
    *,
    whose: Callable[[str, Knowledge], str] = owner,
) -> list[Seen]:
    """Return what was seen in the given phases, by data type and actor, in order.

    `whose` says who counts as the actor: who answers for it, or who receives it.
    """
    wanted = set(phases)
    found: dict[tuple[str, str], list[Seen]] = {}
    for one in (*_sent(traffic, wanted, know, whose), *_accessed(runtime, wanted, know)):
        found.setdefault((one.data_type, one.actor), []).append(one)
    return [_united(found[key]) for key in sorted(found)]


def _sent(
    traffic: TrafficEvidence | None,
    phases: set[Phase],
    know: Knowledge,
    whose: Callable[[str, Knowledge], str],
) -> list[Seen]:
    if traffic is None:
        return []
    return [
        Seen(
            s.data_type,
            whose(s.actor, know),
            (f"traffic/sightings/{s.id}",),
            (s.host,),
            s.count,
            s.confidence,
        )
        for s in traffic.sightings
        if s.phase in phases and s.side == "request"
    ]


def _accessed(runtime: RuntimeEvidence | None, phases: set[Phase], know: Knowledge) -> list[Seen]:
    if runtime is None:
        return []
    return [
        Seen(
            e.data_type,
            owner(e.actor, know),
            (f"runtime/events/{number}",),
            (),
            e.count,
            e.confidence,
        )
        for number, e in enumerate(runtime.events)
        if e.phase in phases and e.data_type and e.allowed is not False
    ]


def _united(same: list[Seen]) -> Seen:
    """Join repeats; as sure as the surest of them."""
    return Seen(
        same[0].data_type,
        same[0].actor,
        tuple(ref for one in same for ref in one.refs)[:5],
        tuple(sorted({host for one in same for host in one.hosts})),
        sum(one.times for one in same),
        min((one.confidence for one in same), key=CONFIDENCES.index),
    )


def phases_marked(
    traffic: TrafficEvidence | None, runtime: RuntimeEvidence | None
) -> frozenset[Phase]:
    """Return the phases that captures and logs cover, whether anything was seen in them or not."""
    marked: set[Phase] = set()
    if traffic is not None:
        marked |= {span.phase for span in traffic.phases}
        marked |= {phase for capture in traffic.captures for phase in capture.phases}
        marked |= {s.phase for s in traffic.sightings}
    if runtime is not None:
        marked |= {event.phase for event in runtime.events}
    return frozenset(marked - {"unknown", "boundary"})


def words(know: Knowledge, data_type: str, actor: str) -> dict[str, str | Text]:
    """Return the arguments `data` and `actor` of a message."""
    return {"data": type_name(know, data_type), "actor": actor_name(know, actor)}


def subject(cell: Cell | Seen) -> str:
    """Return what a finding about a cell is about; it enters the fingerprint."""
    return f"{cell.data_type}/{cell.actor}"


def refs(cell: Cell, *prefixes: str) -> tuple[str, ...]:
    """Return the cell's references that begin with one of the prefixes."""
    return tuple(ref for ref in cell.evidence if ref.startswith(prefixes))


def is_nobody(actor: str) -> bool:
    """Tell whether nobody knows whom the code or the host belongs to."""
    return ":" in actor


def confidence(cell: Cell) -> Confidence:
    """Return how sure it is that this actor handles the data: seen is surer than possible."""
    if cell.observed_confidence is not None:
        return cell.observed_confidence
    doubtful = cell.reachable_confidence == "tentative" and not cell.leaves
    return "tentative" if doubtful or is_nobody(cell.actor) else "firm"

"""Build the evidence matrix: what each source says about a data type in the hands of an actor."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, get_args

from checks.declared import declared_for
from checks.grants import attainable, missing_grants
from checks.judging import judging
from checks.library_work import library_work
from profiles.model import Knowledge
from scanner.model.common import APP, CONFIDENCES, Confidence, Gap, Phase
from scanner.model.evidence import Evidence
from scanner.model.matrix import Cell, Declared, Matrix
from scanner.model.runtime import RuntimeEvent
from scanner.model.static import CollectionSite, DataFlow
from scanner.model.traffic import Destination, Sighting

_CALLS, _FLOWS, _SEEN = 3, 2, 5
"""How many references of each kind a cell carries: enough to show, not to drown."""

PHASES: tuple[Phase, ...] = get_args(Phase)
"""The phases in the order of the story."""

Key = tuple[str, str]


class _Facts:
    """The evidence sorted by cell."""

    def __init__(self) -> None:
        self.calls: defaultdict[Key, list[tuple[int, CollectionSite]]] = defaultdict(list)
        self.flows: defaultdict[Key, list[tuple[int, DataFlow]]] = defaultdict(list)
        self.seen: defaultdict[Key, list[Sighting]] = defaultdict(list)
        self.events: defaultdict[Key, list[tuple[str, RuntimeEvent]]] = defaultdict(list)
        self.said: set[Key] = set()


def build_matrix(evidence: Evidence, know: Knowledge) -> Matrix:
    """Return every cell that code, traffic, run time or policy speaks of, ordered.

    A value is None where nobody looked or a gap makes silence worthless. What a library reads for
    its own work is nobody's collection.
    """
    facts = _sort(evidence, know)
    keys = {*facts.calls, *facts.flows, *facts.seen, *facts.events, *facts.said}
    return Matrix(cells=tuple(_cell(key, facts, evidence, know) for key in sorted(keys)))


def is_blocked(gaps: Iterable[Gap], field: str) -> bool:
    """Tell whether a gap makes silence of an evidence field (`static.calls`) worthless."""
    part = field.partition(".")[0]
    return any(field in gap.blocks or part in gap.blocks for gap in gaps)


def recipient(actor: str, know: Knowledge) -> str:
    """Return who holds the data: an open-source library is no data processor, so what it reads
    it reads for the app.
    """
    return APP if not actor or actor in know.libraries else actor


def owner(actor: str, know: Knowledge) -> str:
    """Return who answers for a collection. Nobody is known behind some hosts, but it is the app
    that sends to them.
    """
    held = recipient(actor, know)
    return APP if held.startswith("host:") else held


def is_any_data(data_type: str, know: Knowledge) -> bool:
    """Tell whether a type is the root of the tree: what another app hands over may be anything."""
    return know.ancestors(data_type) == (data_type,)


def _sort(evidence: Evidence, know: Knowledge) -> _Facts:
    facts = _Facts()
    if evidence.static is not None:
        works = library_work(know)
        for number, call in enumerate(evidence.static.calls):
            if works.what(call):
                continue
            kind = attainable(call.data_type, evidence, know)
            facts.calls[kind, owner(call.actor, know)].append((number, call))
        for number, flow in enumerate(evidence.static.flows):
            if is_any_data(flow.data_type, know):
                continue
            kind = attainable(flow.data_type, evidence, know)
            facts.flows[kind, owner(flow.actor, know)].append((number, flow))
    _sort_observed(facts, evidence, know)
    facts.said = _said(evidence, know)
    return facts


def _sort_observed(facts: _Facts, evidence: Evidence, know: Knowledge) -> None:
    """Sort what was seen happening. A reply that carries data is no collection by the app, an
    access that the device refused gave nothing.
    """
    if evidence.traffic is not None:
        for sighting in evidence.traffic.sightings:
            if sighting.side == "request":
                facts.seen[sighting.data_type, owner(sighting.actor, know)].append(sighting)
    if evidence.runtime is not None:
        for number, event in enumerate(evidence.runtime.events):
            if event.data_type and event.allowed is not False:
                key = (event.data_type, owner(event.actor, know))
                facts.events[key].append((f"runtime/events/{number}", event))


def _said(evidence: Evidence, know: Knowledge) -> set[Key]:
    """Return the cells that the policy speaks of: leaf types of the app, and of SDKs present."""
    if evidence.policy is None:
        return set()
    present = None
    if evidence.static is not None:
        present = {match.sdk for match in evidence.static.sdks}
    said = {
        (data_type, statement.actor)
        for statement in evidence.policy.statements
        if statement.polarity != "negative" and statement.action in ("collect", "use")
        for data_type in statement.data_types
    }
    said |= {(data_type, row.sdk) for row in evidence.policy.sdks for data_type in row.data_types}
    return {
        (data_type, actor)
        for data_type, actor in said
        if data_type in know.data_types
        and not know.data_types[data_type].group
        and (actor == APP or (actor in know.sdks and (present is None or actor in present)))
    }


def _cell(key: Key, facts: _Facts, evidence: Evidence, know: Knowledge) -> Cell:
    data_type, actor = key
    calls, flows = facts.calls.get(key, []), facts.flows.get(key, [])
    seen, events = facts.seen.get(key, []), facts.events.get(key, [])
    observed: list[Sighting | RuntimeEvent] = [*seen, *(event for _, event in events)]
    early = _early([call for _, call in calls], evidence, know)
    declared, nearest = _declared(key, evidence, know)
    places = _places(seen, evidence)
    return Cell(
        data_type=data_type,
        actor=actor,
        reachable=_reachable([call for _, call in calls], evidence),
        reachable_confidence=_surest([call for _, call in calls]),
        before_consent=early.answer,
        before_consent_confidence=early.confidence if early.answer else None,
        before_consent_needs=early.needs,
        leaves=_leaves([flow for _, flow in flows], evidence, know),
        observed=_phases([one.phase for one in observed]),
        observed_count=sum(one.count for one in observed),
        observed_confidence=min(
            (one.confidence for one in observed), key=CONFIDENCES.index, default=None
        ),
        declared=declared,
        nearest=nearest,
        sdk_declares=_sdk_declares(key, know),
        countries=tuple(sorted({d.hosting_country for d in places if d.hosting_country})),
        outside=_outside(places),
        evidence=(
            *(f"static/calls/{number}" for number, _ in _best(calls)[:_CALLS]),
            *(f"static/flows/{number}" for number, _ in flows[:_FLOWS]),
            *(f"traffic/sightings/{s.id}" for s in _by_phase(seen)[:_SEEN]),
            *(ref for ref, _ in events[:_SEEN]),
            *((nearest,) if nearest else ()),
        ),
    )


def _declared(key: Key, evidence: Evidence, know: Knowledge) -> tuple[Declared, str]:
    """Return how the policy covers a cell.

    Code or a host that nobody knows may be the app itself: what the policy says of the app
    counts for it first.
    """
    if evidence.policy is None:
        return "not_assessed", ""
    data_type, actor = key
    answer, nearest = declared_for(data_type, APP if ":" in actor else actor, evidence.policy, know)
    if answer == "omitted" and ":" in actor:
        answer, nearest = declared_for(data_type, actor, evidence.policy, know)
    if answer == "omitted" and is_blocked(evidence.gaps, "policy.statements"):
        return "not_assessed", nearest
    return answer, nearest


def _reachable(calls: list[CollectionSite], evidence: Evidence) -> bool | None:
    """Tell whether a site can run; one that nobody could decide proves neither yes nor no."""
    if any(call.reach.reachable for call in calls):
        return True
    undecided = any(call.reach.reachable is None for call in calls)
    return None if undecided or _unread(evidence, "static.calls") else False


class _Early(NamedTuple):
    """Whether code reads something before consent, how sure that is, and what must be granted."""

    answer: bool | None
    confidence: Confidence = "tentative"
    needs: tuple[str, ...] = ()


def _early_site(call: CollectionSite, evidence: Evidence, know: Knowledge) -> _Early:
    """Without the permission the call yields nothing, so a sure chain alone accuses nobody."""
    sure = early_confidence(call, judging(know).sure_chain)
    needs = missing_grants(call, evidence, know) if sure != "tentative" else ()
    return _Early(True, "tentative" if needs else sure, needs)


def _surest(calls: list[CollectionSite]) -> Confidence | None:
    sure = [call.confidence for call in calls if call.reach.reachable]
    return min(sure, key=CONFIDENCES.index, default=None)


def _early(calls: list[CollectionSite], evidence: Evidence, know: Knowledge) -> _Early:
    """Judge by the surest site; one that only waits for a permission comes before a guarded one."""
    sites = [_early_site(call, evidence, know) for call in calls if call.reach.before_consent]
    if sites:
        return min(sites, key=lambda s: (CONFIDENCES.index(s.confidence), not s.needs, s.needs))
    undecided = any(call.reach.before_consent is None for call in calls)
    return _Early(None if undecided or _unread(evidence, "static.calls") else False)


def early_confidence(call: CollectionSite, longest: int) -> Confidence:
    """Return how sure it is that a site runs before consent.

    A guard on the way may prevent it, and so may any step of a chain over `longest` steps.
    """
    far = len(call.reach.chain) > longest
    return "tentative" if call.reach.guarded or far else call.confidence


def _leaves(flows: list[DataFlow], evidence: Evidence, know: Knowledge) -> bool | None:
    leaving = judging(know).leaving_sinks
    if any(flow.sink_kind in leaving for flow in flows):
        return True
    return None if _unread(evidence, "static.flows") else False


def _unread(evidence: Evidence, field: str) -> bool:
    return evidence.static is None or is_blocked(evidence.gaps, field)


def _best(calls: list[tuple[int, CollectionSite]]) -> list[tuple[int, CollectionSite]]:
    """Order sites by how much they show: before consent, reachable, sure; then by place."""
    return sorted(
        calls,
        key=lambda item: (
            not item[1].reach.before_consent,
            item[1].reach.guarded,
            not item[1].reach.reachable,
            CONFIDENCES.index(item[1].confidence),
            item[0],
        ),
    )


def _phases(phases: list[Phase]) -> tuple[Phase, ...]:
    return tuple(phase for phase in PHASES if phase in phases)


def _by_phase(seen: list[Sighting]) -> list[Sighting]:
    """Order sightings by phase, so that what is shown covers the phases that matter first."""
    return sorted(seen, key=lambda s: (PHASES.index(s.phase), s.id))


def _places(seen: list[Sighting], evidence: Evidence) -> list[Destination]:
    if evidence.traffic is None:
        return []
    hosts = {sighting.host for sighting in seen}
    return [d for d in evidence.traffic.destinations if d.host in hosts]


def _outside(places: list[Destination]) -> bool | None:
    """Tell whether any destination lies outside the mainland; False when all lie inside."""
    if any(place.outside for place in places):
        return True
    return False if places and all(place.outside is False for place in places) else None


def _sdk_declares(key: Key, know: Knowledge) -> bool | None:
    """Whether the SDK's own statement names the type or a wider one. What we merely expect of an
    SDK (`data_expected`) is no statement.
    """
    data_type, actor = key
    sdk = know.sdks.get(actor)
    if sdk is None or not sdk.data_declared:
        return None
    return any(wider in sdk.data_declared for wider in know.ancestors(data_type))

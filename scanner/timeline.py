"""The consent story: phases in order, and when personal data was seen leaving in each."""

from datetime import datetime
from itertools import groupby

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.result import Timeline, TimelineEvent, TimelineSpan
from scanner.model.traffic import TrafficEvidence

MAX_EVENTS = 400
MAX_SPANS = 16


def timeline(evidence: Evidence) -> Timeline | None:
    """Return the timeline, or None when nobody marked phases."""
    traffic = evidence.traffic
    if traffic is None:
        return None
    spans = _spans(traffic)
    if not spans:
        return None
    events = tuple(_within(event, spans) for event in _events(traffic))
    return Timeline(
        spans=spans, events=events[:MAX_EVENTS], omitted=max(0, len(events) - MAX_EVENTS)
    )


def _spans(traffic: TrafficEvidence) -> tuple[TimelineSpan, ...]:
    """Return the marked phases; without marks, the runs of exchanges that carry one."""
    marked = [
        TimelineSpan(phase=span.phase, start=span.start, end=span.end or span.start)
        for span in traffic.phases
        if span.start
    ]
    if not marked:
        timed = sorted((e.time, e.phase) for e in traffic.exchanges if e.time)
        for phase, run in groupby(timed, key=lambda pair: pair[1]):
            times = [time for time, _ in run]
            if phase != "unknown":
                marked.append(TimelineSpan(phase=phase, start=times[0], end=times[-1]))
    marked.sort(key=lambda span: (span.start, span.end, span.phase))
    return tuple(
        msgspec.structs.replace(span, seconds=_seconds(span.start, span.end))
        for span in marked[:MAX_SPANS]
    )


def _within(event: TimelineEvent, spans: tuple[TimelineSpan, ...]) -> TimelineEvent:
    """Return the event with the stretch of its phase that it lies in."""
    for number, span in enumerate(spans):
        if span.phase == event.phase and span.start <= event.time <= span.end:
            after = _seconds(span.start, event.time)
            return msgspec.structs.replace(event, span=number, after=after)
    return event


def _seconds(start: str, end: str) -> float:
    """Return the seconds between two ISO 8601 times, 0 when they cannot be read."""
    try:
        return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
    except (ValueError, TypeError):
        return 0.0


def _events(traffic: TrafficEvidence) -> tuple[TimelineEvent, ...]:
    """Return one event per exchange that shows a sighting, in order of time."""
    times = {exchange.id: exchange.time for exchange in traffic.exchanges}
    found = {
        (time, sighting.phase, sighting.actor, sighting.data_type, sighting.host)
        for sighting in traffic.sightings
        for time in {times.get(name, "") for name in sighting.exchanges} | {sighting.first}
        if time
    }
    return tuple(
        TimelineEvent(time=time, phase=phase, actor=actor, data_type=data_type, host=host)
        for time, phase, actor, data_type, host in sorted(found)
    )

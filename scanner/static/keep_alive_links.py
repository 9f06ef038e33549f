"""Tricks by which code stays alive: what several classes, or code and manifest, show together."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from scanner.model.static import Behaviour
from scanner.static.dex.text import dex_name
from scanner.static.facts import PackageFacts
from scanner.static.named_links import callers, named
from scanner.static.trick_calls import TrickCalls


def find_linked_tricks(calls: TrickCalls, facts: PackageFacts) -> Iterator[Behaviour]:
    """Yield services that come back, processes that watch each other, syncs by an account, and
    notifications that a second service takes away.
    """
    yield from _comebacks(calls)
    yield from _guards(calls, facts)
    yield from _account_syncs(calls, facts)
    yield from _taken_notifications(calls)


# services that come back ----------------------------------------------------------------------


def _comebacks(calls: TrickCalls) -> Iterator[Behaviour]:
    """Yield methods that run when a service ends and set an alarm or a job, or start a service:
    themselves, or by a method of their own class.
    """
    ends = calls.overrides("ends")
    if not ends:
        return
    index = calls.code.index
    started = callers(index, named(index, calls.code.rules.keep_alive.starts))
    ways = {row: [row, *calls.own_callees(row)] for row in ends}
    for name, direct in (("restart", started), ("timed-restart", calls.calling("timers"))):
        for row, rows in ways.items():
            if direct[rows].any():
                yield calls.trick(name, row, sure="tentative" if calls.in_library(row) else "firm")


# processes that watch each other --------------------------------------------------------------


def _guards(calls: TrickCalls, facts: PackageFacts) -> Iterator[Behaviour]:
    """Yield pairs of services in two processes of the app each of which binds to the other."""
    services = [c for c in facts.components if c.kind == "service" and c.enabled]
    process = {c.name: c.process for c in services}
    if len(set(process.values())) < 2:  # noqa: PLR2004 - two processes
        return
    watched = _bound(calls, process)
    for one, others in sorted(watched.items()):
        for other, row in sorted(others.items()):
            if one < other and one in watched.get(other, {}) and process[one] != process[other]:
                yield calls.trick(f"mutual-guard: {other}", row)


def _bound(calls: TrickCalls, services: dict[str, str]) -> dict[str, dict[str, int]]:
    """Return service -> the services that its source file binds to, with the method row."""
    code, index = calls.code, calls.code.index
    kinds = {index.type_id(dex_name(name)): name for name in services}
    binds = callers(index, named(index, code.rules.keep_alive.binds))
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    kinds.pop(-1, None)
    for kind, row, _, _ in code.sites(index.const_classes, kinds):
        own = calls.file(row)
        if binds[row] and own in services:
            found[own].setdefault(kinds[kind], row)
    return found


# syncs by an account --------------------------------------------------------------------------


def _account_syncs(calls: TrickCalls, facts: PackageFacts) -> Iterator[Behaviour]:
    """Yield where a sync is switched on by an app that makes an account for it: a hint only, since
    calendars and address books do the same.
    """
    rules = calls.code.rules.keep_alive
    actions = {a for c in facts.components if c.kind == "service" for a in c.actions}
    if rules.sync_action not in actions or not calls.ids("accounts"):
        return
    for row in np.flatnonzero(calls.calling("sync-switches")).tolist():
        if not calls.in_library(row):
            yield calls.trick("account-sync", row, sure="tentative")


# notifications that a second service takes away -----------------------------------------------


def _taken_notifications(calls: TrickCalls) -> Iterator[Behaviour]:
    """Yield services that show a notification under the number of another service, and take it
    away in the same method: that of the other goes with it. A hint: two services may share a
    number by chance.
    """
    code = calls.code
    shown: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for _, row, offset, at in code.sites(code.index.invokes, calls.ids("foreground")):
        number = code.constants.argument(row, at, 0)
        if number is not None and number.number is not None and not calls.in_library(row):
            shown[number.number].setdefault(row, offset)
    if not any(len(rows) > 1 for rows in shown.values()):
        return
    ended = calls.calling("foreground-ends")
    for rows in shown.values():
        shared = len({int(code.index.defs.cls[row]) for row in rows}) > 1
        for row, offset in rows.items():
            if shared and ended[row]:
                yield calls.trick("taken-notification", row, offset, sure="tentative")

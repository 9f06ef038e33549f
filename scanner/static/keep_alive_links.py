"""Tricks by which code stays alive: what several classes, or code and manifest, show together."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.code_rules import Calls
from scanner.static.dex.arrays import Bool
from scanner.static.dex.text import dex_name
from scanner.static.facts import PackageFacts
from scanner.static.keep_alive import file_of, trick
from scanner.static.members import MemberTable, Wanted, Wishes, meanings
from scanner.static.named_links import callers, named


def find_linked_tricks(code: Code, facts: PackageFacts) -> Iterator[Behaviour]:
    """Yield services that come back, processes that watch each other, syncs by an account, and
    notifications that a second service takes away.
    """
    yield from _comebacks(code)
    yield from _guards(code, facts)
    yield from _account_syncs(code, facts)
    yield from _taken_notifications(code)


def _calling(code: Code, calls: tuple[Calls, ...]) -> Bool:
    """Return a mark per method row: it calls one of these methods."""
    means = meanings(code.index, code.hierarchy, [(one.cls, one.names, "") for one in calls])
    return callers(code.index, means[""])


# services that come back ----------------------------------------------------------------------


def _comebacks(code: Code) -> Iterator[Behaviour]:
    """Yield methods that run when a service ends and set an alarm or a job, or start a service:
    themselves, or by a method of their own class.
    """
    rules = code.rules.keep_alive
    wishes = Wishes(Wanted(one.cls, name, (), "") for one in rules.ends for name in one.names)
    ends = [m.ref for m in MemberTable(code.index, code.hierarchy, wishes).overrides()]
    if not ends:
        return
    started = callers(code.index, named(code.index, rules.starts))
    for name, direct in (("restart", started), ("timed-restart", _calling(code, rules.timers))):
        for row in ends:
            if direct[row] or direct[_own_callees(code, row)].any():
                library = code.owners.is_library(int(code.index.defs.cls[row]))
                yield trick(code, name, row, sure="tentative" if library else "firm")


def _own_callees(code: Code, row: int) -> list[int]:
    """Return the methods of its own class that a method calls."""
    index = code.index
    start, end = np.searchsorted(index.invokes.owner, (row, row + 1)).tolist()
    called = index.def_of_method[index.invokes.id[start:end]]
    called = called[called >= 0]
    inside: list[int] = called[index.defs.cls[called] == index.defs.cls[row]].tolist()
    return inside


# processes that watch each other --------------------------------------------------------------


def _guards(code: Code, facts: PackageFacts) -> Iterator[Behaviour]:
    """Yield pairs of services in two processes of the app each of which binds to the other."""
    services = [c for c in facts.components if c.kind == "service" and c.enabled]
    process = {c.name: c.process for c in services}
    if len(set(process.values())) < 2:  # noqa: PLR2004 - two processes
        return
    watched = _bound(code, process)
    for one, others in sorted(watched.items()):
        for other, row in sorted(others.items()):
            if one < other and one in watched.get(other, {}) and process[one] != process[other]:
                yield trick(code, f"mutual-guard: {other}", row)


def _bound(code: Code, services: dict[str, str]) -> dict[str, dict[str, int]]:
    """Return service -> the services that its source file binds to, with the method row."""
    index = code.index
    kinds = {index.type_id(dex_name(name)): name for name in services}
    binds = callers(index, named(index, code.rules.keep_alive.binds))
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    kinds.pop(-1, None)
    for kind, row, _, _ in code.sites(index.const_classes, kinds):
        own = file_of(code, row)
        if binds[row] and own in services:
            found[own].setdefault(kinds[kind], row)
    return found


# syncs by an account --------------------------------------------------------------------------


def _account_syncs(code: Code, facts: PackageFacts) -> Iterator[Behaviour]:
    """Yield where a sync is switched on by an app that makes an account for it: a hint only, since
    calendars and address books do the same.
    """
    rules = code.rules.keep_alive
    actions = {a for c in facts.components if c.kind == "service" for a in c.actions}
    if rules.sync_action not in actions or not _calling(code, rules.accounts).any():
        return
    for row in np.flatnonzero(_calling(code, rules.sync_switches)).tolist():
        if not code.owners.is_library(int(code.index.defs.cls[row])):
            yield trick(code, "account-sync", row, sure="tentative")


# notifications that a second service takes away -----------------------------------------------


def _taken_notifications(code: Code) -> Iterator[Behaviour]:
    """Yield services that show a notification under the number of another service, and take it
    away in the same method: that of the other goes with it. A hint: two services may share a
    number by chance.
    """
    rules = code.rules.keep_alive
    members = [(one.cls, one.names, "") for one in rules.foreground]
    ids = np.flatnonzero(meanings(code.index, code.hierarchy, members)[""]).tolist()
    shown: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for _, row, offset, at in code.sites(code.index.invokes, ids):
        number = code.constants.argument(row, at, 0)
        library = code.owners.is_library(int(code.index.defs.cls[row]))
        if number is not None and number.number is not None and not library:
            shown[number.number].setdefault(row, offset)
    if not any(len(rows) > 1 for rows in shown.values()):
        return
    ended = _calling(code, rules.foreground_ends)
    for rows in shown.values():
        for row, offset in rows.items():
            others = {int(code.index.defs.cls[other]) for other in rows}
            if ended[row] and len(others) > 1:
                yield trick(code, "taken-notification", row, offset, sure="tentative")

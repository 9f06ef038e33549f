"""Tricks by which code stays alive: what one class shows.

The detail of such a behaviour begins with the name of the trick (`trick.*` in the words).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from scanner.model.common import Confidence
from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.dex.instructions import instructions
from scanner.static.trick_calls import TrickCalls

_SERVICE = "Landroid/app/Service;"
_ACTIVITY = "Landroid/app/Activity;"
_NOP, _RETURN_VOID, _NEW_INSTANCE = 0x00, 0x0E, 0x22


def find_tricks(calls: TrickCalls) -> Iterator[Behaviour]:
    """Yield one-pixel windows, silent loops of sound, empty notifications and empty syncs."""
    yield from _pixel_windows(calls)
    yield from _silent_loops(calls)
    yield from _empty_notifications(calls)
    yield from _empty_syncs(calls)


def _files_below(code: Code, descriptor: str) -> frozenset[str]:
    """Return the outermost classes of source files with a class of a type."""
    kind = code.index.type_id(descriptor)
    rows = code.hierarchy.rows_below(kind).tolist()
    return frozenset(code.names.classes[row].partition("$")[0] for row in rows)


# windows of one pixel -------------------------------------------------------------------------


def _pixel_windows(calls: TrickCalls) -> Iterator[Behaviour]:
    found: dict[int, int] = {}
    for row, offset in (*calls.given("pixel"), *_sized(calls)):
        found.setdefault(row, offset)
    screens = _files_below(calls.code, _ACTIVITY) if found else frozenset()
    for row, offset in found.items():
        sure: Confidence = "firm" if calls.file(row) in screens else "tentative"
        yield calls.trick("one-pixel-window", row, offset, sure=sure)


def _sized(calls: TrickCalls) -> Iterator[tuple[int, int]]:
    """Yield the methods that set both width and height of a window to one."""
    index, owner = calls.code.index, calls.code.rules.keep_alive.window_params
    sides = [_ones(calls, index.find_fields(owner, name)) for name in ("width", "height")]
    for row in sorted(sides[0].keys() & sides[1].keys()):
        yield row, sides[0][row]


def _ones(calls: TrickCalls, fields: Iterable[int]) -> dict[int, int]:
    """Return method row -> offset of writes of the constant one."""
    code, found = calls.code, dict[int, int]()
    for _, row, offset, at in code.sites(code.index.field_writes, fields):
        made = code.constants.origin(row, at, 0)
        if made is not None and made.literal == 1 and made.ref < 0 and not calls.in_library(row):
            found.setdefault(row, offset)
    return found


# sound that nobody hears ----------------------------------------------------------------------


def _silent_loops(calls: TrickCalls) -> Iterator[Behaviour]:
    """Yield players that loop without sound in a file that shows no picture: a muted film is no
    trick, so that only a service is a clear one.
    """
    silent = {calls.file(row) for row, _ in calls.given("silent")}
    loops: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, offset in calls.given("loops"):
        if calls.file(row) in silent:
            loops[calls.file(row)].append((row, offset))
    if not loops:
        return
    shown, services = _showing(calls), _files_below(calls.code, _SERVICE)
    for name in sorted(loops.keys() - shown):
        sure: Confidence = "firm" if name in services else "tentative"
        yield calls.trick("silent-audio", *min(loops[name]), sure=sure)


def _showing(calls: TrickCalls) -> frozenset[str]:
    """Return the source files that name a type on which pictures are shown."""
    code = calls.code
    ids, kinds = code.index.ids, code.hierarchy.types_of(code.rules.keep_alive.displays)
    hits = np.isin(ids.methods.cls, kinds) | ids.proto_params.holding(kinds)[ids.methods.kind]
    users = calls.callers(np.flatnonzero(hits).tolist())
    return frozenset(calls.file(row) for row in np.flatnonzero(users).tolist())


# notifications that nobody sees ---------------------------------------------------------------


def _empty_notifications(calls: TrickCalls) -> Iterator[Behaviour]:
    """Yield services that go to the foreground with a notification in which nothing is set."""
    code, index = calls.code, calls.code.index
    made_bare = [
        method
        for method in index.find_methods(code.rules.keep_alive.notification, "<init>")
        if index.proto(int(index.ids.methods.kind[method])) == "()V"
    ]
    if not made_bare:
        return
    bare = calls.callers(made_bare)
    for _, row, offset, at in code.sites(index.invokes, calls.ids("foreground")):
        made = code.constants.origin(row, at, 2) if bare[row] else None
        if made is not None and made.opcode == _NEW_INSTANCE:
            yield calls.trick("empty-notification", row, offset)


# syncs that sync nothing ----------------------------------------------------------------------


def _empty_syncs(calls: TrickCalls) -> Iterator[Behaviour]:
    for row in calls.overrides("syncs"):
        body = [ins for ins in instructions(calls.code.index, row) if ins.opcode != _NOP]
        if len(body) == 1 and body[0].opcode == _RETURN_VOID:
            yield calls.trick("empty-sync", row)

"""Tricks by which code stays alive: what one class shows.

The detail of such a behaviour begins with the name of the trick (`trick.*` in the words).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from scanner.model.common import Confidence
from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.code_rules import CallWith
from scanner.static.dex.arrays import Bool
from scanner.static.dex.instructions import instructions
from scanner.static.members import MemberTable, Wanted, Wishes, meanings
from scanner.static.named_links import callers

SERVICE = "Landroid/app/Service;"
ACTIVITY = "Landroid/app/Activity;"
_NOP, _RETURN_VOID, _NEW_INSTANCE = 0x00, 0x0E, 0x22


def find_tricks(code: Code) -> Iterator[Behaviour]:
    """Yield one-pixel windows, silent loops of sound, empty notifications and empty syncs."""
    yield from _pixel_windows(code)
    yield from _silent_loops(code)
    yield from _empty_notifications(code)
    yield from _empty_syncs(code)


def trick(
    code: Code, name: str, row: int, offset: int = -1, *, sure: Confidence = "firm"
) -> Behaviour:
    """Return a means to stay alive at a place of the code; `name` begins with the trick's name."""
    return Behaviour(
        kind="keep-alive",
        place=code.names.place(row, offset),
        detail=name,
        actor=code.actor(row),
        reach=code.reach.of(row),
        confidence=sure,
    )


def file_of(code: Code, row: int) -> str:
    """Return the outermost class of a method row: what stands in one source file."""
    return code.names.classes[int(code.index.defs.cls[row])].partition("$")[0]


def files_below(code: Code, descriptor: str) -> frozenset[str]:
    """Return the outermost classes of source files with a class of a type."""
    kind = code.index.type_id(descriptor)
    rows = code.hierarchy.rows_below(kind).tolist()
    return frozenset(code.names.classes[row].partition("$")[0] for row in rows)


def calls_with(code: Code, wanted: Iterable[CallWith]) -> Iterator[tuple[int, int]]:
    """Yield (method row, offset) of calls outside libraries that are given these constants."""
    rules = tuple(wanted)
    wishes = Wishes(Wanted(r.cls, name, r.descriptors, r) for r in rules for name in r.names)
    found = MemberTable(code.index, code.hierarchy, wishes).methods(code.index.called)
    given = {match.ref: match.tag.given for match in found}
    for ref, row, offset, at in code.sites(code.index.invokes, given):
        if code.owners.is_library(int(code.index.defs.cls[row])):
            continue
        values = {number: code.constants.argument(row, at, number) for number in given[ref]}
        if all(v is not None and v.number == given[ref][n] for n, v in values.items()):
            yield row, offset


# windows of one pixel -------------------------------------------------------------------------


def _pixel_windows(code: Code) -> Iterator[Behaviour]:
    rules = code.rules.keep_alive
    found: dict[int, int] = {}
    for row, offset in (*calls_with(code, rules.pixel_calls), *_sized(code)):
        found.setdefault(row, offset)
    screens = files_below(code, ACTIVITY)
    for row, offset in found.items():
        sure: Confidence = "firm" if file_of(code, row) in screens else "tentative"
        yield trick(code, "one-pixel-window", row, offset, sure=sure)


def _sized(code: Code) -> Iterator[tuple[int, int]]:
    """Yield the methods that set both width and height of a window to one."""
    index, owner = code.index, code.rules.keep_alive.window_params
    sides = [_ones(code, index.find_fields(owner, name)) for name in ("width", "height")]
    for row in sorted(sides[0].keys() & sides[1].keys()):
        yield row, sides[0][row]


def _ones(code: Code, fields: Iterable[int]) -> dict[int, int]:
    """Return method row -> offset of writes of the constant one."""
    found: dict[int, int] = {}
    for _, row, offset, at in code.sites(code.index.field_writes, fields):
        made = code.constants.origin(row, at, 0)
        library = code.owners.is_library(int(code.index.defs.cls[row]))
        if made is not None and made.literal == 1 and made.ref < 0 and not library:
            found.setdefault(row, offset)
    return found


# sound that nobody hears ----------------------------------------------------------------------


def _silent_loops(code: Code) -> Iterator[Behaviour]:
    """Yield players that loop without sound in a file that shows no picture: a muted film is no
    trick, so that only a service is a clear one.
    """
    rules = code.rules.keep_alive
    silent = {file_of(code, row) for row, _ in calls_with(code, rules.silent)}
    loops: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, offset in calls_with(code, rules.loops):
        if file_of(code, row) in silent:
            loops[file_of(code, row)].append((row, offset))
    if not loops:
        return
    shown, services = _showing(code), files_below(code, SERVICE)
    for name in sorted(loops.keys() - shown):
        sure: Confidence = "firm" if name in services else "tentative"
        yield trick(code, "silent-audio", *min(loops[name]), sure=sure)


def _showing(code: Code) -> frozenset[str]:
    """Return the source files that name a type on which pictures are shown."""
    ids, hits = code.index.ids, np.zeros(len(code.index.ids.methods.cls), np.bool_)
    kinds = code.hierarchy.types_of(code.rules.keep_alive.displays)
    hits |= np.isin(ids.methods.cls, kinds) | ids.proto_params.holding(kinds)[ids.methods.kind]
    users = callers(code.index, hits)
    return frozenset(file_of(code, row) for row in np.flatnonzero(users).tolist())


# notifications that nobody sees ---------------------------------------------------------------


def _empty_notifications(code: Code) -> Iterator[Behaviour]:
    """Yield services that go to the foreground with a notification in which nothing is set."""
    index, rules = code.index, code.rules.keep_alive
    bare = _calling(code, rules.notification, "<init>", "()V")
    members = [(one.cls, one.names, "shown") for one in rules.foreground]
    ids = np.flatnonzero(meanings(index, code.hierarchy, members)["shown"]).tolist()
    for _, row, offset, at in code.sites(index.invokes, ids):
        made = code.constants.origin(row, at, 2) if bare[row] else None
        if made is not None and made.opcode == _NEW_INSTANCE:
            yield trick(code, "empty-notification", row, offset)


def _calling(code: Code, owner: str, name: str, descriptor: str) -> Bool:
    """Return a mark per method row: it calls exactly this method."""
    index = code.index
    hits = np.zeros(len(index.ids.methods.cls), np.bool_)
    for method in index.find_methods(owner, name):
        hits[method] = index.proto(int(index.ids.methods.kind[method])) == descriptor
    return callers(index, hits)


# syncs that sync nothing ----------------------------------------------------------------------


def _empty_syncs(code: Code) -> Iterator[Behaviour]:
    rules = code.rules.keep_alive
    wishes = Wishes(Wanted(one.cls, name, (), "") for one in rules.syncs for name in one.names)
    for match in MemberTable(code.index, code.hierarchy, wishes).overrides():
        body = [ins for ins in instructions(code.index, match.ref) if ins.opcode != _NOP]
        if len(body) == 1 and body[0].opcode == _RETURN_VOID:
            yield trick(code, "empty-sync", match.ref)

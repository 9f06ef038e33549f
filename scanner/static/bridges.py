"""Bridges from web pages to the app: which methods a page may call, and what data they lead to.

An object given to `addJavascriptInterface` is followed to its class; a method that only hands its
parameter on is looked through. From the methods that a page may call the call graph is walked as
far as the objects are known that a bridge holds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from scanner.model.common import Confidence
from scanner.model.static import BridgeAccess, CollectionSite, WebBridge
from scanner.static.calls import Code
from scanner.static.dex import opcodes
from scanner.static.dex.arrays import Ints
from scanner.static.dex.instructions import Instruction
from scanner.static.dex.values import methods_annotated
from scanner.static.members import MemberTable, Wanted, Wishes
from scanner.static.named_links import callers, named
from scanner.static.reach import Start, walk

_OBJECT = 1
_PUBLIC, _STATIC, _CONSTRUCTOR = 0x1, 0x8, 0x10000
_NEW, _FIELD_READS = 0x22, (*range(0x52, 0x59), *range(0x60, 0x67))
_HANDED_ON, _HELD = 3, 2
_MOST_BELOW, _MOST_WALKS = 16, 128
_MOST_WRAPPERS = 256
_TELLS_NOTHING = frozenset("VZ")


class _Given(NamedTuple):
    """A call that gives an object to a page: its method row and offset, and the object's type."""

    row: int
    offset: int
    type: int


class _Passed(NamedTuple):
    """A call (method row, offset, instruction row) and the register that passes the object."""

    row: int
    offset: int
    at: int
    place: int


def find_bridges(
    code: Code, sites: Iterable[CollectionSite], target: int | None
) -> tuple[WebBridge, ...]:
    """Return the bridges of the app, by class and place. Of objects of one class only the place
    that can run earliest is kept. `target` is the app's target SDK level.
    """
    given = list(_given(code))
    walks = _Walks(code, sites if given else ())
    opened: dict[int, tuple[tuple[int, ...], tuple[BridgeAccess, ...], bool]] = {}
    found: dict[tuple[str, str], WebBridge] = {}
    for one in sorted(given, key=lambda g: _earliest(code, g)):
        name = code.names.type_name(one.type) if _defined(code, one.type) else ""
        key = name, code.actor(one.row)
        if key in found:
            continue
        if one.type not in opened:
            rows = _callable(code, one.type, target)
            opened[one.type] = rows, walks.opens(one.type, rows), walks.left >= 0
        rows, opens, followed = opened[one.type]
        found[key] = WebBridge(
            cls=name,
            place=code.names.place(one.row, one.offset),
            actor=key[1],
            methods=tuple(sorted({code.names.row(row) for row in rows})),
            opens=opens,
            reach=code.reach.of(one.row),
            followed=followed,
        )
    return tuple(found[key] for key in sorted(found))


def _earliest(code: Code, one: _Given) -> tuple[bool, bool, int, int, int]:
    reach = code.reach.of(one.row)
    return (
        reach.reachable is False,
        not reach.before_consent,
        len(reach.chain),
        one.row,
        one.offset,
    )


# which objects --------------------------------------------------------------------------------


def _given(code: Code) -> Iterator[_Given]:
    """Yield what is given to pages, by the code that made the object."""
    calls = code.index.invokes
    rules = code.rules.bridge_calls
    wanted = Wishes(Wanted(r.cls, name, (), None) for r in rules for name in r.names)
    table = MemberTable(code.index, code.hierarchy, wanted)
    refs = [match.ref for match in table.methods(code.index.called)]
    seen: set[int] = set()
    for _, row, offset, at in code.sites(calls, refs):
        yield from _followed(code, _Passed(row, offset, at, _OBJECT), seen, _HANDED_ON)


def _followed(code: Code, here: _Passed, seen: set[int], depth: int) -> Iterator[_Given]:
    """Yield the object that a call passes; one that is a parameter is sought in the callers.

    What a wrapper hands on that nobody calls stays with the wrapper, its object unknown.
    """
    row, offset, at, place = here
    made = code.constants.origin(row, at, place)
    if made is not None:
        yield _Given(row, offset, _type_of(code, made))
        return
    number = code.constants.parameter(row, at, place)
    static = bool(code.index.defs.flags[row] & _STATIC)
    if number == 0 and not static:
        yield _Given(row, offset, int(code.index.classes.type[code.index.defs.cls[row]]))
        return
    if row in seen:
        return
    seen.add(row)
    follow = number is not None and depth and len(seen) < _MOST_WRAPPERS
    callers_ = _callers(code, row) if follow else []
    if number is None or not callers_:
        yield _Given(row, offset, -1)
        return
    for caller, where, call in callers_:
        yield from _followed(code, _Passed(caller, where, call, number), seen, depth - 1)


def _callers(code: Code, row: int) -> list[tuple[int, int, int]]:
    """Return (method row, offset, instruction row) of calls that run a method for sure."""
    refs = np.flatnonzero(code.hierarchy.resolved == row).tolist()
    return [(caller, offset, at) for _, caller, offset, at in code.sites(code.index.invokes, refs)]


def _type_of(code: Code, made: Instruction) -> int:
    """Return the type id of what an instruction makes, -1 when it is not known."""
    ids = code.index.ids
    if made.ref < 0:
        return -1
    if made.opcode == _NEW:
        return made.ref
    if made.kind == opcodes.METHOD:
        return int(ids.proto_return[int(ids.methods.kind[made.ref])])
    return int(ids.fields.kind[made.ref]) if made.opcode in _FIELD_READS else -1


def _defined(code: Code, kind: int) -> bool:
    return kind > 0 and int(code.index.classes.of_type[kind]) >= 0


# what a page may call -------------------------------------------------------------------------


def _callable(code: Code, kind: int, target: int | None) -> tuple[int, ...]:
    """Return the method rows that a page may call on an object of a type: of the class and those
    above it; of classes below where it marks none itself (an interface, a base class).
    """
    if not _defined(code, kind):
        return ()
    index = code.index
    above = [int(index.classes.of_type[t]) for t in code.hierarchy.chain(kind)]
    rows = _marked(code, (row for row in above if row >= 0), target)
    if not rows:
        below = code.hierarchy.rows_below(kind).tolist()[:_MOST_BELOW]
        rows = _marked(code, below, target)
    return tuple(sorted(rows))


def _marked(code: Code, classes: Iterable[int], target: int | None) -> set[int]:
    index, found = code.index, set[int]()
    mark = index.type_id(code.rules.bridge_mark)
    old = target is not None and target < code.rules.bridge_marks_since
    for cls in classes:
        if old:
            found.update(_public(code, cls))
        methods = methods_annotated(index, cls, mark)
        found.update(row for m in methods if (row := int(index.def_of_method[m])) >= 0)
    return found


def _public(code: Code, cls: int) -> list[int]:
    index = code.index
    methods = index.methods_of_type(int(index.classes.type[cls]))
    rows = [row for m in methods if (row := int(index.def_of_method[m])) >= 0]
    hidden = _STATIC | _CONSTRUCTOR
    return [r for r in rows if int(index.defs.flags[r]) & (_PUBLIC | hidden) == _PUBLIC]


# what they lead to ----------------------------------------------------------------------------


def _by_row(code: Code, sites: Iterable[CollectionSite]) -> dict[int, list[CollectionSite]]:
    """Return method row -> its sites."""
    by_place: defaultdict[tuple[str, str, str], list[CollectionSite]] = defaultdict(list)
    for site in sites:
        by_place[site.place.cls, site.place.method, site.place.descriptor].append(site)
    classes = {cls for cls, _, _ in by_place}
    inside = [row for row, name in enumerate(code.names.classes) if name in classes]
    found: dict[int, list[CollectionSite]] = {}
    for row in np.flatnonzero(np.isin(code.index.defs.cls, inside)).tolist():
        method = int(code.index.defs.method[row])
        proto = code.index.proto(int(code.index.ids.methods.kind[method]))
        here = by_place.get((*code.names.method(method), proto))
        if here:
            found[row] = here
    return found


class _Walks:
    """Walks from methods that a page calls; their number is limited for the whole app. `left` is
    below zero once a method was not followed.
    """

    def __init__(self, code: Code, sites: Iterable[CollectionSite]) -> None:
        self._code, self.left = code, _MOST_WALKS
        self._sites = _by_row(code, sites)
        self._scripts = callers(code.index, named(code.index, code.rules.bridge_answers))

    def opens(self, kind: int, rows: tuple[int, ...]) -> tuple[BridgeAccess, ...]:
        """Return the shortest way from each method to each data type."""
        best: dict[tuple[str, str], BridgeAccess] = {}
        for row in rows[: max(self.left, 0)]:
            for found in self._from(row, _held(self._code, kind, row)):
                key = found.method, found.data_type
                if key not in best or _better(found, best[key]):
                    best[key] = found
        self.left -= len(rows)
        return tuple(best[key] for key in sorted(best))

    def _from(self, row: int, held: Ints) -> Iterator[BridgeAccess]:
        code = self._code
        start = Start(np.array([row], np.int64), np.zeros(0, np.int64), held)
        reached = walk(code.graph, code.hierarchy, start, every=False, objects_matter=True)
        rows = np.flatnonzero(reached.mask)
        answers = bool(self._scripts[rows].any()) or _returns(code, row)
        for here, sites in self._sites.items():
            steps = reached.chain(here)
            if steps and len(steps) <= code.rules.bridge_steps:
                chain = tuple(map(code.names.row, steps))
                yield from (_access(code, chain, site, answers=answers) for site in sites)


def _returns(code: Code, row: int) -> bool:
    """Tell whether a method returns more than a yes or no."""
    ids = code.index.ids
    kind = int(ids.methods.kind[code.index.defs.method[row]])
    return code.index.descriptor(int(ids.proto_return[kind])) not in _TELLS_NOTHING


def _better(one: BridgeAccess, other: BridgeAccess) -> bool:
    return (one.confidence == "tentative", len(one.chain)) < (
        other.confidence == "tentative",
        len(other.chain),
    )


def _access(
    code: Code, chain: tuple[str, ...], site: CollectionSite, *, answers: bool
) -> BridgeAccess:
    long = len(chain) > code.rules.certain_steps
    sure: Confidence = "tentative" if long or site.confidence == "tentative" else "firm"
    return BridgeAccess(
        method=chain[0],
        data_type=site.data_type,
        api=site.api,
        place=site.place,
        chain=chain,
        answers=answers,
        confidence=sure,
    )


def _held(code: Code, kind: int, method: int) -> Ints:
    """Return the class rows of the objects that exist when a page calls: the bridge, and what it
    and its fields hold, by their declared types.
    """
    index = code.index
    found = {int(index.classes.of_type[kind]), int(index.defs.cls[method])}
    edge = set(found)
    for _ in range(_HELD):
        fields = np.isin(index.fields.cls, sorted(edge))
        kinds = index.ids.fields.kind[index.fields.field[fields]]
        edge = {row for row in index.classes.of_type[kinds].tolist() if row >= 0} - found
        found |= edge
    return np.array(sorted(found), np.int64)

"""Where the code asks for permissions at run time, and how many at once.

A method asks when it calls a request method, launches a permission contract of the
activity-result library, or hands permission names to a helper that asks. The names stand in the
same method, in the initialiser of its class, or in a static field that it reads.
"""

from collections import defaultdict
from collections.abc import Iterator

import msgspec
import numpy as np

from scanner.model.static import Behaviour, Location, Reach
from scanner.static.calls import Code
from scanner.static.dex.arrays import Bool, distinct, present
from scanner.static.dex.instructions import instructions
from scanner.static.named_links import callers, named
from scanner.static.renamed_requests import launch_calls

_CONTRACT = b"Contracts$Request"
_LAUNCHER = "Landroidx/activity/result/ActivityResultLauncher;"
_NAMES = ("Ljava/lang/String;", "[Ljava/lang/String;", "Ljava/util/List;")
_STRINGS = (0x1A, 0x1B)
_STATIC_GET, _STATIC_PUT = (0x60, 0x66), range(0x67, 0x6E)
_LONGEST_START = 20_000


class Requests(msgspec.Struct, frozen=True, eq=False):
    """Places that ask for permissions, by permission and by method row, and how the earliest
    request of each runs.
    """

    places: dict[str, list[Location]]
    by_row: dict[int, set[str]]
    reach: dict[str, Reach]


def find_requests(code: Code) -> Requests:
    """Find the names of permissions that reached code asks for."""
    asks = _asking(code)
    places: defaultdict[str, list[Location]] = defaultdict(list)
    by_row: defaultdict[int, set[str]] = defaultdict(set)
    for name, row, offset in (*_near(code, asks), *_stored(code, asks)):
        if code.reach.runs(row):
            places[name].append(code.names.place(row, offset))
            by_row[row].add(name)
    return Requests(places, by_row, _earliest(code, by_row))


def _earliest(code: Code, by_row: dict[int, set[str]]) -> dict[str, Reach]:
    """Return how the earliest request of each permission runs: free of a guard, then shortest."""
    rows = {row: code.reach.of(row) for row in by_row}
    order = sorted(
        rows, key=lambda r: (not rows[r].before_consent, rows[r].guarded, len(rows[r].chain), r)
    )
    return {name: rows[row] for row in reversed(order) for name in by_row[row]}


def _asking(code: Code) -> Bool:
    """Mark the method rows that ask, by themselves or through a helper."""
    index = code.index
    launches = named(index, ("launch",), _LAUNCHER) | launch_calls(code)
    asks = callers(index, _request_calls(code) | launches)
    asks |= callers(index, named(index, ("launch",))) & _builds_contract(code)
    resolved = code.hierarchy.resolved
    takes = _takes_names(code) & np.append(asks, False)[resolved]
    return asks | callers(index, takes)


def _takes_names(code: Code) -> Bool:
    """Mark method ids with a parameter that can hold names of permissions."""
    index = code.index
    wanted = [t for t in map(index.type_id, _NAMES) if t > 0]
    marked: Bool = index.ids.proto_params.holding(wanted)[index.ids.methods.kind]
    return marked


def _near(code: Code, asks: Bool) -> Iterator[tuple[str, int, int]]:
    """Yield (permission, row, offset) of names in methods that ask and beside them."""
    index = code.index
    classes = np.zeros(len(index.classes.type), np.bool_)
    classes[index.defs.cls[asks]] = True
    initialiser = index.ids.methods.name[index.defs.method] == index.string_id("<clinit>")
    near = asks | (initialiser & classes[index.defs.cls])
    strings = index.const_strings
    strings = strings.where(near[strings.owner])
    names = {n: t for n in distinct(strings.id).tolist() if (t := _permission(code, n))}
    for number, row, offset, _ in code.sites(strings, names):
        yield names[number], row, offset


def _stored(code: Code, asks: Bool) -> Iterator[tuple[str, int, int]]:
    """Yield (permission, row, offset) of reads of a static field of another class that holds
    names of permissions.
    """
    index = code.index
    reads = index.field_reads
    opcode = index.opcode[reads.at]
    reads = reads.where(asks[reads.owner] & (opcode >= _STATIC_GET[0]) & (opcode <= _STATIC_GET[1]))
    kinds = np.array([t for t in map(index.type_id, _NAMES) if t > 0], np.int32)
    reads = reads.where(np.isin(index.ids.fields.kind[reads.id], kinds))
    own = index.classes.type[index.defs.cls[reads.owner]]
    reads = reads.where(index.ids.fields.cls[reads.id] != own)
    for field, row, offset, _ in code.sites(reads, distinct(reads.id).tolist()):
        yield from ((name, row, offset) for name in _put_into(code, field))


def _put_into(code: Code, field: int) -> list[str]:
    """Return the permissions that a class initialiser names just before it fills the field."""
    index = code.index
    for method in index.methods_of_type(int(index.ids.fields.cls[field])):
        row = int(index.def_of_method[method])
        if row < 0 or index.method_name(method) != "<clinit>":
            continue
        if int(index.first[row + 1] - index.first[row]) > _LONGEST_START:
            return []
        since: list[str] = []
        for ins in instructions(index, row):
            if ins.opcode in _STRINGS and ins.ref >= 0:
                since.append(_permission(code, ins.ref))
            elif ins.opcode in _STATIC_PUT:
                if ins.ref == field:
                    return [name for name in dict.fromkeys(since) if name]
                since = []
    return []


def _permission(code: Code, string: int) -> str:
    text = code.index.string(string)
    return text if text in code.know.permissions or text.startswith("android.permission.") else ""


def _request_calls(code: Code) -> Bool:
    """Mark method ids that ask: a telling name on a class whose name, or a
    superclass's name, tells as well.
    """
    index = code.index
    words = tuple(word.encode() for word in code.rules.request_classes)
    hits = named(index, code.rules.request_permissions)
    for method in np.flatnonzero(hits).tolist():
        chain = code.hierarchy.chain(int(index.ids.methods.cls[method]))
        names = [index.ids.strings[int(index.ids.types[number])] for number in chain]
        hits[method] = any(word in name for word in words for name in names)
    return hits


def _builds_contract(code: Code) -> Bool:
    """Mark methods of classes that make a permission contract of the activity-result library."""
    index = code.index
    new = index.new_instances
    types = np.zeros(len(index.ids.types), np.bool_)
    kinds = present(new.id, len(types))
    names = map(index.ids.strings.__getitem__, index.ids.types.take(kinds).tolist())
    types[kinds] = [_CONTRACT in name for name in names]
    classes = np.zeros(len(index.classes.type), np.bool_)
    classes[index.defs.cls[new.owner[types[new.id]]]] = True
    return classes[index.defs.cls]


def bursts(code: Code, asked: Requests) -> Iterator[Behaviour]:
    """Yield the methods that ask for permissions of many groups at once."""
    for row, names in sorted(asked.by_row.items()):
        dangerous = {n for n in names if _is_dangerous(code, n)}
        if len({permission_group(code, name) for name in dangerous}) >= code.rules.burst_groups:
            yield Behaviour(
                kind="permission-burst",
                place=code.names.place(row),
                detail=", ".join(sorted(dangerous)),
                actor=code.actor(row),
                reach=code.reach.of(row),
            )


def permission_group(code: Code, permission: str) -> str:
    """Return the group of a permission, itself when it is in none."""
    known = code.know.permissions.get(permission)
    return known.group if known is not None and known.group else permission


def _is_dangerous(code: Code, name: str) -> bool:
    known = code.know.permissions.get(name)
    return known is not None and known.protection == "dangerous"

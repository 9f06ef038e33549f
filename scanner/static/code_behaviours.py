"""Behaviours that the code shows: loading code, switching TLS checks off, bridges to scripts.

Whether personal data goes to the log is a question of data flow and answered there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from profiles.once import Once
from scanner.model.common import APP
from scanner.model.static import Behaviour, Location
from scanner.static.calls import Code
from scanner.static.code_loading import LoadingSources
from scanner.static.code_rules import BehaviourCall, CodeRules, WeakOverride
from scanner.static.dex.arrays import Bool
from scanner.static.dex.instructions import instructions
from scanner.static.facts import PackageFacts
from scanner.static.keep_alive import find_tricks
from scanner.static.keep_alive_links import find_linked_tricks
from scanner.static.members import MemberTable, Wanted, Wishes
from scanner.static.named_links import callers, named
from scanner.static.other_apps import find_other_apps
from scanner.static.overlays import find_overlays
from scanner.static.screenshot_watch import find_watchers
from scanner.static.trick_calls import TrickCalls

_NOP, _RETURN_VOID, _RETURNS = 0x00, 0x0E, range(0x0E, 0x12)
_CONSTANTS = range(0x12, 0x1A)
_SHORT_BODY = 3
_BRANCHES = (0x2B, 0x2C, *range(0x32, 0x3E))


def find_behaviours(code: Code, facts: PackageFacts) -> tuple[Behaviour, ...]:
    """Return the behaviours, ordered by kind and place."""
    tricks = TrickCalls(code)
    found = [
        *_calls(code),
        *_early_calls(code),
        *_weak_overrides(code),
        *_dynamic_files(facts),
        *_hot_update(code),
        *_packages(code),
        *find_overlays(code),
        *find_watchers(code),
        *find_other_apps(code),
        *find_tricks(tricks),
        *find_linked_tricks(tricks, facts),
    ]
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda b: (b.kind, b.place.cls, b.place.method, b.place.offset, b.detail),
        )
    )


def _behaviour(code: Code, kind: str, row: int, offset: int, detail: str) -> Behaviour:
    # The app may never take that way through a library.
    library = code.owners.is_library(int(code.index.defs.cls[row]))
    return Behaviour(
        kind=kind,
        place=code.names.place(row, offset),
        detail=detail,
        actor=code.actor(row),
        reach=code.reach.of(row),
        confidence="tentative" if library else "firm",
    )


class _Wishes(NamedTuple):
    calls: Wishes[str]
    early_calls: Wishes[str]
    overrides: Wishes[WeakOverride]


def _make_wishes(rules: CodeRules) -> _Wishes:
    def members(calls: Iterable[BehaviourCall]) -> Wishes[str]:
        return Wishes(Wanted(r.cls, name, (), r.kind) for r in calls for name in r.names)

    return _Wishes(
        members(rules.behaviour_calls),
        members(rules.early_behaviour_calls),
        Wishes(Wanted(rule.type, rule.method, (), rule) for rule in rules.weak_overrides),
    )


_wishes = Once(_make_wishes)


def _found_calls(code: Code, wishes: Wishes[str]) -> Iterator[tuple[str, int, int, int]]:
    """Yield (kind, method row, offset, called method id)."""
    calls = code.index.invokes
    table = MemberTable(code.index, code.hierarchy, wishes)
    kinds = {match.ref: match.tag for match in table.methods(code.index.called)}
    for ref, row, offset, _ in code.sites(calls, kinds):
        if not code.owners.is_library(int(code.index.defs.cls[row])):
            yield kinds[ref], row, offset, ref


def _calls(code: Code) -> Iterator[Behaviour]:
    sources = LoadingSources(code)
    for kind, row, offset, ref in _found_calls(code, _wishes(code.rules).calls):
        found = _behaviour(code, kind, row, offset, code.names.dotted(ref))
        loads = kind in code.rules.loading_kinds
        yield replace(found, sources=sources.of(row)) if loads else found


def _early_calls(code: Code) -> Iterator[Behaviour]:
    for kind, row, offset, ref in _found_calls(code, _wishes(code.rules).early_calls):
        if code.reach.of(row).before_consent:
            yield _behaviour(code, kind, row, offset, code.names.dotted(ref))


# overrides that switch a protection off -------------------------------------------------------


def _weak_overrides(code: Code) -> Iterator[Behaviour]:
    table = MemberTable(code.index, code.hierarchy, _wishes(code.rules).overrides)
    calling: dict[str, Bool] = {}
    for match in table.overrides():
        call = match.tag.call
        if call and call not in calling:
            calling[call] = callers(code.index, named(code.index, (call,)))
        if _is_weak(code, match.ref, match.tag, calling):
            found = _behaviour(code, match.tag.kind, match.ref, -1, code.names.row(match.ref))
            guess = match.tag.plainly and _branches(code, match.ref)
            yield replace(found, confidence="tentative") if guess else found


def _is_weak(code: Code, row: int, rule: WeakOverride, calling: dict[str, Bool]) -> bool:
    if rule.verdict == "calls":
        return bool(calling[rule.call][row])
    body = [ins for ins in instructions(code.index, row) if ins.opcode != _NOP]
    if rule.verdict == "empty":
        return len(body) == 1 and body[0].opcode == _RETURN_VOID
    return (
        1 < len(body) < _SHORT_BODY
        and body[0].opcode in _CONSTANTS
        and body[0].literal == 1
        and body[-1].opcode in _RETURNS
    )


def _branches(code: Code, row: int) -> bool:
    return any(ins.opcode in _BRANCHES for ins in instructions(code.index, row))


# other ----------------------------------------------------------------------------------------


def _dynamic_files(facts: PackageFacts) -> Iterator[Behaviour]:
    for dex in facts.dex:
        if dex.dynamic:
            yield Behaviour(
                kind="dynamic-loading",
                place=Location(cls=facts.application_class or facts.package, dex=dex.name),
                detail=dex.name,
                actor=APP,
                sources=("package",),
            )


def _hot_update(code: Code) -> Iterator[Behaviour]:
    """Yield the SDKs that replace or add code after release."""
    sdks = code.know.sdks
    wanted = {
        owner.id
        for owner in code.owners.first_rows
        if owner.id in sdks and sdks[owner.id].category == code.rules.hotfix_category
    }
    for name in sorted(wanted):
        rows = [n for n, owner in enumerate(code.owners.known) if owner and owner.id == name]
        yield _present(code, "hot-update", name, rows)


def _packages(code: Code) -> Iterator[Behaviour]:
    """Yield the packages whose very presence is a behaviour, with the classes of each."""
    kinds = dict.fromkeys(code.rules.hot_update_packages, "hot-update")
    kinds |= dict.fromkeys(code.rules.keep_alive_packages, "keep-alive")
    starts = tuple(f"{package}." for package in kinds)
    inside: defaultdict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(code.names.classes):
        if name.startswith(starts):
            inside[next(start for start in starts if name.startswith(start))[:-1]].append(row)
    for package, rows in inside.items():
        yield _present(code, kinds[package], package, rows)


def _present(code: Code, kind: str, name: str, rows: list[int]) -> Behaviour:
    return Behaviour(
        kind=kind,
        place=Location(cls=code.names.classes[rows[0]]),
        detail=name,
        actor=APP if code.owners.is_library(rows[0]) else code.owners.actors[rows[0]],
        reach=code.reach.first_of(rows),
    )

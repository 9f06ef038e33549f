"""Behaviours that the code shows: loading code, switching TLS checks off, bridges to scripts.

Whether personal data goes to the log is a question of data flow and answered there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from scanner.model.common import APP
from scanner.model.static import Behaviour, Location
from scanner.static.calls import Code
from scanner.static.code_loading import LoadingSources
from scanner.static.code_rules import BehaviourCall, WeakOverride
from scanner.static.dex.arrays import Bool, distinct
from scanner.static.dex.instructions import instructions
from scanner.static.facts import PackageFacts
from scanner.static.members import MemberTable, Wanted
from scanner.static.named_links import callers, named
from scanner.static.overlays import find_overlays
from scanner.static.screenshot_watch import find_watchers

_NOP, _RETURN_VOID, _RETURNS = 0x00, 0x0E, range(0x0E, 0x12)
_CONSTANTS = range(0x12, 0x1A)
_SHORT_BODY = 3


def find_behaviours(code: Code, facts: PackageFacts) -> tuple[Behaviour, ...]:
    """Return the behaviours, ordered by kind and place."""
    found = [
        *_calls(code),
        *_early_calls(code),
        *_weak_overrides(code),
        *_dynamic_files(facts),
        *_hot_update(code),
        *_packages(code, "keep-alive", code.rules.keep_alive_packages),
        *find_overlays(code),
        *find_watchers(code),
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


def _found_calls(code: Code, rules: Iterable[BehaviourCall]) -> Iterator[tuple[str, int, int, int]]:
    """Yield (kind, method row, offset, called method id)."""
    wanted = [Wanted(r.cls, name, (), r.kind) for r in rules for name in r.names]
    calls = code.index.invokes
    kinds = {
        match.ref: match.tag
        for match in MemberTable(code.index, code.hierarchy, wanted).methods(distinct(calls.id))
    }
    for ref, row, offset, _ in code.sites(calls, kinds):
        if not code.owners.is_library(int(code.index.defs.cls[row])):
            yield kinds[ref], row, offset, ref


def _calls(code: Code) -> Iterator[Behaviour]:
    sources = LoadingSources(code)
    for kind, row, offset, ref in _found_calls(code, code.rules.behaviour_calls):
        found = _behaviour(code, kind, row, offset, code.names.dotted(ref))
        loads = kind in code.rules.loading_kinds
        yield replace(found, sources=sources.of(row)) if loads else found


def _early_calls(code: Code) -> Iterator[Behaviour]:
    for kind, row, offset, ref in _found_calls(code, code.rules.early_behaviour_calls):
        if code.reach.of(row).before_consent:
            yield _behaviour(code, kind, row, offset, code.names.dotted(ref))


# overrides that switch a protection off -------------------------------------------------------


def _weak_overrides(code: Code) -> Iterator[Behaviour]:
    wanted = [Wanted(rule.type, rule.method, (), rule) for rule in code.rules.weak_overrides]
    calling: dict[str, Bool] = {}
    for match in MemberTable(code.index, code.hierarchy, wanted).overrides():
        call = match.tag.call
        if call and call not in calling:
            calling[call] = callers(code.index, named(code.index, (call,)))
        if _is_weak(code, match.ref, match.tag, calling):
            yield _behaviour(code, match.tag.kind, match.ref, -1, code.names.row(match.ref))


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
    """Yield the frameworks in the app that replace or add code after release."""
    inside: defaultdict[str, list[int]] = defaultdict(list)
    for row, owner in enumerate(code.owners.known):
        sdk = code.know.sdks.get(owner.id) if owner is not None else None
        if sdk is not None and sdk.category == code.rules.hotfix_category:
            inside[sdk.id].append(row)
    for name, rows in inside.items():
        yield _present(code, "hot-update", name, rows)
    yield from _packages(code, "hot-update", code.rules.hot_update_packages)


def _packages(code: Code, kind: str, packages: Iterable[str]) -> Iterator[Behaviour]:
    """Yield the packages of which the app holds classes."""
    starts = tuple(f"{package}." for package in packages)
    inside: defaultdict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(code.names.classes):
        if name.startswith(starts):
            inside[next(start for start in starts if name.startswith(start))].append(row)
    for start, rows in inside.items():
        yield _present(code, kind, start[:-1], rows)


def _present(code: Code, kind: str, name: str, rows: list[int]) -> Behaviour:
    return Behaviour(
        kind=kind,
        place=Location(cls=code.names.classes[rows[0]]),
        detail=name,
        actor=APP if code.owners.is_library(rows[0]) else code.owners.actors[rows[0]],
        reach=code.reach.first_of(rows),
    )

"""Behaviours that the code shows: loading code, switching TLS checks off, bridges to scripts.

Whether personal data goes to the log is a question of data flow and answered there.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from profiles.once import Once
from scanner.model.common import APP
from scanner.model.static import Behaviour, Location
from scanner.static.calls import Code
from scanner.static.code_rules import BehaviourCall, CodeRules, WeakOverride
from scanner.static.dex.instructions import instructions
from scanner.static.facts import PackageFacts
from scanner.static.members import MemberTable, Wanted, Wishes
from scanner.static.named_links import callers, named
from scanner.static.overlays import find_overlays

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
        *find_overlays(code),
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
    for kind, row, offset, ref in _found_calls(code, _wishes(code.rules).calls):
        yield _behaviour(code, kind, row, offset, code.names.dotted(ref))


def _early_calls(code: Code) -> Iterator[Behaviour]:
    for kind, row, offset, ref in _found_calls(code, _wishes(code.rules).early_calls):
        if code.reach.of(row).before_consent:
            yield _behaviour(code, kind, row, offset, code.names.dotted(ref))


# overrides that switch a protection off -------------------------------------------------------


def _weak_overrides(code: Code) -> Iterator[Behaviour]:
    table = MemberTable(code.index, code.hierarchy, _wishes(code.rules).overrides)
    for match in table.overrides():
        if _is_weak(code, match.ref, match.tag):
            yield _behaviour(code, match.tag.kind, match.ref, -1, code.names.row(match.ref))


def _is_weak(code: Code, row: int, rule: WeakOverride) -> bool:
    if rule.verdict == "calls":
        return bool(callers(code.index, named(code.index, (rule.call,)))[row])
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
            )


def _hot_update(code: Code) -> Iterator[Behaviour]:
    """Yield the hot-fix frameworks among the owners of the code."""
    seen: set[str] = set()
    for owner, row in code.owners.first_rows.items():
        sdk = code.know.sdks.get(owner.id)
        if sdk is not None and sdk.category == code.rules.hotfix_category and sdk.id not in seen:
            seen.add(sdk.id)
            place = Location(cls=code.names.classes[row])
            yield Behaviour(kind="hot-update", place=place, detail=sdk.id, actor=sdk.id)

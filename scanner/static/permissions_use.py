"""Which permission the code needs, asks for, and for whom."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from profiles.match_texts import Mode, Strings
from profiles.model import Knowledge, PermissionUse
from profiles.once import Once
from scanner.model.common import APP, Confidence
from scanner.model.static import Behaviour, Location, PermissionFact, Reach
from scanner.static.calls import Code
from scanner.static.dex.index import Refs
from scanner.static.facts import PackageFacts
from scanner.static.members import MemberTable, Wanted, Wishes
from scanner.static.permission_requests import (
    Requests,
    bursts,
    find_requests,
    permission_group,
)

MAX_PLACES = 5
_RANK: dict[str, int] = {"high": 0, "medium": 1, "low": 2}
_SURE: dict[str, Confidence] = {"high": "certain", "medium": "firm", "low": "tentative"}
_STRING_MODES: dict[str, Mode] = {
    "content-uri": "prefix",
    "intent-action": "exact",
    "reflection-string": "exact",
    "shell-command": "prefix",
    "file-path": "prefix",
}


class Use(msgspec.Struct, eq=False):
    """Uses of one permission: (trust rank, place, actor) rows.

    `strict` are calls that fail or yield nothing without it; `partial` ones work with less and
    count only where there is no strict one. `needed`: a strict use is beyond doubt.
    """

    strict: list[tuple[int, Location, str]] = msgspec.field(default_factory=list)
    partial: list[tuple[int, Location, str]] = msgspec.field(default_factory=list)
    needed: bool = False

    @property
    def rows(self) -> list[tuple[int, Location, str]]:
        """Return the rows that count, the surest first."""
        rows = self.strict or self.partial
        return sorted(rows, key=lambda r: (r[0], r[1].cls, r[1].method, r[1].offset, r[2]))


def permission_facts(
    code: Code, facts: PackageFacts
) -> tuple[tuple[PermissionFact, ...], tuple[Behaviour, ...]]:
    """Return the declared permissions with their uses, then those used and not declared.

    An undeclared one is only told when a call fails without it (strict, of high trust) in code
    that may run. Also returns the bursts: many groups asked for at once.
    """
    uses = _uses(code, facts)
    asked = find_requests(code)
    declared = [_with_use(fact, uses, asked) for fact in facts.permissions]
    known = {fact.name for fact in facts.permissions}
    missing = [
        _with_use(PermissionFact(name=name, declared=False), uses, asked)
        for name, use in sorted(uses.items())
        if name not in known and use.needed
    ]
    return (*declared, *missing), tuple(bursts(code, asked))


def _with_use(fact: PermissionFact, uses: dict[str, Use], asked: Requests) -> PermissionFact:
    rows = uses.get(fact.name, Use()).rows
    places = dict.fromkeys(place for _, place, _ in rows)
    trust = next((name for name, rank in _RANK.items() if rows and rank == rows[0][0]), "medium")
    values = {name: getattr(fact, name) for name in fact.__struct_fields__}
    values |= {
        "used_by": tuple(sorted({*fact.used_by, *(actor for *_, actor in rows)})),
        "used_at": (*fact.used_at, *places)[:MAX_PLACES],
        "requested_at": tuple(dict.fromkeys(asked.places.get(fact.name, ())))[:MAX_PLACES],
        "request_reach": asked.reach.get(fact.name, Reach()),
        "use_confidence": _SURE[trust],
    }
    return PermissionFact(**values)


# uses -----------------------------------------------------------------------------------------


class _Patterns(NamedTuple):
    """What rules look for: members, and texts of const-string."""

    methods: Wishes[PermissionUse]
    fields: Wishes[PermissionUse]
    texts: Strings[PermissionUse]


class _AllPatterns(NamedTuple):
    """Those that count by themselves, and those that count beside another use (`when`)."""

    plain: _Patterns
    conditional: _Patterns


def _make_patterns(know: Knowledge) -> _AllPatterns:
    def patterns(rules: list[PermissionUse]) -> _Patterns:
        return _Patterns(
            Wishes(_members(rules, "method")),
            Wishes(_members(rules, "field")),
            Strings(
                (rule.signature, _STRING_MODES[rule.kind], rule)
                for rule in rules
                if rule.kind in _STRING_MODES
            ),
        )

    rules = know.permission_uses
    return _AllPatterns(
        patterns([r for r in rules if not r.when]), patterns([r for r in rules if r.when])
    )


_patterns = Once(_make_patterns)


def _uses(code: Code, facts: PackageFacts) -> dict[str, Use]:
    patterns = _patterns(code.know)
    found: defaultdict[str, Use] = defaultdict(Use)
    near: defaultdict[int, set[str]] = defaultdict(set)
    for hit in _hits(code, facts, patterns.plain):
        near[hit.row].add(permission_group(code, hit.rule.permission))
        _add(code, facts, found[hit.rule.permission], hit)
    for hit in _hits(code, facts, patterns.conditional):
        # The address decides, and it stands here.
        if permission_group(code, hit.rule.permission) in near[hit.row]:
            _add(code, facts, found[hit.rule.permission], hit)
    plain = [r for r in code.know.permission_uses if r.kind == "intent-action" and not r.when]
    _add_components(code, facts, [r for r in plain if _in_range(r, facts)], found)
    return found


def _add_components(
    code: Code, facts: PackageFacts, rules: list[PermissionUse], found: defaultdict[str, Use]
) -> None:
    """Add uses that the manifest shows: a component waits for a broadcast that needs one."""
    by_action = {(r.signature, r.permission): r for r in rules if r.kind == "intent-action"}
    for component in facts.components:
        actions = component.actions if component.enabled else ()
        for (action, permission), rule in by_action.items() if actions else ():
            if action in actions:
                row = (
                    _RANK[rule.trust],
                    Location(cls=component.name),
                    code.owners.of(component.name),
                )
                found[permission].strict.append(row)


def _in_range(use: PermissionUse, facts: PackageFacts) -> bool:
    """Tell whether a call needs the permission on some device that the app runs on.

    A platform does not know the rules that later levels tie to the target: a need that ends with
    target 26 stays one on devices below it.
    """
    oldest = facts.min_sdk or 1
    return (
        (use.target_since is None or _target(facts) >= use.target_since)
        and (use.target_until is None or min(_target(facts), oldest) <= use.target_until)
        and (use.until is None or use.until >= oldest)
    )


def _target(facts: PackageFacts) -> int:
    return facts.target_sdk or facts.min_sdk or 1


def _needed_today(use: PermissionUse, facts: PackageFacts) -> bool:
    """Tell whether the call needs the permission on devices of the target level, too."""
    return use.target_until is None or _target(facts) <= use.target_until


def _add(code: Code, facts: PackageFacts, use: Use, hit: "_Hit") -> None:
    rule, row, offset = hit
    actor = code.on_behalf(row)
    # A library that nobody calls uses nothing, unless the manifest starts it by itself.
    if not code.reach.runs(row) or not (actor or code.reach.of(row).reachable):
        return
    strict = bool(actor) and rule.need == "strict" and rule.mode != "any_of"
    rows = use.strict if strict else use.partial
    rows.append((_RANK[rule.trust], code.names.place(row, offset), actor or APP))
    use.needed |= strict and rule.trust == "high" and _needed_today(rule, facts)


class _Hit(NamedTuple):
    """A use in the code: its rule, method row and byte offset."""

    rule: PermissionUse
    row: int
    offset: int


def _hits(code: Code, facts: PackageFacts, patterns: _Patterns) -> Iterator[_Hit]:
    """Yield every use in the code."""

    def counts(rule: PermissionUse) -> bool:
        return _in_range(rule, facts)

    index, hierarchy = code.index, code.hierarchy
    methods = MemberTable(index, hierarchy, patterns.methods, counts).methods(index.called)
    yield from _at(code, index.invokes, ((match.ref, match.tag) for match in methods))
    fields = MemberTable(index, hierarchy, patterns.fields, counts).fields(index.fields_read)
    yield from _at(code, index.field_reads, ((match.ref, match.tag) for match in fields))
    texts = (hit for hit in patterns.texts.find(code.joined) if counts(hit.tag))
    yield from _at(code, index.const_strings, ((code.numbers[hit.at], hit.tag) for hit in texts))


def _at(code: Code, refs: Refs, found: Iterable[tuple[int, PermissionUse]]) -> Iterator[_Hit]:
    """Yield the references to what was found (id, rule)."""
    by_id: defaultdict[int, list[PermissionUse]] = defaultdict(list)
    for number, rule in found:
        by_id[number].append(rule)
    for number, row, offset, _ in code.sites(refs, by_id):
        yield from (_Hit(rule, row, offset) for rule in by_id[number])


def _members(rules: Iterable[PermissionUse], kind: str) -> Iterator[Wanted[PermissionUse]]:
    """Yield the members that rules of a kind name; `*` after the name means any descriptor."""
    for rule in rules:
        if rule.kind == kind:
            cls, _, member = rule.signature.partition("->")
            if kind == "field":
                yield Wanted(cls, member.partition(":")[0], (), rule)
            elif "(" in member:
                name, _, rest = member.partition("(")
                yield Wanted(cls, name, ("(" + rest,), rule)
            else:
                yield Wanted(cls, member.rstrip("*"), (), rule)

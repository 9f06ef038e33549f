"""Which permission the code needs, asks for, and for whom."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from profiles.match_texts import Mode, Strings
from profiles.model import PermissionUse
from scanner.model.common import APP, Confidence
from scanner.model.static import Behaviour, Location, PermissionFact, Reach
from scanner.static.calls import Code
from scanner.static.dex.arrays import distinct
from scanner.static.facts import PackageFacts
from scanner.static.members import MemberTable, Wanted
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


def _uses(code: Code, facts: PackageFacts) -> dict[str, Use]:
    rules = [use for use in code.know.permission_uses if _in_range(use, facts)]
    found: defaultdict[str, Use] = defaultdict(Use)
    near: defaultdict[int, set[str]] = defaultdict(set)
    plain = [use for use in rules if not use.when]
    for use, row, offset in _hits(code, plain):
        near[row].add(permission_group(code, use.permission))
        _add(code, found[use.permission], use, row, offset)
    for use, row, offset in _hits(code, [use for use in rules if use.when]):
        if (
            permission_group(code, use.permission) in near[row]
        ):  # the address decides, and it stands here
            _add(code, found[use.permission], use, row, offset)
    _add_components(code, facts, plain, found)
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
    target = facts.target_sdk or facts.min_sdk or 1
    return (
        (use.target_since is None or target >= use.target_since)
        and (use.target_until is None or target <= use.target_until)
        and (use.until is None or use.until >= (facts.min_sdk or 1))
    )


def _add(code: Code, use: Use, rule: PermissionUse, row: int, offset: int) -> None:
    actor = code.on_behalf(row)
    # A library that nobody calls uses nothing, unless the manifest starts it by itself.
    if not code.reach.runs(row) or not (actor or code.reach.of(row).reachable):
        return
    strict = bool(actor) and rule.need == "strict" and rule.mode != "any_of"
    rows = use.strict if strict else use.partial
    rows.append((_RANK[rule.trust], code.names.place(row, offset), actor or APP))
    use.needed |= strict and rule.trust == "high"


def _hits(code: Code, rules: list[PermissionUse]) -> Iterator[tuple[PermissionUse, int, int]]:
    """Yield (rule, method row, offset) of every use in the code."""
    calls = code.index.invokes
    methods = MemberTable(code.index, code.hierarchy, _members(rules, "method"))
    by_ref: defaultdict[int, list[PermissionUse]] = defaultdict(list)
    for match in methods.methods(distinct(calls.id)):
        by_ref[match.ref].append(match.tag)
    for ref, row, offset, _ in code.sites(calls, by_ref):
        yield from ((rule, row, offset) for rule in by_ref[ref])
    reads = code.index.field_reads
    by_field: defaultdict[int, list[PermissionUse]] = defaultdict(list)
    fields = MemberTable(code.index, code.hierarchy, _members(rules, "field"))
    for match in fields.fields(distinct(reads.id)):
        by_field[match.ref].append(match.tag)
    for ref, row, offset, _ in code.sites(reads, by_field):
        yield from ((rule, row, offset) for rule in by_field[ref])
    yield from _string_hits(code, rules)


def _string_hits(
    code: Code, rules: list[PermissionUse]
) -> Iterator[tuple[PermissionUse, int, int]]:
    strings = code.index.const_strings
    numbers = code.numbers
    patterns = Strings[PermissionUse](
        (rule.signature, _STRING_MODES[rule.kind], rule)
        for rule in rules
        if rule.kind in _STRING_MODES
    )
    by_string: defaultdict[int, list[PermissionUse]] = defaultdict(list)
    for hit in patterns.find(code.texts):
        by_string[numbers[hit.at]].append(hit.tag)
    for number, row, offset, _ in code.sites(strings, by_string):
        yield from ((rule, row, offset) for rule in by_string[number])


def _members(rules: list[PermissionUse], kind: str) -> Iterator[Wanted[PermissionUse]]:
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

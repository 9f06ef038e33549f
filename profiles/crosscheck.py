"""What must hold between entries: no dangling id, no cycle, no swallowed neighbour."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from profiles import prefixes, versions
from profiles.model import Clause, Knowledge, Sdk

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")

Owners = Mapping[tuple[str, Any], str]


def problems(know: Knowledge, owners: Owners) -> list[str]:
    """Return every broken relation, as `file: section (id): what is wrong`."""
    found: list[str] = []
    for section, identity, complaint in _all(know):
        file = owners.get((section, identity), "?")
        label = identity if isinstance(identity, str) else f"entry {identity[1]}"
        found.append(f"{file}: {section} ({label}): {complaint}")
    return found


def _all(know: Knowledge) -> Iterator[tuple[str, Any, str]]:
    yield from _types(know)
    yield from _code(know)
    yield from _permissions(know)
    yield from _parties(know)
    yield from prefixes.problems(know)
    yield from _law(know)


def _missing(values: Any, known: Any, what: str) -> Iterator[str]:
    for value in values:
        if value not in known:
            yield f"unknown {what} `{value}`"


def _types(know: Knowledge) -> Iterator[tuple[str, Any, str]]:
    for entry in know.data_types.values():
        parent = entry.parent
        if parent is not None and parent not in know.data_types:
            yield "data_types", entry.id, f"unknown parent `{parent}`"
        elif _is_circle(know, entry.id):
            yield "data_types", entry.id, "the chain of parents is a circle"
    for detector in know.detectors:
        if detector.data_type not in know.data_types:
            yield "detectors", detector.id, f"unknown data type `{detector.data_type}`"
    for term in know.lexicon:
        if term.data_type not in know.data_types:
            yield "lexicon", ("", term.text), f"unknown data type `{term.data_type}`"


def _is_circle(know: Knowledge, data_type: str) -> bool:
    """Tell whether going up from a type ends at one that was passed already."""
    chain = know.ancestors(data_type)
    return know.data_types[chain[-1]].parent in chain


def _code(know: Knowledge) -> Iterator[tuple[str, Any, str]]:
    for api in know.apis.values():
        for problem in _missing((api.data_type, *api.also), know.data_types, "data type"):
            yield "apis", api.id, problem
        needed = [name for need in api.permissions for name in (*need.any_of, *need.all_of)]
        for problem in _missing(needed, know.permissions, "permission"):
            yield "apis", api.id, problem
        if (api.member is None) == (not api.strings):
            yield "apis", api.id, "needs either `member` or `strings`"


def _permissions(know: Knowledge) -> Iterator[tuple[str, Any, str]]:
    for permission in know.permissions.values():
        for problem in _missing(permission.data_types, know.data_types, "data type"):
            yield "permissions", permission.name, problem
    for row in know.permission_uses:
        if row.permission not in know.permissions:
            identity = ("", row.signature)
            yield "permission_uses", identity, f"unknown permission `{row.permission}`"
    for suffix in know.permission_suffixes:
        if suffix.sdk and suffix.sdk not in know.sdks:
            yield "permission_suffixes", suffix.suffix, f"unknown SDK `{suffix.sdk}`"
    yield from _groups(know)


def _groups(know: Knowledge) -> Iterator[tuple[str, Any, str]]:
    for group in know.permission_groups.values():
        for problem in _missing(group.permissions, know.permissions, "permission"):
            yield "permission_groups", group.id, problem
        for problem in _missing(group.data_types, know.data_types, "data type"):
            yield "permission_groups", group.id, problem


def _parties(know: Knowledge) -> Iterator[tuple[str, Any, str]]:
    for sdk in know.sdks.values():
        for problem in _sdk(know, sdk):
            yield "sdks", sdk.id, problem
    for host in know.hosts:
        if host.sdk and host.sdk not in know.sdks:
            yield "hosts", host.suffix, f"unknown SDK `{host.sdk}`"
        if not _HOST.fullmatch(host.suffix):
            yield "hosts", host.suffix, "is no host name in lower case with at least one dot"


def _sdk(know: Knowledge, sdk: Sdk) -> Iterator[str]:
    yield from _missing((*sdk.data_declared, *sdk.data_expected), know.data_types, "data type")
    yield from _missing(sdk.named_with, know.sdks, "SDK in `named_with`")
    if sdk.id in know.libraries:
        yield "a library has the same id"
    if sdk.data_declared and sdk.data_declared_trust is None:
        yield "`data_declared` needs `data_declared_trust`"
    yield from filter(None, map(versions.problem, sdk.version_markers))


def _law(know: Knowledge) -> Iterator[tuple[str, Any, str]]:
    for category in know.categories.values():
        for problem in _missing(category.necessary, know.data_types, "data type"):
            yield "categories", category.id, problem
        groups = (*category.permissions_basic, *category.permissions_with_function)
        for problem in _missing(groups, know.permission_groups, "permission group"):
            yield "categories", category.id, problem
    known = {f"{r.id}:{c.id}" for r in know.regulations.values() for c in r.clauses}
    for regulation in know.regulations.values():
        for problem in _clauses(know, regulation.id, known):
            yield "regulations", regulation.id, problem
    for profile in know.profiles.values():
        for problem in _missing(profile.regulations, know.regulations, "regulation"):
            yield "profiles", profile.id, problem


def _clauses(know: Knowledge, regulation: str, known: set[str]) -> Iterator[str]:
    rule = know.regulations[regulation]
    groups = {group.id for group in rule.groups}
    seen: set[str] = set()
    for clause in rule.clauses:
        if clause.id in seen:
            yield f"clause `{clause.id}` stands twice"
        seen.add(clause.id)
        if clause.group not in groups:
            yield f"clause `{clause.id}`: unknown group `{clause.group}`"
        for problem in _missing(clause.law, know.laws, "law reference"):
            yield f"clause `{clause.id}`: {problem}"
        for problem in _missing(clause.related, known, "clause"):
            yield f"clause `{clause.id}`: {problem}"
        for problem in _cited(clause):
            yield f"clause `{clause.id}`: {problem}"


def _cited(clause: Clause) -> Iterator[str]:
    """Check the checks of a clause: a manual one has none, the others have some."""
    yield from _missing(clause.subjects, clause.checks, "check in `subjects`")
    if clause.coverage == "manual" and clause.checks:
        yield "manual, but cites checks"
    if clause.coverage != "manual" and not clause.checks:
        yield f"{clause.coverage}, but cites no check"

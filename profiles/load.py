"""The strict loader of the knowledge: a wrong word in a YAML file stops before any scan."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from profiles import compiled
from profiles.model import (
    Api,
    Category,
    DataType,
    Detector,
    DomainOwner,
    HostRule,
    Knowledge,
    LawRef,
    Library,
    PackerSign,
    Permission,
    PermissionGroup,
    PermissionSuffix,
    PermissionUse,
    Profile,
    Regulation,
    Sdk,
    Sink,
    Term,
)
from profiles.sources import HERE, Source, compiled_key, digest, read_folder, walk_folder
from scanner.model.base import Text
from scanner.model.errors import KnowledgeError

T = TypeVar("T")

# top-level key of a YAML file -> (type of an entry, field that identifies it or "")
_SECTIONS: dict[str, tuple[type[Any], str]] = {
    "data_types": (DataType, "id"),
    "sdks": (Sdk, "id"),
    "libraries": (Library, "id"),
    "apis": (Api, "id"),
    "sinks": (Sink, "id"),
    "permissions": (Permission, "name"),
    "permission_uses": (PermissionUse, ""),
    "permission_suffixes": (PermissionSuffix, "suffix"),
    "hosts": (HostRule, "suffix"),
    "domains": (DomainOwner, "id"),
    "detectors": (Detector, "id"),
    "packers": (PackerSign, "id"),
    "lexicon": (Term, ""),
    "categories": (Category, "id"),
    "permission_groups": (PermissionGroup, "id"),
    "laws": (LawRef, "id"),
    "regulations": (Regulation, "id"),
    "profiles": (Profile, "id"),
}
_LISTED = (
    "permission_uses",
    "permission_suffixes",
    "hosts",
    "detectors",
    "packers",
    "lexicon",
)
_TABLES = "tables/"
_EXTRA = "extra/"


def load_knowledge(extra: Path | None = None) -> Knowledge:
    """Return everything the scanner knows, with the user's own folder laid over it.

    An entry of `extra` with the id of one of ours replaces it; all cross-checks run over the
    sum. The compiled form is used when there is one for exactly these files, otherwise the YAML
    is read and a compiled form is left in the user's cache. Raises `KnowledgeError` naming file
    and field.
    """
    if extra is not None and not extra.is_dir():
        raise KnowledgeError(f"{extra}: no such folder", "give a folder of YAML files")
    know = compiled.find(compiled_key(digest(_sources(extra))))
    if know is None:
        sources = list(_sources(extra))
        content = digest(sources)
        know = build(sources, content)
        compiled.keep(compiled_key(content), know)
    return know


def _sources(extra: Path | None) -> Iterator[Source]:
    """Yield our files, then those of the user's folder."""
    yield from walk_folder(HERE, "")
    if extra is not None:
        yield from walk_folder(extra, _EXTRA)


def table(know: Knowledge, name: str, kind: type[T]) -> T:
    """Return the room table `tables/<name>.yaml` as the given type.

    Raises `KnowledgeError` when it is missing or does not fit.
    """
    raw = know.tables.get(name)
    if raw is None:
        raise KnowledgeError(f"tables/{name}.yaml: missing", "the installation is incomplete")
    try:
        return msgspec.msgpack.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        where, what = _split(str(error))
        raise KnowledgeError(f"tables/{name}.yaml: {where.lstrip('.')}: {what}", "") from error


def check_ids(know: Knowledge) -> set[str]:
    """Return the ids of all checks that clauses cite; tests compare them with the registry."""
    return {
        check
        for regulation in know.regulations.values()
        for clause in regulation.clauses
        for check in clause.checks
    }


def build(sources: list[Source], content: str) -> Knowledge:
    """Read YAML files into a knowledge and prove that it hangs together.

    `content` becomes its digest. Raises `KnowledgeError` with the first problem; the hint lists
    the others.
    """
    from profiles import crosscheck, derive  # noqa: PLC0415 - not needed with a compiled form

    sections: dict[str, dict[Any, Any]] = {name: {} for name in (*_SECTIONS, "words", "tables")}
    owners: dict[tuple[str, Any], str] = {}
    problems: list[str] = []
    for source in sources:
        for name, identity, entry in _entries(source, problems):
            home = owners.get((name, identity))
            if home is not None and home.startswith(_EXTRA) == source.name.startswith(_EXTRA):
                problems.append(f"{source.name}: {name}: duplicate `{identity}`, also in {home}")
            owners[(name, identity)] = source.name
            sections[name][identity] = entry
    _refuse(problems)
    domains = sections.pop("domains").values()
    sections["hosts"] = derive.host_rules(sections["hosts"], sections["sdks"], domains)
    fields: dict[str, Any] = {
        name: tuple(rows.values()) if name in _LISTED else rows for name, rows in sections.items()
    }
    know = Knowledge(digest=content, **fields)
    _refuse(crosscheck.problems(know, owners))
    return know


def _refuse(problems: list[str]) -> None:
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise KnowledgeError(problems[0] + more, "\n".join(problems[1:21]))


def _entries(source: Source, problems: list[str]) -> Iterator[tuple[str, Any, Any]]:
    """Yield (section, identity, entry) of one file; note what does not fit."""
    from profiles.strict_yaml import parse  # noqa: PLC0415 - not needed with a compiled form

    content = parse(source.data, source.name, trusted=not source.name.startswith(_EXTRA))
    if content is None:
        return
    place = source.name.removeprefix(_EXTRA)
    if place.startswith(_TABLES):
        name = place.removeprefix(_TABLES).rpartition(".")[0]
        yield "tables", name, msgspec.Raw(msgspec.msgpack.encode(content))
        return
    if not isinstance(content, dict):
        problems.append(f"{source.name}: must be a mapping of sections")
        return
    for name, rows in content.items():
        if name == "words":
            yield from _words(source.name, rows, problems)
        elif name in _SECTIONS:
            yield from _rows(source.name, name, rows, problems)
        elif name != "about":
            known = ", ".join(sorted((*_SECTIONS, "about", "words")))
            problems.append(f"{source.name}: unknown section `{name}` (known: {known})")


def _words(file: str, rows: Any, problems: list[str]) -> Iterator[tuple[str, Any, Any]]:
    try:
        yield from (("words", k, v) for k, v in msgspec.convert(rows, dict[str, Text]).items())
    except msgspec.ValidationError as error:
        where, what = _split(str(error))
        problems.append(f"{file}: words{where}: {what}")


def _rows(file: str, name: str, rows: Any, problems: list[str]) -> Iterator[tuple[str, Any, Any]]:
    kind, identity = _SECTIONS[name]
    if not isinstance(rows, list):
        problems.append(f"{file}: {name}: must be a list")
        return
    for index, row in enumerate(rows):
        try:
            entry = msgspec.convert(row, kind)
        except msgspec.ValidationError as error:
            where, what = _split(str(error))
            who = row.get(identity, "") if isinstance(row, dict) and identity else ""
            problems.append(f"{file}: {name}[{index}]{f' ({who})' if who else ''}{where}: {what}")
            continue
        yield name, getattr(entry, identity) if identity else (file, index), entry


def _split(message: str) -> tuple[str, str]:
    """Split a msgspec message into the path below the entry and the complaint."""
    what, _, where = message.partition(" - at ")
    return where.strip("`").removeprefix("$"), what


def main() -> int:
    """Validate the built-in knowledge and print what there is."""
    try:
        know = build(sources := read_folder(HERE, ""), digest(sources))
    except KnowledgeError as error:
        sys.stderr.write(f"{error}\n{error.hint}\n")
        return 2
    for name in (*(one for one in _SECTIONS if one != "domains"), "words", "tables"):
        sys.stdout.write(f"{len(getattr(know, name)):6} {name}\n")
    sys.stdout.write(f"digest {know.digest}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The code side of the static room: one package's dex files in, facts about its code out."""

from pathlib import Path

from profiles.load import table
from profiles.match import libraries_by_file
from profiles.model import Knowledge
from scanner.model.base import Doc
from scanner.model.common import Gap
from scanner.model.progress import Tell, silent
from scanner.model.static import (
    Behaviour,
    CodeStats,
    CollectionSite,
    Endpoint,
    LibraryMatch,
    PermissionFact,
    SdkMatch,
    UiFact,
    UnknownPackage,
    WebBridge,
)
from scanner.static.behaviours import ManifestSigns
from scanner.static.bridges import find_bridges
from scanner.static.callgraph import CallGraph, build_graph
from scanner.static.calls import Code, find_calls
from scanner.static.code_behaviours import find_behaviours
from scanner.static.code_gaps import code_gaps
from scanner.static.code_keys import find_keys
from scanner.static.code_loading import loading_gaps
from scanner.static.code_rules import code_rules
from scanner.static.code_ui import ticked_boxes
from scanner.static.consent_guard import guarded_rows
from scanner.static.constants import Constants
from scanner.static.dex.index import DexIndex
from scanner.static.endpoints import find_endpoints
from scanner.static.entries import Entries, find_entries
from scanner.static.facts import DexFile, PackageFacts
from scanner.static.hierarchy import Hierarchy
from scanner.static.names import Names
from scanner.static.owner import ClassOwners
from scanner.static.permissions_use import permission_facts
from scanner.static.reach import Reached, walk
from scanner.static.reach_facts import ReachFacts
from scanner.static.renamed_owners import attribute
from scanner.static.sdk_facts import find_sdks


class CodeEvidence(Doc):
    """What the code says. `permissions` are the declared ones of the facts with their uses, and
    those used without being declared.
    """

    stats: CodeStats
    permissions: tuple[PermissionFact, ...]
    calls: tuple[CollectionSite, ...]
    sdks: tuple[SdkMatch, ...]
    libraries: tuple[LibraryMatch, ...]
    unknown_packages: tuple[UnknownPackage, ...]
    endpoints: tuple[Endpoint, ...]
    behaviours: tuple[Behaviour, ...]
    ui: tuple[UiFact, ...]
    bridges: tuple[WebBridge, ...]
    gaps: tuple[Gap, ...]


def read_code(
    facts: PackageFacts,
    know: Knowledge,
    *,
    index: DexIndex | None = None,
    mapping: Path | None = None,
    tell: Tell = silent,
) -> Code:
    """Find what the code of a package can reach; `index` is that of its dex files, if it is there.

    Raises `InputError` for an unreadable mapping; damaged code is in `code.index.losses`.
    """
    restored = None
    if mapping is not None:
        from scanner.static.mapping import read_mapping  # noqa: PLC0415 - rarely given

        restored = read_mapping(mapping)
    rules = code_rules(know)
    if index is None:
        index = DexIndex([(dex.name, dex.data) for dex in _in_order(facts)])
    hierarchy = Hierarchy(index, rules.framework_super)
    names = Names(index, restored)
    names.mark_dynamic(frozenset(dex.name for dex in facts.dex if dex.dynamic))
    owners = ClassOwners(know, facts, names.classes)
    tell("call graph")
    woken = table(know, "manifest_signs", ManifestSigns).auto_start
    entries = find_entries(facts, index, hierarchy, rules, woken)
    graph = build_graph(index, hierarchy, rules, entries.links)
    before, every = _walks(graph, hierarchy, entries)
    reach = ReachFacts(
        names=names,
        entries=entries,
        before=before,
        every=every,
        guarded=guarded_rows(index, owners, rules),
        decidable=bool(entries.entries) and not facts.packed,
    )
    constants = Constants(index)
    return Code(
        index, hierarchy, names, owners, reach, constants, rules, know, facts.package, graph
    )


def code_evidence(code: Code, facts: PackageFacts, tell: Tell = silent) -> CodeEvidence:
    """Return the facts of indexed code."""
    tell("personal data in code")
    calls = find_calls(code)
    permissions, bursts = permission_facts(code, facts)
    tell("SDKs and addresses")
    endpoints = find_endpoints(code, facts.strings)
    sdks = find_sdks(code, facts, endpoints)
    calls = attribute(code, calls, sdks)
    behaviours = (*find_behaviours(code, facts), *bursts, *find_keys(code))
    return CodeEvidence(
        stats=_stats(code, facts),
        permissions=permissions,
        calls=calls,
        sdks=sdks,
        libraries=code.owners.libraries(
            libraries_by_file(code.know, (lib.name for lib in facts.native_libs))
        ),
        unknown_packages=code.owners.unknown_packages(),
        endpoints=endpoints,
        behaviours=behaviours,
        ui=ticked_boxes(code, facts),
        bridges=find_bridges(code, calls, facts.target_sdk),
        gaps=(
            *code_gaps(code, facts),
            *loading_gaps(code.know, behaviours, files_read=any(d.dynamic for d in facts.dex)),
        ),
    )


def analyse_code(
    facts: PackageFacts, know: Knowledge, *, mapping: Path | None = None, tell: Tell = silent
) -> CodeEvidence:
    """Read the code and return its facts: `read_code` and `code_evidence` in one."""
    return code_evidence(read_code(facts, know, mapping=mapping, tell=tell), facts, tell)


def _in_order(facts: PackageFacts) -> list[DexFile]:
    """Return the files that the platform loads first: of a class defined twice, they win."""
    return sorted(facts.dex, key=lambda dex: dex.dynamic)


def _walks(graph: CallGraph, hierarchy: Hierarchy, entries: Entries) -> tuple[Reached, Reached]:
    """Return what runs with no user action, and what can run at all."""
    return (
        walk(graph, hierarchy, entries.before(), every=False, objects_matter=True),
        walk(graph, hierarchy, entries.all(), every=True, objects_matter=False),
    )


def _stats(code: Code, facts: PackageFacts) -> CodeStats:
    index = code.index
    return CodeStats(
        dex_files=sum(not dex.dynamic for dex in facts.dex),
        dex_bytes=sum(len(dex.data) for dex in facts.dex if not dex.dynamic),
        classes=len(index.classes.type),
        methods=len(index.defs.method),
        instructions=len(index.pc),
        calls=len(index.invokes),
        dynamic_dex=tuple(dex.name for dex in facts.dex if dex.dynamic),
        native_libs=tuple(lib.path for lib in facts.native_libs),
    )

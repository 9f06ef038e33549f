"""The static room's entry: one package in, what can be read without running it out."""

from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.errors import InputError
from scanner.model.progress import Tell, silent
from scanner.model.static import App, CodeStats, ManifestFlags, StaticEvidence
from scanner.static import content, identity, network_config
from scanner.static.behaviours import manifest_behaviours
from scanner.static.calls import Code
from scanner.static.code import CodeEvidence, code_evidence, read_code
from scanner.static.embedded_policy import Found, find_policies
from scanner.static.facts import PackageFacts, ResourceString
from scanner.static.flow.engine import FlowResult, find_flows
from scanner.static.formats import open_package
from scanner.static.gather_harmony import gather_harmony
from scanner.static.gathering import StaticGathering, inputs_of, sorted_gaps
from scanner.static.manifest import Manifest
from scanner.static.manifest_permissions import custom
from scanner.static.native import read_native
from scanner.static.owner import ClassOwners
from scanner.static.package import Package
from scanner.static.packers import BLOCKED, find_packers
from scanner.static.resources import Table
from scanner.static.text_files import read_texts
from scanner.static.ui import Interface, interface_gaps, read_interface
from scanner.static.ui_rules import Rules

_NO_FLOWS = Gap(
    part="static",
    code="flows-not-analysed",
    detail=Text(zh="未要求分析数据流", en="Data-flow analysis was not asked for"),
    blocks=("static.flows",),
)


_NO_CODE = Gap(
    part="static",
    code="no-code",
    detail=Text(
        zh="安装包中没有可读的代码文件（DEX），应用行为未知",
        en="The package holds no readable dex file; what the app does is unknown",
    ),
    blocks=BLOCKED,
)


class _Options(NamedTuple):
    mapping: Path | None
    flow_budget: float


def gather_static(
    path: Path,
    know: Knowledge,
    *,
    mapping: Path | None = None,
    flow_budget: float = 30.0,
    tell: Tell = silent,
) -> StaticGathering:
    """Read a package: APK, XAPK, APKS, APKM, folder of splits, AAB, HarmonyOS HAP or APP.

    `mapping` is an R8 or ProGuard mapping; `flow_budget` the seconds that data-flow analysis may
    take (0 = none). Raises `InputError` when the file is no package; whatever else is wrong with
    it becomes a Gap.
    """
    package = open_package(path, tell)
    try:
        return _gather(package, know, _Options(mapping, flow_budget), tell)
    finally:
        package.close()


class _PackageSide(NamedTuple):
    """Everything but the code: facts for the code side, evidence, gaps and policy texts."""

    app: App
    facts: PackageFacts
    evidence: StaticEvidence
    gaps: list[Gap]
    policies: tuple[Found, ...]


def _gather(package: Package, know: Knowledge, options: _Options, tell: Tell) -> StaticGathering:
    if package.harmony:
        return gather_harmony(package, know, tell)
    side = _package_side(package, know, tell)
    evidence, gaps = _with_code(side, know, options, tell) if side.facts.dex else _without(side)
    gaps += [gap for archive in package.archives for gap in archive.gaps()]
    return StaticGathering(
        app=side.app,
        static=evidence,
        gaps=sorted_gaps([*side.gaps, *gaps]),
        inputs=inputs_of(package, options.mapping),
        policy_texts=tuple((found.fact.place, found.data) for found in side.policies),
    )


def _with_code(
    side: _PackageSide, know: Knowledge, options: _Options, tell: Tell
) -> tuple[StaticEvidence, list[Gap]]:
    code = read_code(side.facts, know, mapping=options.mapping, tell=tell)
    said = code_evidence(code, side.facts, tell)
    flows = _flows(code, side.facts, know, options, tell)
    return _joined(side, said, flows, code.owners), [*said.gaps, *flows.gaps]


def _without(side: _PackageSide) -> tuple[StaticEvidence, list[Gap]]:
    """Return the evidence of a package that holds no dex file."""
    libs = tuple(lib.path for lib in side.facts.native_libs)
    permissions = side.facts.permissions
    return replace(side.evidence, code=CodeStats(native_libs=libs), permissions=permissions), [
        _NO_CODE
    ]


def _package_side(package: Package, know: Knowledge, tell: Tell) -> _PackageSide:
    tell("manifest and resources")
    table, table_gaps = identity.read_tables(package)
    manifests = identity.Manifests(package, table)
    dex, dex_gaps = content.read_dex(package)
    if not manifests.all and not dex:
        raise InputError(
            f"{package.name}: neither its AndroidManifest.xml nor any code can be read",
            "The file is damaged; copy or download it again.",
        )
    tell("interface")
    rules = Rules(know)
    interface = read_interface(package, table, dex, rules)
    texts = read_texts(package, rules)
    policies = find_policies(texts.policies, interface.texts, rules)
    facts = replace(
        _facts(package, manifests, table, interface),
        dex=dex,
        strings=(
            *(ResourceString(place=p, text=t) for p, t in interface.texts if "." in t),
            *texts.addresses,
        ),
    )
    packers, packer_gaps = find_packers(facts, know.packers)
    facts = replace(facts, packed=any(gap.code == "packed-code" for gap in packer_gaps))
    native, native_gaps = read_native(package, facts.native_libs, know)
    evidence = StaticEvidence(
        components=tuple(identity.component(c) for c in facts.components),
        manifest=_flags(manifests.base, package, table) if manifests.all else ManifestFlags(),
        packers=packers,
        calls=native,
        ui=interface.facts,
        behaviours=manifest_behaviours(manifests.base, know) if manifests.all else (),
        policies=tuple(found.fact for found in policies),
        custom_permissions=tuple(p for m in manifests.all for p in custom(m, table)),
    )
    gaps = [*table_gaps, *manifests.gaps(), *dex_gaps, *packer_gaps, *native_gaps]
    gaps += interface_gaps(facts.files, rules)
    return _PackageSide(identity.app_of(package, manifests.base), facts, evidence, gaps, policies)


def _joined(
    side: _PackageSide, said: CodeEvidence, flows: FlowResult, owners: ClassOwners
) -> StaticEvidence:
    """Return package and code evidence as one; the owner of a component is its class's.

    Without a manifest nothing is known to be undeclared, so no permission is named at all.
    """
    evidence = side.evidence
    behaviours = [
        replace(b, actor=owners.of(b.place.cls)) if b.place.cls else b for b in evidence.behaviours
    ]
    return replace(
        evidence,
        code=said.stats,
        permissions=said.permissions if side.facts.package else (),
        calls=(*said.calls, *evidence.calls),
        sdks=said.sdks,
        libraries=said.libraries,
        unknown_packages=said.unknown_packages,
        endpoints=said.endpoints,
        components=tuple(replace(c, actor=owners.of(c.name)) for c in evidence.components),
        behaviours=tuple(
            sorted((*behaviours, *said.behaviours), key=lambda b: (b.kind, b.place.cls, b.detail))
        ),
        flows=flows.flows,
    )


def _flows(
    code: Code, facts: PackageFacts, know: Knowledge, options: _Options, tell: Tell
) -> FlowResult:
    if options.flow_budget <= 0:
        return FlowResult((), (_NO_FLOWS,))
    tell("data flow")
    return find_flows(code.index, facts, know, budget_seconds=options.flow_budget, tell=tell)


def _facts(
    package: Package,
    manifests: identity.Manifests,
    table: Table,
    interface: Interface,
) -> PackageFacts:
    base = manifests.base
    files = content.file_names(package)
    return PackageFacts(
        package=base.package,
        application_class=base.application_class,
        component_factory=base.component_factory,
        backup_agent=base.backup_agent,
        min_sdk=base.min_sdk,
        target_sdk=base.target_sdk,
        permissions=manifests.permissions(table),
        components=base.components,
        meta_data=base.meta_data,
        startup_initializers=base.startup,
        native_libs=content.native_libs(package),
        assets=content.assets(files),
        files=files,
        layout_classes=interface.layout_classes,
        layout_callbacks=interface.layout_callbacks,
        password_views=interface.password_views,
    )


def _flags(manifest: Manifest, package: Package, table: Table) -> ManifestFlags:
    return ManifestFlags(
        allow_backup=manifest.allow_backup,
        uses_cleartext_traffic=manifest.cleartext,
        network_security_config=network_config.config_name(manifest, table),
        cleartext_permitted=network_config.cleartext_permitted(manifest, package, table),
        debuggable=manifest.debuggable,
        request_legacy_external_storage=manifest.legacy_storage,
        queries=manifest.queries,
    )

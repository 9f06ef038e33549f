"""The static room's entry: one package in, what can be read without running it out."""

from pathlib import Path

from msgspec.structs import replace

from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.errors import InputError
from scanner.model.progress import Tell, silent
from scanner.model.static import ManifestFlags, StaticEvidence
from scanner.static import content, identity, network_config
from scanner.static.backup_rules import backup_rules
from scanner.static.behaviours import manifest_behaviours
from scanner.static.embedded_policy import find_policies
from scanner.static.facts import PackageFacts, ResourceString
from scanner.static.formats import open_package
from scanner.static.gather_code import CodeOptions, PackageSide, with_code, without_code
from scanner.static.gathering import StaticGathering, inputs_of, sorted_gaps
from scanner.static.manifest import Manifest
from scanner.static.manifest_permissions import custom
from scanner.static.native import read_native
from scanner.static.package import Package
from scanner.static.packers import find_packers
from scanner.static.resources import Table
from scanner.static.sdk_versions import version_file_names
from scanner.static.text_files import read_small, read_texts
from scanner.static.ui import Interface, interface_gaps, read_interface
from scanner.static.ui_rules import interface_rules

_NO_FLOWS = Gap(
    part="static",
    code="flows-not-analysed",
    detail=Text(zh="未要求分析数据流", en="Data-flow analysis was not asked for"),
    blocks=("static.flows",),
)


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
        return _gather(package, know, CodeOptions(mapping, flow_budget), tell)
    finally:
        package.close()


def _gather(package: Package, know: Knowledge, options: CodeOptions, tell: Tell) -> StaticGathering:
    if package.harmony:
        from scanner.static.gather_harmony import gather_harmony  # noqa: PLC0415 - rarely needed

        return gather_harmony(package, know, tell)
    side = package_side(package, know, tell)
    evidence, gaps = with_code(side, know, options, tell) if side.facts.dex else without_code(side)
    gaps += [gap for archive in package.archives for gap in archive.gaps()]
    return StaticGathering(
        app=side.app,
        static=evidence,
        gaps=sorted_gaps([*side.gaps, *gaps]),
        inputs=inputs_of(package, options.mapping),
        policy_texts=tuple((found.fact.place, found.data) for found in side.policies),
    )


def package_side(package: Package, know: Knowledge, tell: Tell) -> PackageSide:
    """Return what the package says without its code, and the facts the code side needs."""
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
    rules = interface_rules(know)
    interface = read_interface(package, table, dex, rules)
    texts = read_texts(package, rules)
    policies = find_policies(texts.policies, interface.texts, rules)
    facts = _facts(package, manifests, table, interface)
    facts = replace(
        facts,
        dex=dex,
        strings=(
            *(ResourceString(place=p, text=t) for p, t in interface.texts if "." in t),
            *texts.addresses,
        ),
        version_files=read_small(package, version_file_names(know).intersection(facts.files)),
    )
    packers, packer_gaps = find_packers(facts, know.packers)
    facts = replace(facts, packed=any(gap.code == "packed-code" for gap in packer_gaps))
    native = read_native(package, facts.native_libs, know)
    facts = replace(facts, native_exports=native.exports)
    evidence = StaticEvidence(
        components=tuple(identity.component(c) for c in facts.components),
        manifest=_flags(manifests.base, package, table) if manifests.all else ManifestFlags(),
        packers=packers,
        calls=native.sites,
        ui=interface.facts,
        behaviours=manifest_behaviours(manifests.base, know) if manifests.all else (),
        policies=tuple(found.fact for found in policies),
        custom_permissions=tuple(p for m in manifests.all for p in custom(m, table)),
    )
    gaps = [*table_gaps, *manifests.gaps(), *dex_gaps, *packer_gaps, *native.gaps]
    gaps += interface_gaps(facts.files, rules)
    return PackageSide(
        identity.app_of(package, manifests.base), facts, evidence, gaps, policies, package
    )


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
        consent_views=interface.consent_views,
        consent_strings=interface.consent_strings,
    )


def _flags(manifest: Manifest, package: Package, table: Table) -> ManifestFlags:
    return ManifestFlags(
        allow_backup=manifest.allow_backup,
        backup_rules=backup_rules(manifest, package, table),
        uses_cleartext_traffic=manifest.cleartext,
        network_security_config=network_config.config_name(manifest, table),
        cleartext_permitted=network_config.cleartext_permitted(manifest, package, table),
        debuggable=manifest.debuggable,
        request_legacy_external_storage=manifest.legacy_storage,
        queries=manifest.queries,
    )

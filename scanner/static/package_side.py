"""The package without its code: manifest, resources, interface, texts, native libraries."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from profiles.model import Knowledge
from scanner.model.common import Gap
from scanner.model.errors import InputError
from scanner.model.progress import Tell
from scanner.model.static import App, ManifestFlags, PackerMatch, StaticEvidence
from scanner.static import content, identity, network_config
from scanner.static.backup_rules import backup_rules
from scanner.static.behaviours import manifest_behaviours
from scanner.static.dex.ahead import sweep_ahead
from scanner.static.embedded_policy import Found, find_policies
from scanner.static.facts import DexFile, PackageFacts, ResourceString
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

SWEEPS, FACTS, SIDE = range(3)
"""The answers of `beside_the_index`, in their order."""


class Opening(NamedTuple):
    """What is read first: the package's resources, manifests and dex files."""

    package: Package
    table: Table
    manifests: identity.Manifests
    dex: tuple[DexFile, ...]
    gaps: tuple[Gap, ...]


class PackageSide(NamedTuple):
    """Everything but the code: facts for the code side, evidence, gaps and policy texts."""

    app: App
    facts: PackageFacts
    evidence: StaticEvidence
    gaps: list[Gap]
    policies: tuple[Found, ...]


class _Shown(NamedTuple):
    """What the code's entries are found by, and what belongs to it."""

    facts: PackageFacts
    interface: Interface
    packers: tuple[PackerMatch, ...]
    gaps: tuple[Gap, ...]


def read_opening(package: Package, tell: Tell) -> Opening:
    """Return what is read first. Raises `InputError` when there is neither manifest nor code."""
    tell("manifest and resources")
    table, table_gaps = identity.read_tables(package)
    manifests = identity.Manifests(package, table)
    dex, dex_gaps = content.read_dex(package)
    if not manifests.all and not dex:
        raise InputError(
            f"{package.name}: neither its AndroidManifest.xml nor any code can be read",
            "The file is damaged; copy or download it again.",
        )
    return Opening(package, table, manifests, dex, (*table_gaps, *dex_gaps))


def package_side(package: Package, know: Knowledge, tell: Tell) -> PackageSide:
    """Return what the package says without its code, and the facts the code side needs."""
    return rest_of(read_opening(package, tell), know, tell)


def rest_of(opening: Opening, know: Knowledge, tell: Tell) -> PackageSide:
    """Return the package side of an opened package."""
    tell("interface")
    return _side(opening, _shown(opening, know), know)


def beside_the_index(opening: Opening, know: Knowledge) -> Iterator[Any]:
    """Yield what can be known while the ids of the dex files are united: their sweeps, the facts by
    which the code's entries are found, then the package side and how far the archives were read.

    Facts come without the dex files: whoever asks has them.
    """
    yield sweep_ahead((dex.name, dex.data) for dex in opening.dex)
    shown = _shown(opening, know)
    yield replace(shown.facts, dex=())
    side = _side(opening, shown, know)
    yield (
        side._replace(facts=replace(side.facts, dex=())),
        [archive.progress for archive in opening.package.archives],
    )


def _shown(opening: Opening, know: Knowledge) -> _Shown:
    package, table, manifests, dex, _ = opening
    interface = read_interface(package, table, dex, interface_rules(know))
    facts = replace(_facts(package, manifests, table, interface), dex=dex)
    packers, gaps = find_packers(facts, know.packers)
    facts = replace(facts, packed=any(gap.code == "packed-code" for gap in gaps))
    return _Shown(facts, interface, packers, gaps)


def _side(opening: Opening, shown: _Shown, know: Knowledge) -> PackageSide:
    package, table, manifests, _, opening_gaps = opening
    rules, interface, facts = interface_rules(know), shown.interface, shown.facts
    texts = read_texts(package, rules)
    policies = find_policies(texts.policies, interface.texts, rules)
    named = version_file_names(know).intersection(facts.files)
    version_files = read_small(package, named)
    native = read_native(package, facts.native_libs, know)
    facts = replace(
        facts,
        strings=(
            *(ResourceString(place=p, text=t) for p, t in interface.texts if "." in t),
            *texts.addresses,
        ),
        version_files=version_files,
        native_exports=native.exports,
    )
    evidence = StaticEvidence(
        components=tuple(identity.component(c) for c in facts.components),
        manifest=_flags(manifests.base, package, table) if manifests.all else ManifestFlags(),
        packers=shown.packers,
        calls=native.sites,
        ui=interface.facts,
        behaviours=manifest_behaviours(manifests.base, know) if manifests.all else (),
        policies=tuple(found.fact for found in policies),
        custom_permissions=tuple(p for m in manifests.all for p in custom(m, table)),
    )
    gaps = [*opening_gaps, *manifests.gaps(), *shown.gaps, *native.gaps]
    gaps += interface_gaps(facts.files, rules)
    return PackageSide(identity.app_of(package, manifests.base), facts, evidence, gaps, policies)


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
        consent_tags=interface.consent_tags,
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

"""Who the app is, and the manifest of all its modules as one."""

from msgspec.structs import replace

from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.static import App, Component, PermissionFact
from scanner.static import manifest_permissions
from scanner.static.facts import ComponentFact
from scanner.static.formats import MANIFEST, whole_digest
from scanner.static.limits import MANIFEST_BYTES
from scanner.static.manifest import Manifest, read_manifest
from scanner.static.package import Module, Package
from scanner.static.resources import Table
from scanner.static.signing import read_signers

_MANIFEST_FIELDS = (
    "static.permissions",
    "static.components",
    "static.manifest",
    "static.behaviours",
)


def read_tables(package: Package) -> tuple[Table, tuple[Gap, ...]]:
    """Return the resources of all modules as one table."""
    table = Table()
    for module in package.modules:
        for name, add in (("resources.arsc", table.add), ("resources.pb", table.add_proto)):
            data = module.read(name) if name in module else None
            if data:
                add(data)
    if not table.problems:
        return table, ()
    detail = Text(
        zh="资源表无法完整读取，界面文字与资源引用可能缺失",
        en="The resource table could not be read in full; texts and references may be missing",
    )
    gap = Gap(
        part="static",
        code="resources-unreadable",
        detail=detail,
        blocks=("static.ui", "static.policies"),
        subject="resources.arsc",
    )
    return table, (gap,)


def _one(module: Module, table: Table, target: int | None) -> Manifest | None:
    root = module.xml(MANIFEST, MANIFEST_BYTES)
    if root is None or root.tag != "manifest":
        return None
    return read_manifest(root, table, target)


class Manifests:
    """The base manifest, and all of them in the order of the modules."""

    def __init__(self, package: Package, table: Table) -> None:
        """Read every module's manifest; unreadable ones are counted in `lost`."""
        self.all: list[Manifest] = []
        self.lost: list[str] = []
        target: int | None = None
        for module in package.modules:
            found = _one(module, table, target)
            if found is None:
                self.lost.append(module.place(MANIFEST))
            else:
                self.all.append(found)
                target = target or found.target_sdk
        self.all.sort(key=lambda m: bool(m.split))
        base = self.all[0] if self.all else Manifest()
        self.base = replace(
            base,
            components=_merged(self.all),
            meta_data=tuple(dict.fromkeys(x for m in self.all for x in m.meta_data)),
            startup=tuple(dict.fromkeys(x for m in self.all for x in m.startup)),
            queries=tuple(sorted({x for m in self.all for x in m.queries})),
        )

    def permissions(self, table: Table) -> tuple[PermissionFact, ...]:
        """Return declared permissions of all modules, then implied ones."""
        declared = manifest_permissions.merge(
            [manifest_permissions.declared(m, table) for m in self.all]
        )
        if not self.all:
            return ()
        return (*declared, *manifest_permissions.implied(self.base, declared))

    def gaps(self) -> tuple[Gap, ...]:
        """Return what could not be read."""
        found: list[Gap] = []
        if self.lost:
            detail = Text(
                zh="清单文件无法读取，权限与组件未知",
                en="The manifest could not be read; permissions and components are unknown",
            )
            found.append(
                Gap(
                    part="static",
                    code="manifest-unreadable",
                    detail=detail,
                    blocks=_MANIFEST_FIELDS,
                    subject=self.lost[0],
                    count=len(self.lost),
                )
            )
        if self.base.code_names:
            names = ", ".join(self.base.code_names)
            detail = Text(
                zh=f"SDK 版本是代号（{names}）而非数字，按未知处理",
                en=f"An SDK level is a code name ({names}), not a number; it is treated as unknown",
            )
            found.append(Gap(part="static", code="code-named-sdk", detail=detail, subject=names))
        return tuple(found)


def _merged(manifests: list[Manifest]) -> tuple[ComponentFact, ...]:
    """Return the components of all modules; the first declaration of a name counts."""
    found: dict[tuple[str, str], ComponentFact] = {}
    for manifest in manifests:
        for component in manifest.components:
            found.setdefault((component.kind, component.name), component)
    return tuple(found.values())


def app_of(package: Package, manifest: Manifest) -> App:
    """Return the identity of the package."""
    digests = whole_digest(package)
    return App(
        package=manifest.package,
        sha256=digests.sha256,
        sha1=digests.sha1,
        md5=digests.md5,
        size=digests.size,
        label=manifest.label,
        label_en=manifest.label_en,
        version_name=manifest.version_name,
        version_code=manifest.version_code,
        min_sdk=manifest.min_sdk,
        target_sdk=manifest.target_sdk,
        compile_sdk=manifest.compile_sdk,
        signers=read_signers(package.modules[0].archive),
        file_name=package.name,
        format=package.format,
        main_activity=manifest.main_activity,
        application_class=manifest.application_class,
    )


def component(fact: ComponentFact) -> Component:
    """Return a component as evidence."""
    return Component(
        kind=fact.kind,
        name=fact.name,
        exported=fact.exported,
        enabled=fact.enabled,
        permission=fact.permission,
        actions=fact.actions,
        foreground_types=fact.foreground_types,
    )

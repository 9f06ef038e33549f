"""The manifest as facts: identity, flags, components with their effective values.

Defaults follow the platform (`PackageParser`/`ParsingPackageUtils`): a component without
`android:exported` is exported when it has an intent filter, a provider when the app targets
level 16 or lower. Aliases take what they do not state from their target.
"""

from typing import Literal, NamedTuple

import msgspec

from scanner.static.facts import ComponentFact, IntentFilter, MetaData
from scanner.static.resources import Table
from scanner.static.xml_tree import T_STRING, Element, Value

_Kind = Literal["activity", "activity-alias", "service", "receiver", "provider"]
_KINDS: tuple[_Kind, ...] = ("activity", "activity-alias", "service", "receiver", "provider")
_TAGS: dict[str, _Kind] = {kind: kind for kind in _KINDS}
_MAIN = "android.intent.action.MAIN"
_LAUNCHERS = ("android.intent.category.LAUNCHER", "android.intent.category.LEANBACK_LAUNCHER")
_PROVIDER_EXPORT_LEVEL = 17
_STARTUP = "androidx.startup"

_NEWEST = 10_000
"""What the platform itself uses for a release in development."""

_LEVELS = {
    "minSdkVersion": "min_sdk",
    "targetSdkVersion": "target_sdk",
    "maxSdkVersion": "max_sdk",
}

_FOREGROUND = {
    0x1: "dataSync",
    0x2: "mediaPlayback",
    0x4: "phoneCall",
    0x8: "location",
    0x10: "connectedDevice",
    0x20: "mediaProjection",
    0x40: "camera",
    0x80: "microphone",
    0x100: "health",
    0x200: "remoteMessaging",
    0x400: "systemExempted",
    0x800: "shortService",
    0x2000: "mediaProcessing",
    0x40000000: "specialUse",
}
"""Bits of `android:foregroundServiceType` (attrs_manifest.xml of the platform)."""


class Manifest(msgspec.Struct, eq=False):
    """One manifest, resolved. Strings are empty and levels None when not stated."""

    package: str = ""
    split: str = ""
    version_name: str = ""
    version_code: str = ""
    min_sdk: int | None = None
    target_sdk: int | None = None
    max_sdk: int | None = None
    code_names: tuple[str, ...] = ()
    compile_sdk: str = ""
    label: str = ""
    label_en: str = ""
    application_class: str = ""
    component_factory: str = ""
    backup_agent: str = ""
    allow_backup: bool | None = None
    backup_rules: tuple[Value, ...] = ()
    cleartext: bool | None = None
    network_config: Value | None = None
    debuggable: bool = False
    legacy_storage: bool = False
    queries: tuple[str, ...] = ()
    components: tuple[ComponentFact, ...] = ()
    meta_data: tuple[MetaData, ...] = ()
    startup: tuple[str, ...] = ()
    root: Element = msgspec.field(default_factory=lambda: Element("manifest"))

    @property
    def stated(self) -> bool:
        """Tell whether the manifest states a level of its own; splits often do not."""
        return bool(self.target_sdk or self.min_sdk or self.code_names)

    @property
    def level(self) -> int:
        """Return the level by which the platform chooses its behaviour for the app: the target,
        the newest for a code name, else the minimum, else 1.
        """
        if self.target_sdk is None and self.code_names:
            return _NEWEST
        return self.target_sdk or self.min_sdk or 1

    @property
    def main_activity(self) -> str:
        """Return the first enabled launcher activity; an alias is answered by its target."""
        for component in self.components:
            if component.launcher:
                return component.target or component.name
        return ""


class Reading(NamedTuple):
    """What resolves values while a manifest is read."""

    table: Table
    package: str

    def string(self, value: Value | None, language: str = "") -> str:
        """Return a value's text; numbers and booleans in decimal, unknown references as `@id`."""
        if value is None:
            return ""
        if value.reference:
            resolved = self.table.value(value.reference, language)
            if resolved is None:
                return f"@0x{value.reference:08x}"
            value = resolved
        if value.type == T_STRING or value.text:
            return value.text
        return "" if value.integer is None else str(value.integer)

    def truth(self, value: Value | None) -> bool | None:
        """Return a boolean, through a resource where needed; None when unknown or not stated."""
        if value is not None and value.reference:
            value = self.table.value(value.reference)
        return None if value is None else value.boolean

    def cls(self, value: Value | None) -> str:
        """Return a class name made absolute by the manifest's package."""
        name = self.string(value)
        if name.startswith("."):
            return self.package + name
        return f"{self.package}.{name}" if name and "." not in name and name[0] != "@" else name


def plain(element: Element, name: str) -> str:
    """Return an attribute that has no namespace, such as `package`."""
    value = element.attributes.get(name) or element.attributes.get("android:" + name)
    return value.text if value else ""


def _level(reading: Reading, value: Value | None) -> tuple[int | None, str]:
    """Return an SDK level, or the code name of a preview in its place."""
    text = reading.string(value)
    number = Value(T_STRING, 0, text).integer if text else None
    return number, text if number is None else ""


def _filters(reading: Reading, element: Element) -> tuple[IntentFilter, ...]:
    found = []
    for block in element.all("intent-filter"):
        data = []
        for item in block.all("data"):
            scheme = reading.string(item.android("scheme"))
            host = reading.string(item.android("host"))
            mime = reading.string(item.android("mimeType"))
            data += [x for x in (f"{scheme}://{host}" if scheme else host, mime) if x]
        names = {
            tag: tuple(reading.string(e.android("name")) for e in block.all(tag))
            for tag in ("action", "category")
        }
        found.append(
            IntentFilter(actions=names["action"], categories=names["category"], data=tuple(data))
        )
    return tuple(found)


def _exported(
    reading: Reading, element: Element, filters: tuple[IntentFilter, ...], level: int | None
) -> bool:
    stated = reading.truth(element.android("exported"))
    if stated is not None:
        return stated
    if element.tag == "provider":
        return level is not None and level < _PROVIDER_EXPORT_LEVEL
    return bool(filters)


def _foreground(reading: Reading, element: Element) -> tuple[str, ...]:
    value = element.android("foregroundServiceType")
    if value is not None and value.reference:
        value = reading.table.value(value.reference)
    bits = value.integer if value is not None else None
    return tuple(name for bit, name in _FOREGROUND.items() if bits and bits & bit)


def _launches(filters: tuple[IntentFilter, ...]) -> bool:
    return any(_MAIN in f.actions and any(c in f.categories for c in _LAUNCHERS) for f in filters)


def _component(
    reading: Reading, element: Element, kind: _Kind, application: Element, level: int | None
) -> ComponentFact:
    filters = _filters(reading, element)
    general = reading.string(application.android("permission"))
    own = reading.string(element.android("permission"))
    enabled = reading.truth(element.android("enabled")) is not False
    process = reading.string(element.android("process")) or reading.string(
        application.android("process")
    )
    alias = element.tag == "activity-alias"
    return ComponentFact(
        kind=kind,
        name=reading.cls(element.android("name")),
        exported=_exported(reading, element, filters, level),
        enabled=enabled and reading.truth(application.android("enabled")) is not False,
        permission=own or general,
        read_permission=reading.string(element.android("readPermission")),
        write_permission=reading.string(element.android("writePermission")),
        grant_uri=reading.truth(element.android("grantUriPermissions")) is True,
        filters=filters,
        authorities=tuple(
            a for a in reading.string(element.android("authorities")).split(";") if a
        ),
        foreground_types=_foreground(reading, element),
        process="" if process == reading.package else process,
        target=reading.cls(element.android("targetActivity")) if alias else "",
        launcher=enabled and element.tag.startswith("activity") and _launches(filters),
    )


def _meta(reading: Reading, owner: Element, name: str) -> list[MetaData]:
    found = []
    for item in owner.all("meta-data"):
        value = item.android("value")
        text = reading.string(value)
        resource = item.android("resource")
        if value is None and resource is not None:
            text = "@" + (reading.table.name(resource.reference) or f"0x{resource.data:08x}")
        found.append(MetaData(name=reading.string(item.android("name")), value=text, owner=name))
    return found


def _queries(reading: Reading, root: Element) -> tuple[str, ...]:
    """Return packages, authorities and intent actions that the app asks to see."""
    found: list[str] = []
    for block in root.all("queries"):
        for item in block.children:
            name = reading.string(item.android("name")) or reading.string(
                item.android("authorities")
            )
            actions = [reading.string(a.android("name")) for a in item.all("action")]
            found += [f"{item.tag}:{text}" for text in [name, *actions] if text]
    return tuple(sorted(set(found)))


def _identity(manifest: Manifest, reading: Reading, root: Element) -> None:
    manifest.split = plain(root, "split")
    manifest.version_name = reading.string(root.android("versionName"))
    code = root.android("versionCode")
    major = root.android("versionCodeMajor")
    manifest.version_code = reading.string(code)
    if major is not None and major.integer and code is not None and code.integer is not None:
        manifest.version_code = str(major.integer << 32 | code.integer & 0xFFFFFFFF)
    manifest.compile_sdk = reading.string(root.android("compileSdkVersion")) or plain(
        root, "platformBuildVersionCode"
    )
    names: list[str] = []
    for uses in root.all("uses-sdk"):
        for attribute, field_name in _LEVELS.items():
            number, code_name = _level(reading, uses.android(attribute))
            if number is not None:
                setattr(manifest, field_name, number)
            elif code_name:
                names.append(code_name)
    manifest.code_names = tuple(dict.fromkeys(names))


def _label(reading: Reading, value: Value | None, language: str) -> str:
    """Return the app's name; a reference that leads nowhere is no name."""
    text = reading.string(value, language)
    return "" if text.startswith("@0x") else text


def _application(manifest: Manifest, reading: Reading, application: Element) -> None:
    label = application.android("label")
    manifest.label = _label(reading, label, "zh")
    manifest.label_en = _label(reading, label, "en")
    manifest.application_class = reading.cls(application.android("name"))
    manifest.component_factory = reading.cls(application.android("appComponentFactory"))
    manifest.backup_agent = reading.cls(application.android("backupAgent"))
    manifest.allow_backup = reading.truth(application.android("allowBackup"))
    rules = (application.android(name) for name in ("fullBackupContent", "dataExtractionRules"))
    manifest.backup_rules = tuple(value for value in rules if value is not None)
    manifest.cleartext = reading.truth(application.android("usesCleartextTraffic"))
    manifest.network_config = application.android("networkSecurityConfig")
    manifest.debuggable = reading.truth(application.android("debuggable")) is True
    manifest.legacy_storage = (
        reading.truth(application.android("requestLegacyExternalStorage")) is True
    )


def read_manifest(root: Element, table: Table, target_sdk: int | None = None) -> Manifest:
    """Read one manifest tree. `target_sdk` stands in where a split does not state its own."""
    reading = Reading(table, plain(root, "package"))
    manifest = Manifest(package=reading.package, root=root)
    _identity(manifest, reading, root)
    manifest.queries = _queries(reading, root)
    application = next(root.all("application"), None)
    if application is None:
        return manifest
    _application(manifest, reading, application)
    level = manifest.level if manifest.stated or target_sdk is None else target_sdk
    components: list[ComponentFact] = []
    meta = _meta(reading, application, "")
    for element in application.children:
        kind = _TAGS.get(element.tag)
        if kind is not None:
            fact = _component(reading, element, kind, application, level)
            components.append(fact)
            meta += _meta(reading, element, fact.name)
    manifest.components = tuple(components)
    manifest.meta_data = tuple(meta)
    manifest.startup = tuple(dict.fromkeys(m.name for m in meta if m.value == _STARTUP))
    return manifest

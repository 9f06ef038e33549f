"""What the package side of the static room hands to the code side: plain data, no behaviour.

`gather.py` fills one `PackageFacts` from the container, the manifest and the resources and passes
it to the code façade. Everything is a plain value, so it can cross a process boundary. Class names
are Java style (`a.b.C$D`); archive names are as written in the archive, and a name inside a
nested archive is `outer!inner`.
"""

from typing import Literal

from scanner.model.base import Doc
from scanner.model.static import PermissionFact


class DexFile(Doc):
    """One dex file, whole, in loading order (classes.dex, classes2.dex, ..., then splits).

    `dynamic`: not loaded by the platform itself (assets, res/raw, nested jar or apk), so its code
    runs only when the app loads it. `data` is exactly the bytes of the entry, unchecked.
    """

    name: str
    data: bytes
    dynamic: bool = False


class NativeLib(Doc):
    """One native library. `name` is `libx.so`, `path` the archive name, `size` in bytes."""

    name: str
    abi: str
    path: str
    size: int


class NativeExports(Doc):
    """What a native library (archive name) exports to the Java side, `JNI_OnLoad` included."""

    path: str
    names: tuple[str, ...]


class MetaData(Doc):
    """One `<meta-data>`: `value` as text (string, number, or `@resource-name`).

    `owner` is the component's class name; empty for the application itself.
    """

    name: str
    value: str
    owner: str = ""


class IntentFilter(Doc):
    """One intent filter. `data` holds `scheme://host` parts or MIME types as written."""

    actions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    data: tuple[str, ...] = ()


class ComponentFact(Doc):
    """A manifest component with everything that decides how its code starts.

    `exported` is the effective value. `target` is the activity behind an alias. `launcher`: has a
    MAIN + LAUNCHER filter and is enabled. `process` is empty for the app's main process.
    """

    kind: Literal["activity", "activity-alias", "service", "receiver", "provider"]
    name: str
    exported: bool
    enabled: bool = True
    permission: str = ""
    read_permission: str = ""
    write_permission: str = ""
    grant_uri: bool = False
    filters: tuple[IntentFilter, ...] = ()
    authorities: tuple[str, ...] = ()
    foreground_types: tuple[str, ...] = ()
    process: str = ""
    target: str = ""
    launcher: bool = False

    @property
    def actions(self) -> tuple[str, ...]:
        """Return the actions of all filters, each once, in order."""
        return tuple(dict.fromkeys(a for f in self.filters for a in f.actions))


class ResourceString(Doc):
    """One readable string of the resources. `place` is `res:string/name`, or an archive name."""

    place: str
    text: str


class PackageFacts(Doc):
    """The package as the code side needs it.

    `permissions` are the declared ones (of all splits). `meta_data` covers the application and all
    components. `startup_initializers` are the androidx.startup classes of the manifest.
    `layout_classes` are custom view and fragment classes named in layouts, `layout_callbacks` the
    method names of `android:onClick`, `password_views` the ids of input fields for passwords,
    `consent_views` those of boxes by which a user agrees, `consent_tags` such boxes by the tags of
    data binding (`layout/login_0#binding_1`), `consent_strings` those of texts that ask
    for it (where Jetpack Compose draws boxes).
    `files` are all archive names of all splits, sorted; `assets` those under `assets/`, without
    that prefix. `strings` are texts worth searching for hosts: of resources, and addresses in
    files beside the code. `version_files` are the small files that hold the version of an SDK.
    """

    package: str
    application_class: str = ""
    component_factory: str = ""
    backup_agent: str = ""
    min_sdk: int | None = None
    target_sdk: int | None = None
    permissions: tuple[PermissionFact, ...] = ()
    components: tuple[ComponentFact, ...] = ()
    meta_data: tuple[MetaData, ...] = ()
    startup_initializers: tuple[str, ...] = ()
    layout_classes: tuple[str, ...] = ()
    layout_callbacks: tuple[str, ...] = ()
    password_views: tuple[int, ...] = ()
    consent_views: tuple[int, ...] = ()
    consent_tags: tuple[str, ...] = ()
    consent_strings: tuple[int, ...] = ()
    native_libs: tuple[NativeLib, ...] = ()
    assets: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    strings: tuple[ResourceString, ...] = ()
    native_exports: tuple[NativeExports, ...] = ()
    version_files: tuple[ResourceString, ...] = ()
    dex: tuple[DexFile, ...] = ()
    packed: bool = False

"""What the package says: facts read without running the app."""

from typing import Literal

from scanner.model.base import Doc
from scanner.model.common import Confidence

_LOADING = ("dynamic-loading", "hot-update")
_FROM_PACKAGE = frozenset({"package", "private-files"})
"""A file of the package is often copied to the private folder before it is loaded."""


class Signer(Doc):
    """A signing certificate. `sha256` is the hex digest of the DER certificate."""

    sha256: str
    subject: str = ""
    schemes: tuple[str, ...] = ()


class App(Doc):
    """Identity of the scanned package. Digests are hex over the file's bytes; `size` in bytes.

    SDK levels are None when absent or not a number (code-named previews).
    """

    package: str
    sha256: str
    size: int
    label: str = ""
    label_en: str = ""
    version_name: str = ""
    version_code: str = ""
    sha1: str = ""
    md5: str = ""
    min_sdk: int | None = None
    target_sdk: int | None = None
    compile_sdk: str = ""
    signers: tuple[Signer, ...] = ()
    file_name: str = ""
    format: str = "apk"
    main_activity: str = ""
    application_class: str = ""


class Location(Doc):
    """A place in the code. Names are Java-style (`a.b.C$D`); `offset` is in bytes from the first
    instruction of the method, -1 when the place is not an instruction; `dex` the file in the
    archive; `line` the source line when debug data has it.
    """

    cls: str
    method: str = ""
    descriptor: str = ""
    offset: int = -1
    dex: str = ""
    line: int | None = None


class Reach(Doc):
    """Whether and how code can run.

    `reachable` is None when no entry point could be decided. `before_consent`: reachable from an
    entry that runs without any user action. `chain` is the shortest call chain from such an
    entry (or from any entry), outermost first, as `Class.method`. `guarded`: a consent-looking
    condition stands on the chain, so `before_consent` is tentative. `entry` names the kind of the
    first element (`application-on-create`, `provider-on-create`, `launcher-activity`, ...).
    """

    reachable: bool | None = None
    before_consent: bool | None = None
    chain: tuple[str, ...] = ()
    guarded: bool = False
    entry: str = ""


class CollectionSite(Doc):
    """One place in the code that yields personal data.

    `api` is the knowledge id, `target` the member or string as written in the code, `actor` the
    owner of the calling code (see `scanner.model.common.APP`). `owner_inferred`: the class is
    renamed, and its owner is the SDK to which all classes belong that refer to it.
    """

    api: str
    data_type: str
    kind: Literal["method", "field", "string", "uri", "callback"]
    target: str
    place: Location
    actor: str
    reach: Reach = Reach()
    confidence: Confidence = "firm"
    owner_inferred: bool = False


class PermissionFact(Doc):
    """One permission: declared in the manifest, used by the code, or both.

    `used_by` holds the actors with a reachable call that needs it; `used_at` up to five places;
    `requested_at` the places that ask for it at run time, `request_reach` how the earliest of them
    can run. `flags` are manifest attributes such as `neverForLocation` or
    `requiredFeature:<feature>`; `element` the tag (`uses-permission`, `uses-permission-sdk-23`),
    or `implied` for one that the platform grants beside a declared one (`declared` is False then).
    """

    name: str
    declared: bool
    element: str = ""
    max_sdk: int | None = None
    flags: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    used_at: tuple[Location, ...] = ()
    requested_at: tuple[Location, ...] = ()
    request_reach: Reach = Reach()
    use_confidence: Confidence = "firm"


class CustomPermission(Doc):
    """A permission that the app itself defines. `protection` is the base protection level."""

    name: str
    protection: str = "normal"
    group: str = ""


class Marker(Doc):
    """One trace of an SDK: its kind, the text that matched, and whether it survives R8."""

    kind: Literal["package", "native-lib", "component", "meta-data", "asset", "string", "host"]
    value: str
    survives_shrinking: bool = False


class SdkMatch(Doc):
    """A third-party SDK found in the app. Present, initialised and reachable are three facts;
    `None` means it was not decided. `classes` counts its classes in the code.
    """

    sdk: str
    markers: tuple[Marker, ...]
    classes: int = 0
    initialised: bool | None = None
    initialised_at: Location | None = None
    initialised_before_consent: bool | None = None
    reachable: bool | None = None
    version: str = ""
    confidence: Confidence = "firm"


class LibraryMatch(Doc):
    """An open-source library that is no data processor by itself."""

    library: str
    classes: int = 0


class UnknownPackage(Doc):
    """Code outside the app's own package that no catalogue entry owns."""

    prefix: str
    classes: int


class Endpoint(Doc):
    """A host named in code or resources. `cleartext` when the URL begins with `http://`."""

    host: str
    url: str = ""
    cleartext: bool = False
    place: str = ""
    actor: str = "app"


class Component(Doc):
    """A manifest component. `exported` is the effective value after the platform's defaults."""

    kind: Literal["activity", "activity-alias", "service", "receiver", "provider"]
    name: str
    exported: bool
    enabled: bool = True
    permission: str = ""
    actions: tuple[str, ...] = ()
    actor: str = "app"
    foreground_types: tuple[str, ...] = ()


class ManifestFlags(Doc):
    """Application attributes that bear on leakage. `None` = not stated in the manifest.

    `backup_rules` are the rules of the files that the manifest names for backups, such as
    `cloud-backup: exclude sharedpref account.xml`.
    """

    allow_backup: bool | None = None
    backup_rules: tuple[str, ...] = ()
    uses_cleartext_traffic: bool | None = None
    network_security_config: str = ""
    cleartext_permitted: bool | None = None
    debuggable: bool = False
    request_legacy_external_storage: bool = False
    queries: tuple[str, ...] = ()


class PackerMatch(Doc):
    """A hardening product that hides the code. `evidence` lists the traces."""

    packer: str
    evidence: tuple[str, ...]
    confidence: Confidence = "firm"


class UiFact(Doc):
    """Something a user would see, read from layouts, strings or string pools.

    `kind` is one of: privacy-prompt, default-ticked-consent, unticked-consent, implied-consent,
    bundled-consent, refuse-button, agree-button, policy-link, agreement-link,
    account-cancellation, data-export, complaint, personalisation-switch, filing-number,
    childrens-mode, withdraw-consent, clear-data.
    """

    kind: str
    place: str
    text: str = ""
    confidence: Confidence = "firm"


class Behaviour(Doc):
    """A code or manifest behaviour that bears on collection, consent or leakage.

    `kind` is one of: auto-start, associated-start (others wake this app), starts-other-app,
    starts-found-app (apps found at run time; the detail is the action),
    keep-alive, dynamic-loading, native-loading, hot-update, clipboard-at-start, overlay,
    screenshot, screenshot-watch, personal-data-log, trust-all-tls, hostname-verifier,
    webview-ssl-error, hard-coded-key, permission-burst, old-target-sdk, package-listing,
    exported-provider, exit-on-permission-answer.

    For keep-alive shown by code, `detail` begins with the trick: one-pixel-window, silent-audio,
    empty-notification, taken-notification, empty-sync, account-sync, restart, timed-restart,
    mutual-guard (then `: ` and the other service).

    `sources` says where loaded code comes from, as far as the code around the place shows:
    `package`, `installed-app`, `private-files`, `external-storage`, `network`; empty when nothing
    does.
    """

    kind: str
    place: Location
    detail: str = ""
    actor: str = "app"
    reach: Reach = Reach()
    confidence: Confidence = "firm"
    sources: tuple[str, ...] = ()

    def unread(self, *, files_read: bool) -> bool:
        """Tell whether it runs code that is not, or not surely, among what was read. `files_read`:
        the package holds code files beside those the platform loads, and they were read; a place
        that loads files of the package loads these.
        """
        if self.kind not in _LOADING or self.reach.reachable is False:
            return False
        if self.kind == "dynamic-loading" and self.place.offset < 0:
            return False
        own = "package" in self.sources and _FROM_PACKAGE.issuperset(self.sources)
        return not (own and files_read)


class BridgeAccess(Doc):
    """Personal data that a page can have read through a bridge. `chain` leads from the method that
    the page calls (`method`) to the one that reads, both included; `place` is where it reads.
    `answers`: the method returns something or runs a script in the page, so that there is a way
    back; that the data takes it is not shown.
    """

    method: str
    data_type: str
    api: str
    place: Location
    chain: tuple[str, ...] = ()
    answers: bool = False
    confidence: Confidence = "firm"


class WebBridge(Doc):
    """An object whose methods scripts of a web page may call (`addJavascriptInterface`).

    `cls` is the object's class, empty when it is not known; `methods` are those that a page may
    call, `opens` what personal data they lead to. `place` adds the object. `followed` is False when
    the app has more such methods than are followed, and those of this one were left out.
    """

    cls: str
    place: Location
    actor: str = "app"
    methods: tuple[str, ...] = ()
    opens: tuple[BridgeAccess, ...] = ()
    reach: Reach = Reach()
    followed: bool = True


class EmbeddedPolicy(Doc):
    """A policy text found in the package; the policy room reads it."""

    place: str
    chars: int
    sha256: str


class FlowStep(Doc):
    """One step of a data flow: where, and the statement in a readable form."""

    place: Location
    statement: str = ""


class DataFlow(Doc):
    """Personal data that the code carries from a source to a sink.

    `sink_kind`: network, sdk, log, sms, file, preferences, ipc, clipboard, webview, other.
    `transforms` in order of occurrence (hash, encrypt, base64, substring, json, ...).
    `assumed` lists what the analysis took for granted. `recipient` says who gets what leaves
    through a component: `caller`, whoever called `component` (one that the manifest exports, or a
    receiver that code registers for other apps); `receivers`, every app that hears the broadcast.
    `guard` is the permission that the code asks of callers or receivers, empty for none.
    """

    data_type: str
    source_api: str
    source: Location
    sink_api: str
    sink_kind: str
    sink: Location
    path: tuple[FlowStep, ...] = ()
    transforms: tuple[str, ...] = ()
    host: str = ""
    component: str = ""
    recipient: Literal["", "caller", "receivers"] = ""
    guard: str = ""
    actor: str = "app"
    confidence: Confidence = "firm"
    assumed: tuple[str, ...] = ()


class CodeStats(Doc):
    """How much code was indexed. `dex_bytes` is the uncompressed size."""

    dex_files: int = 0
    dex_bytes: int = 0
    classes: int = 0
    methods: int = 0
    instructions: int = 0
    calls: int = 0
    dynamic_dex: tuple[str, ...] = ()
    native_libs: tuple[str, ...] = ()


class NativeMethod(Doc):
    """A method whose code lies in a native library: `library` is the archive name, `method` is
    `Class.method`. `exported`: under its own symbol; `registered`: the library names it.
    """

    library: str
    method: str
    how: Literal["exported", "registered"]


class StaticEvidence(Doc):
    """Facts read from the package. `second_reader` says what an independent reader agreed on,
    when one was asked.
    """

    second_reader: str = ""
    code: CodeStats = CodeStats()
    permissions: tuple[PermissionFact, ...] = ()
    calls: tuple[CollectionSite, ...] = ()
    sdks: tuple[SdkMatch, ...] = ()
    libraries: tuple[LibraryMatch, ...] = ()
    unknown_packages: tuple[UnknownPackage, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    components: tuple[Component, ...] = ()
    manifest: ManifestFlags = ManifestFlags()
    packers: tuple[PackerMatch, ...] = ()
    ui: tuple[UiFact, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    policies: tuple[EmbeddedPolicy, ...] = ()
    custom_permissions: tuple[CustomPermission, ...] = ()
    flows: tuple[DataFlow, ...] = ()
    native_methods: tuple[NativeMethod, ...] = ()
    bridges: tuple[WebBridge, ...] = ()

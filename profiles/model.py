"""Types of the knowledge. Every entry says where it comes from and when it was checked."""

from typing import Literal

import msgspec

from profiles.model_rules import (
    Category,
    Clause,
    ClauseGroup,
    LawRef,
    NecessaryInfo,
    PermissionGroup,
    Profile,
    Regulation,
    Scenario,
)
from profiles.model_sdks import (
    MARKER_FIELDS,
    SURVIVES_SHRINKING,
    Library,
    MarkerKind,
    Sdk,
    Trust,
    Vendor,
    VersionKind,
    VersionMarker,
)
from scanner.model.base import Doc, Text

__all__ = [
    "MARKER_FIELDS",
    "SURVIVES_SHRINKING",
    "Api",
    "Argument",
    "Category",
    "Clause",
    "ClauseGroup",
    "DataType",
    "Detector",
    "DomainOwner",
    "HostRule",
    "Knowledge",
    "LawRef",
    "Library",
    "MarkerKind",
    "Member",
    "NecessaryInfo",
    "PackerSign",
    "Permission",
    "PermissionGroup",
    "PermissionNeed",
    "PermissionSuffix",
    "PermissionUse",
    "Profile",
    "Regulation",
    "Scenario",
    "Sdk",
    "Sink",
    "Term",
    "Trust",
    "Vendor",
    "VersionKind",
    "VersionMarker",
]


class DataType(Doc):
    """A kind of personal data. `parent` is a wider type; `group` types are never leaves."""

    id: str
    name: Text
    parent: str | None = None
    group: bool = False
    sensitive_35273: bool = False
    sensitive_45574: str = "no"
    hints: tuple[str, ...] = ()
    trust: Trust = "low"


class Member(Doc):
    """A method or field in Dalvik form. `descriptors` empty = any."""

    cls: str
    name: str
    descriptors: tuple[str, ...] = ()
    declared_in: str = ""


class PermissionNeed(Doc):
    """Which permission a call needs, by device level (`since`/`until`) and targetSdk."""

    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    target_since: int | None = None
    target_until: int | None = None


class Argument(Doc):
    """What an argument must be for the call to count. `index` is 0-based among the declared
    parameters; `equals` a constant; `see` the kind of API entry that the argument must name
    (`settings-key`), or which app the call asks about by its package (`other-package`) or by an
    intent that may be narrowed to one (`intent`): a call about the app itself does not count, one
    about an app that is not known is tentative.
    """

    index: int
    equals: int | str | None = None
    see: Literal["", "settings-key", "other-package", "intent"] = ""


class Api(Doc):
    """A source of personal data. `member` for method and field; `strings` for the rest.

    `role`: call, callback (the app overrides it), generic (an argument decides what is read, so
    it counts only with a resolved argument). `match` says how `strings` compare with the operand
    of const-string. `table` is the settings table of a settings key. `also` are further types
    that the same call yields. `sure_with` are strings of which one must stand in the same method,
    otherwise the call is tentative; `weak` ones always are: they name a place or an event, ask
    about one of many, or the system asks the user first. `deprecated` is an API level. `trust`:
    verified (found in the platform's own signatures), sourced, observed (seen in real code,
    meaning from memory), memory.
    """

    id: str
    data_type: str
    kind: str
    role: str = "call"
    also: tuple[str, ...] = ()
    member: Member | None = None
    strings: tuple[str, ...] = ()
    match: Literal["exact", "prefix", "contains"] = "exact"
    table: str = ""
    argument: Argument | None = None
    sure_with: tuple[str, ...] = ()
    weak: bool = False
    permissions: tuple[PermissionNeed, ...] = ()
    since: int | None = None
    deprecated: int | None = None
    background_relevant: bool = False
    note: Text | None = None
    sensitivity: str = ""
    trust: str = ""
    source: tuple[str, ...] = ()
    checked: str = ""


class Sink(Doc):
    """A place where data leaves. `data_args`: 0-based parameters, `this`, `ret` (what is later
    written to the returned object) or `*`. `role`: call, callback, collector (only gathers data
    before it leaves: carries taint, is no end point).
    """

    id: str
    kind: str
    member: Member
    role: str = "call"
    data_args: tuple[int | str, ...] = ()
    note: Text | None = None
    trust: str = ""
    source: tuple[str, ...] = ()
    checked: str = ""


class Permission(Doc):
    """An Android permission and what it opens.

    `protection` is the base level at the newest API level (`appop`: special access on a settings
    page, then `special` is true; `unknown`: not a platform permission). `functions` are typical
    purposes that can justify it; `origin` who defines it; `detect` how a use shows when it is
    not a call (`service declaration`).
    """

    name: str
    label: Text
    protection: str
    group: str = ""
    data_types: tuple[str, ...] = ()
    special: bool = False
    allows: Text | None = None
    functions: tuple[Text, ...] = ()
    risk: str = ""
    origin: str = ""
    flags: str = ""
    detect: str = ""
    note: Text | None = None
    added_in: int | None = None
    deprecated_in: int | None = None
    trust: Trust = "medium"
    source: tuple[str, ...] = ()
    checked: str = ""


class PermissionSuffix(Doc):
    """An app-own permission that an SDK asks the app to define, known by its suffix."""

    suffix: str
    what: Text
    sdk: str = ""
    risk: str = "low"


class PermissionUse(Doc):
    """One row of the permission -> API map.

    `need`: strict = without the permission the call fails or yields nothing. `mode`: any_of =
    one of several permissions is enough, all_of = others are needed as well. `when` is a
    condition that the row alone does not show. Every row counts as a use; "used but not
    declared" needs a strict row of high trust that fits the device and target ranges.
    """

    permission: str
    kind: str
    signature: str
    need: Literal["strict", "partial"]
    trust: Trust
    since: int | None = None
    until: int | None = None
    target_since: int | None = None
    target_until: int | None = None
    when: str = ""
    mode: str = ""
    source: tuple[str, ...] = ()


class HostRule(Doc):
    """A host suffix and who stands behind it. `cdn` marks shared infrastructure.

    `trust` says how sure company and country are, `sdk_trust` how sure it is that the host is
    this SDK's (None: as sure as the rest).
    """

    suffix: str
    company: str = ""
    country: str = ""
    sdk: str = ""
    purpose: str = ""
    cdn: bool = False
    trust: Trust = "low"
    sdk_trust: Trust | None = None
    source: tuple[str, ...] = ()
    checked: str = ""


class DomainOwner(Doc):
    """Domains of one company, from a list or page that names the company for them.

    Each becomes a host rule where there is none, and vouches for the company of every host below
    it. `cdn` as in `HostRule`: all of them are shared infrastructure.
    """

    id: str
    company: str
    country: str
    suffixes: tuple[str, ...]
    purpose: str = ""
    cdn: bool = False
    trust: Trust = "medium"
    source: tuple[str, ...] = ()
    checked: str = ""


class Detector(Doc):
    """Finds personal data in traffic without knowing the device's values.

    `keys` are field-name patterns (linear-time regular expressions, matched against the whole
    normalised key); `pattern` the value's shape; `checksum` a named function. `alone`: the value
    may count without a key. `telling` are key patterns that say enough even when the value has
    another shape (it may be hashed or encrypted). `beside` are key patterns of which one must
    stand in the same object. `replies`: also searched for in what servers send, and in cookies.
    Examples and near misses are (key, value).
    """

    id: str
    data_type: str
    keys: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    pattern: str = ""
    checksum: str = ""
    alone: bool = False
    replies: bool = False
    examples: tuple[tuple[str, str], ...] = ()
    near_misses: tuple[tuple[str, str], ...] = ()
    source: tuple[str, ...] = ()
    checked: str = ""


class PackerSign(Doc):
    """Traces of a hardening product.

    `classes` are class names or package prefixes of the shell; `native_libs` file names below
    `lib/` and `assets` paths below `assets/`, where `*` stands for any text (see
    `profiles.match.fits`). `not_libs` belong to the same vendor's SDKs and prove nothing.
    """

    id: str
    name: Text
    classes: tuple[str, ...] = ()
    native_libs: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    not_libs: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    checked: str = ""


class Term(Doc):
    """One term of the policy lexicon. `weak` terms count only beside a strong one."""

    text: str
    data_type: str
    lang: Literal["zh", "en"]
    regex: bool = False
    weak: bool = False


class Knowledge(Doc):
    """Everything the scanner knows, loaded once and immutable. Dicts are keyed by id.

    `digest` is the SHA-256 over the YAML files; `words` are UI words for coded values
    (`words["phase.before_consent"]`).
    """

    digest: str
    data_types: dict[str, DataType]
    sdks: dict[str, Sdk]
    libraries: dict[str, Library]
    apis: dict[str, Api]
    sinks: dict[str, Sink]
    permissions: dict[str, Permission]
    permission_uses: tuple[PermissionUse, ...]
    hosts: tuple[HostRule, ...]
    detectors: tuple[Detector, ...]
    packers: tuple[PackerSign, ...]
    lexicon: tuple[Term, ...]
    categories: dict[str, Category]
    permission_groups: dict[str, PermissionGroup]
    laws: dict[str, LawRef]
    regulations: dict[str, Regulation]
    profiles: dict[str, Profile]
    words: dict[str, Text]
    permission_suffixes: tuple[PermissionSuffix, ...] = ()
    tables: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)
    """Room-specific YAML (policy triggers, consent-UI words, ...), still encoded as msgpack; the
    room decodes its own table with its own strict type via `profiles.load.table(know, name, T)`."""

    def ancestors(self, data_type: str) -> tuple[str, ...]:
        """Return the type and its wider types, nearest first."""
        chain: list[str] = []
        current: str | None = data_type
        while current is not None and current in self.data_types and current not in chain:
            chain.append(current)
            current = self.data_types[current].parent
        return tuple(chain)

"""Types of the SDK catalogue: who an SDK is and by what it is recognised."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from scanner.model.base import Doc, Text

Trust = Literal["high", "medium", "low"]
VersionKind = Literal["field", "method", "file", "meta-data", "native-lib", "string"]
MarkerKind = Literal["package", "native-lib", "component", "meta-data", "asset", "string", "host"]

MARKER_FIELDS: Mapping[MarkerKind, str] = {
    "package": "packages",
    "native-lib": "native_libs",
    "component": "components",
    "meta-data": "meta_data",
    "asset": "assets",
    "string": "strings",
    "host": "hosts",
}
"""The field of an `Sdk` that lists the markers of a kind."""

SURVIVES_SHRINKING: frozenset[MarkerKind] = frozenset(
    {"native-lib", "component", "meta-data", "asset", "string", "host"}
)
"""Marker kinds that R8 leaves alone: it renames classes, not files, keys, components or text."""


class Vendor(Doc):
    """Who runs an SDK. `country` is ISO 3166-1 alpha-2."""

    name: Text
    country: str = ""


class VersionMarker(Doc):
    """Where an SDK keeps its version. `profiles.versions` reads it, markers in the order given.

    `kind` says what `at` names and which text is read:

    - `field`: a static field `a.b.C.NAME`; its initial value (a number as its digits)
    - `method`: a method `a.b.C.name`; the constant that it returns, when it is the only one
    - `file`: an archive entry by its full path, `*` for any text; what the file says
    - `meta-data`: a manifest key; its value
    - `native-lib`: a file name below `lib/`, `*` for any text; the name itself
    - `string`: the beginning of an operand of const-string; the whole operand

    `pattern` is a regular expression, searched for in the text, whose one group is the version.
    Without one the whole text must be a version (`profiles.versions.PLAIN`). A pattern needs an
    `example`, a text from which it reads a version, and a `near_miss`, one from which it must not.
    `file`, `meta-data`, `native-lib` and `string` survive R8; a field or method does only where
    the SDK's own rules keep its name.
    """

    kind: VersionKind
    at: str
    pattern: str = ""
    example: str = ""
    near_miss: str = ""


class Sdk(Doc):
    """An SDK that we can recognise. Package prefixes have no trailing dot.

    The longest prefix wins. `fallback` entries stand for a vendor's namespace and never name a
    product. `within` lists owners whose wider prefix holds one of ours on purpose.
    `named_with` lists SDKs whose name in a policy speaks for this one too, because they come as
    one product (a shared core, the location half of a map).
    `data_declared` comes from the vendor's own statement or from the policy of an app that
    embeds the SDK (see `data_declared_trust`); `data_expected` is a guess that never counts as a
    declaration. `trust` is keyed by the marker kind (`packages`, `hosts`, `api`, ...).
    `pre_init_api` may be called before consent, `consent_api` passes consent on.
    In `native_libs` and `assets` a `*` stands for any text (a version).
    A component that begins with a dot is the end of a name in the app's own package.
    `examples` are names of classes that belong to the SDK, `near_misses` neighbours that do not.
    `note` is for maintainers.
    """

    id: str
    name: Text
    vendor: Vendor
    category: str
    packages: tuple[str, ...] = ()
    native_libs: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    meta_data: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    policy_names: tuple[str, ...] = ()
    company_names: tuple[str, ...] = ()
    data_declared: tuple[str, ...] = ()
    data_declared_trust: Trust | None = None
    data_expected: tuple[str, ...] = ()
    statement: str = ""
    init_api: tuple[str, ...] = ()
    pre_init_api: tuple[str, ...] = ()
    consent_api: tuple[str, ...] = ()
    fallback: bool = False
    within: tuple[str, ...] = ()
    named_with: tuple[str, ...] = ()
    version_markers: tuple[VersionMarker, ...] = ()
    examples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    note: str = ""
    trust: dict[str, Trust] = msgspec.field(default_factory=dict)
    source: tuple[str, ...] = ()
    checked: str = ""

    def surviving(self, *, proven: bool = False) -> tuple[MarkerKind, ...]:
        """Return the kinds of marker that this entry has and that R8 leaves alone.

        `proven`: only those that more than memory speaks for.
        """
        return tuple(
            kind
            for kind, field in MARKER_FIELDS.items()
            if kind in SURVIVES_SHRINKING
            and getattr(self, field)
            and not (proven and self.trust.get(field) == "low")
        )


class Library(Doc):
    """An open-source library that is no data processor by itself. Prefixes as in `Sdk`."""

    id: str
    name: str
    packages: tuple[str, ...]
    native_libs: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    trust: Trust = "medium"
    source: tuple[str, ...] = ()
    checked: str = ""

"""Matching all signatures at once: who owns a class, a host, a string.

Costs grow with the app, not with the catalogue: classes are joined to prefixes through their
packages, strings run once through one automaton.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from profiles.model import MARKER_FIELDS, SURVIVES_SHRINKING, HostRule, Knowledge, MarkerKind, Sdk
from profiles.once import Once
from scanner.model.common import APP, Confidence
from scanner.model.static import Marker

_DERIVED = 5
"""How many manifest components that only a package prefix owns are kept as markers of one SDK."""


class Owner(NamedTuple):
    """Who owns a class: the id of an SDK or library, or `app`; and the prefix that says so."""

    id: str
    library: bool
    prefix: str
    fallback: bool = False


class Owners:
    """Answers which SDK or library a class belongs to: the longest known prefix wins."""

    def __init__(self, know: Knowledge, own: str = "") -> None:
        """Index the prefixes of all SDKs and libraries.

        `own` is the package name of the app. A prefix that holds it is the app's own (`app`),
        and so is all that a vendor's fallback entry claims when one of its prefixes holds it: an
        app is not its own third party. What the code does then counts as the app's doing.
        """
        self._prefixes = dict(_all_prefixes(know))
        parts = own.split(".")
        for prefix in (".".join(parts[:k]) for k in range(1, len(parts) + 1)):
            found = self._prefixes.get(prefix)
            if found is not None and not found.library:
                mine = know.sdks[found.id].packages if found.fallback else (prefix,)
                for name in mine:
                    self._prefixes[name] = Owner(APP, False, name, found.fallback)
        self._packages: dict[str, Owner | None] = {}

    def of(self, name: str) -> Owner | None:
        """Return the owner of a Java-style class or package name, None when nobody is known."""
        outer = name.partition("$")[0]
        found = self._prefixes.get(outer)
        if found is not None:
            return found
        return self._of_package(outer.rpartition(".")[0])

    def assign(self, classes: Iterable[str]) -> list[Owner | None]:
        """Return the owner of each class, in the order of the classes."""
        prefixes, packages, found = self._prefixes, self._packages, []
        for name in classes:  # as `of` does: a call for each of ten thousand classes shows
            outer = name.partition("$")[0]
            owner = prefixes.get(outer)
            if owner is None:
                package = outer.rpartition(".")[0]
                owner = packages[package] if package in packages else self._of_package(package)
            found.append(owner)
        return found

    def _of_package(self, package: str) -> Owner | None:
        """Return the owner of a package; packages repeat, so answers are kept."""
        if package in self._packages:
            return self._packages[package]
        found = self._prefixes.get(package)
        if found is None and package:
            found = self._of_package(package.rpartition(".")[0])
        self._packages[package] = found
        return found


def _prefixes_of(know: Knowledge) -> dict[str, Owner]:
    found: dict[str, Owner] = {}
    for library in know.libraries.values():
        for prefix in library.packages:
            found[prefix] = Owner(library.id, True, prefix)
    for sdk in know.sdks.values():
        for prefix in sdk.packages:
            found[prefix] = Owner(sdk.id, False, prefix, sdk.fallback)
    return found


_all_prefixes = Once(_prefixes_of)


class Hosts:
    """Answers who stands behind a host name: the longest known suffix wins."""

    def __init__(self, rules: Iterable[HostRule]) -> None:
        """Index the rules by suffix."""
        self._rules = {rule.suffix: rule for rule in rules}

    def of(self, host: str) -> HostRule | None:
        """Return the rule for a host name (any case, with or without port or final dot)."""
        name = host.lower().partition(":")[0].rstrip(".")
        while name:
            rule = self._rules.get(name)
            if rule is not None:
                return rule
            name = name.partition(".")[2]
        return None


_Markers = defaultdict[str, set[tuple[MarkerKind, str]]]


def fits(pattern: str, name: str) -> bool:
    """Tell whether a file name fits a pattern in which `*` stands for any text."""
    return fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]"))


def libraries_by_file(know: Knowledge, native_libs: Iterable[str]) -> tuple[str, ...]:
    """Return the open-source libraries that native files belong to, by id. A file that several
    libraries bring proves none of them.
    """
    names = set(native_libs)
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for library in know.libraries.values():
        for pattern in library.native_libs:
            for name in names if "*" in pattern else names & {pattern}:
                if fits(pattern, name):
                    owners[name].add(library.id)
    return tuple(sorted({min(ids) for ids in owners.values() if len(ids) == 1}))


class SdkTrace(NamedTuple):
    """An SDK found in an app: its markers, the number of its classes, and how sure."""

    sdk: str
    markers: tuple[Marker, ...]
    classes: int
    confidence: Confidence


class Traces(NamedTuple):
    """What an app shows. Classes, components in Java style; libraries by file name; assets by
    path below `assets/`; hosts as found in URLs; strings are the operands of const-string.
    """

    classes: Sequence[str] = ()
    native_libs: Sequence[str] = ()
    components: Sequence[str] = ()
    meta_data: Sequence[str] = ()
    assets: Sequence[str] = ()
    strings: Sequence[str] = ()
    hosts: Sequence[str] = ()


class Catalogue:
    """All SDK signatures, ready to be matched against apps."""

    def __init__(self, know: Knowledge) -> None:
        """Index every kind of marker."""
        self._know = know
        self._sdks = know.sdks
        self._by_kind: dict[MarkerKind, dict[str, list[str]]] = {
            "native-lib": _index(know.sdks, "native_libs"),
            "component": _index(know.sdks, "components"),
            "meta-data": _index(know.sdks, "meta_data"),
            "asset": _index(know.sdks, "assets"),
            "string": _index(know.sdks, "strings"),
        }
        self._hosts = Hosts(know.hosts)
        self._endings = tuple(name for name in self._by_kind["component"] if name[0] == ".")
        self._starred = {
            kind: [pattern for pattern in table if "*" in pattern]
            for kind, table in self._by_kind.items()
        }

    def match(
        self, app: Traces, own: str = "", owned: Sequence[Owner | None] | None = None
    ) -> tuple[SdkTrace, ...]:
        """Return the SDKs that an app shows traces of, by id. `own` as in `Owners`; `owned` are
        the owners of the classes where they are known already.

        A marker that several SDKs share supports one that has a strong marker of its own and
        proves none by itself. Resource classes (`R$...`) are no code of an SDK. Only text traces
        (strings, hosts) or markers of low trust make an SDK merely possible (`tentative`).
        """
        counts: Counter[str] = Counter()
        found: _Markers = defaultdict(set)
        owners = Owners(self._know, own)
        assigned = owners.assign(app.classes) if owned is None else owned
        for owner, classes in _by_owner(app.classes, assigned):
            counts[owner.id] += classes
            found[owner.id].add(("package", owner.prefix))
        self._add_components(app, owners, found)
        for host in set(app.hosts):
            rule = self._hosts.of(host)
            if rule is not None and rule.sdk:
                found[rule.sdk].add(("host", rule.suffix))
        self._add_files_and_keys(app, found)
        return tuple(
            SdkTrace(sdk, _markers(seen), counts[sdk], self._confidence(sdk, seen))
            for sdk, seen in sorted(found.items())
        )

    @staticmethod
    def _add_components(app: Traces, owners: Owners, found: _Markers) -> None:
        """Add the components of the manifest that lie in an SDK's packages, listed or not.

        R8 keeps their names and so does a hardening shell, which hides all other code.
        """
        kept: Counter[str] = Counter()
        for name in sorted(set(app.components)):
            owner = owners.of(name)
            if owner is None or owner.library or owner.id == APP or kept[owner.id] >= _DERIVED:
                continue
            kept[owner.id] += 1
            found[owner.id].add(("component", name))

    def _add_files_and_keys(self, app: Traces, found: _Markers) -> None:
        """Add the markers that are looked up by their text, shared ones last."""
        shared: list[tuple[list[str], MarkerKind, str]] = []
        for kind, values in self._seen(app):
            table = self._by_kind[kind]
            for value in values & table.keys():
                if len(table[value]) == 1:
                    found[table[value][0]].add((kind, value))
                else:
                    shared.append((table[value], kind, value))
        proven = {s for s, seen in found.items() if self._confidence(s, seen) != "tentative"}
        for users, kind, value in shared:
            for sdk in proven.intersection(users):
                found[sdk].add((kind, value))

    def _seen(self, app: Traces) -> Iterable[tuple[MarkerKind, set[str]]]:
        yield "native-lib", set(app.native_libs) | self._fitting("native-lib", app.native_libs)
        yield "asset", set(app.assets) | self._fitting("asset", app.assets)
        yield "component", set(app.components)
        yield (
            "component",
            {
                ending
                for ending in self._endings
                for name in app.components
                if name.endswith(ending)
            },
        )
        yield "meta-data", set(app.meta_data)
        yield "string", set(app.strings)

    def _fitting(self, kind: MarkerKind, names: Sequence[str]) -> set[str]:
        """Return the patterns with a star that one of the file names fits."""
        wanted = self._starred[kind]
        return {pattern for pattern in wanted for name in set(names) if fits(pattern, name)}

    def _confidence(self, sdk: str, found: set[tuple[MarkerKind, str]]) -> Confidence:
        """Return certain for markers of two kinds, firm for one, tentative for text alone.

        A component that only the package prefix knows speaks as the package does: it proves that
        the prefix is in the app a second time, not that it is this SDK's.
        """
        entry = self._sdks[sdk]
        listed = {
            "package" if kind == "component" and value not in self._by_kind[kind] else kind
            for kind, value in found
        }
        strong = {
            kind
            for kind in listed
            if kind not in ("string", "host") and entry.trust.get(MARKER_FIELDS[kind]) != "low"
        }
        if not strong:
            return "tentative"
        return "certain" if len(listed) > 1 else "firm"


catalogue = Once(Catalogue)
"""The catalogue of a knowledge, built once."""


def _by_owner(
    classes: Iterable[str], owners: Iterable[Owner | None]
) -> Iterable[tuple[Owner, int]]:
    """Return how many classes each SDK's prefix owns, without classes of resource numbers."""
    kept = [
        owner
        for name, owner in zip(classes, owners, strict=True)
        if owner is not None and not owner.library and owner.id != APP and not _is_resources(name)
    ]
    by_identity = {id(owner): owner for owner in kept}  # far fewer, and quicker than by value
    return [(by_identity[key], count) for key, count in Counter(map(id, kept)).items()]


def _is_resources(name: str) -> bool:
    """Tell a class of resource numbers: the build makes one for every dependency with resources,
    also where none of its code is in the app.
    """
    if "R" not in name:
        return False
    simple = name.rpartition(".")[2]
    return simple == "R" or simple.startswith("R$")


def _index(sdks: Mapping[str, Sdk], field: str) -> dict[str, list[str]]:
    """Return marker -> ids of the SDKs that have it."""
    table: dict[str, list[str]] = {}
    for sdk in sdks.values():
        for value in getattr(sdk, field):
            table.setdefault(value, []).append(sdk.id)
    return table


def _markers(found: set[tuple[MarkerKind, str]]) -> tuple[Marker, ...]:
    return tuple(
        Marker(kind=kind, value=value, survives_shrinking=kind in SURVIVES_SHRINKING)
        for kind, value in sorted(found)
    )

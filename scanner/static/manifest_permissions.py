"""Permissions that a manifest asks for, defines, and gets without asking.

The declared set is what the package manager would list: `uses-permission` and its two variants
for level 23 and later. Implied ones are kept apart: `declared=False`, element `implied`.
"""

from collections.abc import Iterable, Iterator

from scanner.model.static import CustomPermission, PermissionFact
from scanner.static.manifest import Manifest, Reading
from scanner.static.resources import Table
from scanner.static.xml_tree import Element

_ELEMENTS = ("uses-permission", "uses-permission-sdk-23", "uses-permission-sdk-m")
_NEVER_FOR_LOCATION = 0x00010000
_CONDITIONS = ("requiredFeature", "requiredNotFeature")

_PROTECTION = {0: "normal", 1: "dangerous", 2: "signature", 3: "signatureOrSystem", 4: "internal"}
_PROTECTION_BASE = 0xF

_DONUT, _JELLY_BEAN = 4, 16
_WRITE = "android.permission.WRITE_EXTERNAL_STORAGE"
_READ = "android.permission.READ_EXTERNAL_STORAGE"
_CALL_LOG = {
    "android.permission.READ_CONTACTS": "android.permission.READ_CALL_LOG",
    "android.permission.WRITE_CONTACTS": "android.permission.WRITE_CALL_LOG",
}
_PHONE = "android.permission.READ_PHONE_STATE"


def declared(manifest: Manifest, table: Table) -> list[PermissionFact]:
    """Return the permissions of one manifest in order, a repeated name once.

    A repeated permission keeps the widest condition: without a limit of level if one of the
    elements has none.
    """
    reading = Reading(table, manifest.package)
    found: dict[str, PermissionFact] = {}
    for element in manifest.root.children:
        if element.tag not in _ELEMENTS:
            continue
        name = reading.string(element.android("name"))
        if not name:
            continue
        most = element.android("maxSdkVersion")
        fact = PermissionFact(
            name=name,
            declared=True,
            element=element.tag,
            max_sdk=most.integer if most is not None else None,
            flags=tuple(_flags(reading, element)),
        )
        found[name] = _wider(found[name], fact) if name in found else fact
    return list(found.values())


def _flags(reading: Reading, element: Element) -> Iterator[str]:
    """Yield what the element says besides name and level: its promise, and its conditions."""
    flags = element.android("usesPermissionFlags")
    bits = flags.integer if flags is not None else 0
    if bits and bits & _NEVER_FOR_LOCATION:
        yield "neverForLocation"
    for condition in _CONDITIONS:
        feature = reading.string(element.android(condition))
        if feature:
            yield f"{condition}:{feature}"


def _wider(one: PermissionFact, other: PermissionFact) -> PermissionFact:
    """Return the one that holds on more devices, the first where both hold on as many."""
    return min(one, other, key=_narrowness)


def _narrowness(fact: PermissionFact) -> tuple[bool, bool, int]:
    conditional = any(flag.startswith(_CONDITIONS) for flag in fact.flags)
    return conditional, fact.max_sdk is not None, -(fact.max_sdk or 0)


def merge(lists: Iterable[list[PermissionFact]]) -> list[PermissionFact]:
    """Join the permissions of all splits, each name once, sorted."""
    found: dict[str, PermissionFact] = {}
    for facts in lists:
        for fact in facts:
            found[fact.name] = _wider(found[fact.name], fact) if fact.name in found else fact
    return [found[name] for name in sorted(found)]


def implied(manifest: Manifest, facts: Iterable[PermissionFact]) -> list[PermissionFact]:
    """Return what the platform grants beside the declared ones.

    Writing shared storage implies reading it; apps for levels below 4 get storage and phone
    state, below 16 with phone state or storage as the platform's split permissions say.
    """
    names = {fact.name for fact in facts}
    level = manifest.level
    extra: dict[str, str] = {}
    if level < _DONUT:
        extra[_WRITE] = extra[_PHONE] = "target-below-4"
    if _WRITE in names or _WRITE in extra:
        extra[_READ] = _WRITE
    if level < _JELLY_BEAN:
        extra |= {partner: name for name, partner in _CALL_LOG.items() if name in names}
    return [
        PermissionFact(name=name, declared=False, element="implied", flags=(f"implied-by:{why}",))
        for name, why in sorted(extra.items())
        if name not in names
    ]


def custom(manifest: Manifest, table: Table) -> list[CustomPermission]:
    """Return the permissions that the app itself defines."""
    reading = Reading(table, manifest.package)
    found = []
    for element in manifest.root.children:
        if element.tag not in ("permission", "permission-tree"):
            continue
        level = element.android("protectionLevel")
        number = level.integer if level is not None else 0
        found.append(
            CustomPermission(
                name=reading.string(element.android("name")),
                protection=_PROTECTION.get((number or 0) & _PROTECTION_BASE, str(number)),
                group=reading.string(element.android("permissionGroup")),
            )
        )
    return found

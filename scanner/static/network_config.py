"""Whether the network security configuration permits cleartext traffic.

https://developer.android.com/privacy-and-security/security-config - a configuration file makes
the platform ignore `usesCleartextTraffic`; without either the default depends on the target
level (allowed up to 27).
"""

from scanner.static.manifest import Manifest, Reading
from scanner.static.package import Package
from scanner.static.resources import Table
from scanner.static.xml_tree import Element

_CLEARTEXT_DENIED_FROM = 28


def cleartext_permitted(manifest: Manifest, package: Package, table: Table) -> bool | None:
    """Return whether some host may be reached in clear text; None when it cannot be decided."""
    default = manifest.level < _CLEARTEXT_DENIED_FROM
    if manifest.network_config is None:
        return default if manifest.cleartext is None else manifest.cleartext
    root = config_root(manifest, package, table)
    if root is None:
        return None
    reading = Reading(table, manifest.package)
    base = next(root.all("base-config"), None)
    stated = _permits(reading, base) if base is not None else None
    answers = [default if stated is None else stated]
    answers += [_permits(reading, e) is True for e in root.walk() if e.tag == "domain-config"]
    return any(answers)


def _permits(reading: Reading, element: Element) -> bool | None:
    value = element.attributes.get("cleartextTrafficPermitted")
    return reading.truth(value)


def config_root(manifest: Manifest, package: Package, table: Table) -> Element | None:
    """Return the configuration's tree, or None when it is absent or unreadable."""
    if manifest.network_config is None:
        return None
    path = table.text(manifest.network_config)
    return package.xml(path) if path else None


def config_name(manifest: Manifest, table: Table) -> str:
    """Return the configuration's resource name, or its path."""
    value = manifest.network_config
    if value is None:
        return ""
    return table.name(value.reference) or value.text or f"@0x{value.data:08x}"

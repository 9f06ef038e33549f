"""What the rules of a backup say: which data of the app they leave out or name.

https://developer.android.com/identity/data/autobackup - `fullBackupContent` holds up to Android 11,
`dataExtractionRules` from 12 on; in the latter only the cloud and other devices are told apart.
"""

from collections.abc import Iterator
from itertools import islice

from scanner.static.manifest import Manifest
from scanner.static.package import Package
from scanner.static.resources import Table
from scanner.static.xml_tree import Element

_MOST = 40
_RULES = ("include", "exclude")


def backup_rules(manifest: Manifest, package: Package, table: Table) -> tuple[str, ...]:
    """Return the rules, in order, as `section: exclude domain path`; empty when there are none or
    they cannot be read.
    """
    found: dict[str, None] = {}
    for value in manifest.backup_rules:
        path = table.text(value)
        root = package.xml(path) if path else None
        if root is not None:
            found.update(dict.fromkeys(_of(root)))
    return tuple(islice(found, _MOST))


def _of(root: Element) -> Iterator[str]:
    """Yield the rules of a file: they stand in the root, or in its sections."""
    for section in (root, *root.children):
        for rule in section.children:
            if rule.tag in _RULES:
                values = (rule.attributes.get(name) for name in ("domain", "path"))
                words = (value.text for value in values if value is not None)
                yield f"{section.tag}: {' '.join((rule.tag, *words))}"

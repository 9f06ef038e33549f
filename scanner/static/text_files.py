"""Text files of a package, each read once for everything that is looked for in them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scanner.static.addresses import file_addresses
from scanner.static.embedded_policy import Found, is_policy, policy_of
from scanner.static.facts import ResourceString
from scanner.static.limits import MIB, TEXT_BYTES
from scanner.static.package import Package
from scanner.static.ui_rules import Rules

_TEXTS = (
    ".js", ".json", ".xml", ".properties", ".html", ".htm", ".xhtml", ".mht", ".txt", ".md",
    ".bundle", ".jsbundle", ".cfg", ".conf", ".ini", ".yaml", ".yml", ".abc", ".pdf", ".docx",
)  # fmt: skip
_FOLDERS = ("assets/", "res/", "root/", "ets/", "resources/rawfile/")
_MOST_FILES = 5000
_SMALL = 16 * 1024
_ALL_BYTES = 96 * MIB


class Texts(NamedTuple):
    """Addresses and policies found in text files."""

    addresses: tuple[ResourceString, ...]
    policies: tuple[Found, ...]


def read_texts(package: Package, rules: Rules) -> Texts:
    """Read all text files."""
    addresses: list[ResourceString] = []
    policies: list[Found] = []
    for place, data in text_files(package):
        addresses += file_addresses(place, data)
        if len(data) <= TEXT_BYTES and is_policy(place, data, rules):
            policies.append(policy_of(place, data))
    return Texts(tuple(addresses), tuple(policies))


def text_files(package: Package) -> Iterator[tuple[str, bytes]]:
    """Yield (place, bytes) of the text files, by module and name, within limits."""
    files, left = _MOST_FILES, _ALL_BYTES
    for module in package.modules:
        for name in sorted(n for n in module.names if _is_text(n)):
            size = module.size(name)
            files, left = files - 1, left - size
            if files < 0 or left < 0:
                return
            data = module.read(name, 2 * TEXT_BYTES)
            if data:
                yield module.place(name), data


def read_small(package: Package, names: Iterable[str]) -> tuple[ResourceString, ...]:
    """Return the texts of named entries as far as they exist and are small."""
    found: list[ResourceString] = []
    for name in sorted(set(names)):
        held = next((m for m in package.modules if name in m.names), None)
        if held is not None and held.size(name) <= _SMALL:
            data = held.read(name) or b""
            found.append(ResourceString(place=name, text=data.decode("utf-8", "replace")))
    return tuple(found)


def _is_text(name: str) -> bool:
    if name.startswith("res/") and name.endswith(".xml"):
        return False  # compiled: the resource readers' business
    return name.startswith(_FOLDERS) and name.lower().endswith(_TEXTS)

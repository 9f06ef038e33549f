"""Web addresses in files beside the code: script bundles, configuration, pages.

The code side sorts out hosts and owners; here only the texts that hold an address are found.
"""

import re
from collections.abc import Iterable, Iterator

from scanner.static.facts import ResourceString
from scanner.static.limits import MIB
from scanner.static.package import Package

_SUFFIXES = (
    ".js", ".json", ".xml", ".properties", ".html", ".htm", ".txt", ".bundle", ".cfg", ".conf",
    ".ini", ".yaml", ".yml", ".abc",
)  # fmt: skip
_FOLDERS = ("assets/", "res/raw", "root/", "ets/", "resources/rawfile/")
_URL = re.compile(rb"(?:https?|wss?)://[A-Za-z0-9\-._~%:/?#@!$&()*+,;=\[\]]{4,300}")
_FILE_BYTES = 16 * MIB
_ALL_BYTES = 96 * MIB
_PER_FILE = 200


def file_addresses(package: Package) -> tuple[ResourceString, ...]:
    """Return the addresses in text files, each once per file, at most `_PER_FILE` of one file."""
    found: list[ResourceString] = []
    left = _ALL_BYTES
    for name, data in _files(package):
        left -= len(data)
        if left < 0:
            break
        urls = dict.fromkeys(m[0] for m in _URL.finditer(data))
        found += [
            ResourceString(place=name, text=url.decode("ascii")) for url in list(urls)[:_PER_FILE]
        ]
    return tuple(found)


def _files(package: Package) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for module in package.modules:
        for name in _wanted(module.names):
            if name not in seen and module.size(name) <= _FILE_BYTES:
                seen.add(name)
                data = module.read(name, _FILE_BYTES)
                if data:
                    yield module.place(name), data


def _wanted(names: Iterable[str]) -> list[str]:
    return sorted(n for n in names if n.startswith(_FOLDERS) and n.lower().endswith(_SUFFIXES))

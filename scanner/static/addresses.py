"""Web addresses in files beside the code: script bundles, configuration, pages.

The code side sorts out hosts and owners; here only the texts that hold an address are found.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from scanner.static.facts import ResourceString
from scanner.static.limits import MIB
from scanner.static.package import Package

_SUFFIXES = (
    ".js", ".json", ".xml", ".properties", ".html", ".htm", ".txt", ".bundle", ".cfg", ".conf",
    ".ini", ".yaml", ".yml", ".abc",
)  # fmt: skip
_FOLDERS = ("assets/", "res/raw", "root/", "ets/", "resources/rawfile/")
_SCHEMES = (b"https", b"http", b"wss", b"ws")
_REST = re.compile(rb"[A-Za-z0-9\-._~%:/?#@!$&()*+,;=\[\]]{4,300}")
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
        urls = islice(dict.fromkeys(_addresses(data)), _PER_FILE)
        found += [ResourceString(place=name, text=url.decode("ascii")) for url in urls]
    return tuple(found)


def _addresses(data: bytes) -> Iterator[bytes]:
    """Yield the addresses: look for the rare `://` first, then at what stands around it."""
    at = data.find(b"://")
    while at >= 0:
        scheme = next((s for s in _SCHEMES if data.endswith(s, max(0, at - len(s)), at)), b"")
        rest = _REST.match(data, at + 3) if scheme else None
        if rest:
            yield scheme + b"://" + rest[0]
        at = data.find(b"://", rest.end() if rest else at + 3)


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

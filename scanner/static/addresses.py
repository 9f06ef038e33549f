"""Web addresses in files beside the code: script bundles, configuration, pages.

The code side sorts out hosts and owners; here only the texts that are an address are found.
"""

import re
from collections.abc import Iterator
from itertools import islice

from scanner.static.facts import ResourceString

_SCHEMES = (b"https", b"http", b"wss", b"ws")
_REST = re.compile(rb"[A-Za-z0-9\-._~%:/?#@!$&()*+,;=\[\]]{4,300}")
_PER_FILE = 200


def file_addresses(place: str, data: bytes) -> list[ResourceString]:
    """Return the addresses in one file, each once, at most `_PER_FILE`."""
    found = islice(dict.fromkeys(_addresses(data)), _PER_FILE)
    return [ResourceString(place=place, text=url.decode("ascii")) for url in found]


def _addresses(data: bytes) -> Iterator[bytes]:
    """Yield the addresses: look for the rare `://` first, then at what stands around it."""
    at = data.find(b"://")
    while at >= 0:
        scheme = next((s for s in _SCHEMES if data.endswith(s, max(0, at - len(s)), at)), b"")
        rest = _REST.match(data, at + 3) if scheme else None
        if rest:
            yield scheme + b"://" + rest[0]
        at = data.find(b"://", rest.end() if rest else at + 3)

"""Which library holds the code of which native method: by exported name, or registered by name.

`Java_a_b_C_m` is found by the platform itself. What `JNI_OnLoad` registers has its name and its
descriptor as texts of their own in the library.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

import numpy as np
from msgspec.structs import replace

from scanner.model.static import CollectionSite, NativeMethod, Reach
from scanner.static.calls import Code
from scanner.static.facts import NativeExports
from scanner.static.limits import NATIVE_BYTES
from scanner.static.package import Package
from scanner.static.windows import Words

ON_LOAD, JAVA = "JNI_OnLoad", "Java_"
_NATIVE = 0x100
_SHORTEST = 3
_MOST = 2000
_END = b"\0"

How = Literal["exported", "registered"]
Links = dict[str, list[tuple[int, How]]]


def mangled(text: str) -> str:
    """Return a name as the native interface writes it in a symbol."""
    special = {"_": "_1", ";": "_2", "[": "_3", "/": "_", ".": "_"}
    return "".join(
        special.get(c) or (c if c.isascii() and c.isalnum() else f"_0{ord(c):04x}") for c in text
    )


def link(code: Code, exports: Iterable[NativeExports], package: Package) -> Links:
    """Return library -> (method row, `exported` or `registered`) for the app's native methods."""
    rows = np.flatnonzero(code.index.defs.flags & _NATIVE).tolist()
    if not rows:
        return {}
    exports = tuple(exports)
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        cls, name, _ = code.index.method_parts(int(code.index.defs.method[row]))
        by_name[f"{JAVA}{mangled(cls[1:-1])}_{mangled(name)}"].append(row)
    found: dict[str, list[tuple[int, How]]] = {}
    for library in exports:
        hits = (row for s in library.names for row in by_name.get(s.partition("__")[0], ()))
        found[library.path] = [(row, "exported") for row in dict.fromkeys(hits)]
    held = {row for links in found.values() for row, _ in links}
    left = [row for row in rows if row not in held]
    for library in exports if left else ():
        if ON_LOAD in library.names:
            named = _registered(code, left, _bytes(package, library.path))
            found[library.path] += [(row, "registered") for row in named]
    return {path: links for path, links in found.items() if links}


def _bytes(package: Package, path: str) -> bytes:
    held = package.find(path)
    return held[1] if held and len(held[1]) <= NATIVE_BYTES else b""


def _registered(code: Code, rows: list[int], data: bytes) -> list[int]:
    """Return the methods whose name and descriptor both stand alone as texts in a library."""
    parts = {row: code.index.method_parts(int(code.index.defs.method[row]))[1:] for row in rows}
    texts = sorted({text for pair in parts.values() for text in pair if len(text) >= _SHORTEST})
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    alone: set[str] = set()
    for number, start, end in Words(raw).find(data):
        if data[end : end + 1] == _END and data[start - 1 : start] == _END:
            alone.add(texts[number])
    return [row for row in rows if alone.issuperset(parts[row])]


def native_methods(code: Code, links: Links) -> tuple[NativeMethod, ...]:
    """Return the links as evidence, by library and method."""
    found = [
        NativeMethod(library=path, method=code.names.row(row), how=how)
        for path, pairs in links.items()
        for row, how in pairs
    ]
    return tuple(sorted(set(found), key=lambda one: (one.library, one.method)))[:_MOST]


def with_reach(
    code: Code, links: Links, sites: Iterable[CollectionSite]
) -> tuple[CollectionSite, ...]:
    """Return the sites of libraries with the way by which code enters the library.

    That code enters does not show that it comes to the place of the text: the sites stay
    tentative. A library that no reached method enters may still run when it is loaded.
    """
    return tuple(
        replace(site, reach=_way(code, links.get(site.place.cls, []), site.reach)) for site in sites
    )


def _way(code: Code, pairs: list[tuple[int, How]], otherwise: Reach) -> Reach:
    ways = [code.reach.of(row) for row, _ in pairs]
    reached = [way for way in ways if way.reachable]
    return min(reached, key=lambda way: (not way.before_consent, len(way.chain)), default=otherwise)

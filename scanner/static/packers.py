"""Is the code hidden? Traces of hardening products, weighed with how much code is left.

A product's library alone proves little: vendors ship SDKs too. What proves a packed app is that
the classes its manifest names are not in its dex files, or that its entry class is a known shell.
"""

import re
import struct
from collections.abc import Iterable
from typing import NamedTuple

from profiles.model import PackerSign
from scanner.model.base import Text
from scanner.model.common import Confidence, Gap
from scanner.model.static import PackerMatch
from scanner.static.facts import PackageFacts

UNKNOWN = "unknown"
"""Packer id when code is missing and no product is recognised."""

BLOCKED = (
    "static.calls",
    "static.permissions.used_by",
    "static.sdks",
    "static.libraries",
    "static.endpoints",
    "static.behaviours",
    "static.flows",
    "static.ui",
    "static.policies",
)
"""Evidence whose silence proves nothing when the code is hidden."""

_HEADER = struct.Struct("<12I")
_HEADER_AT = 0x38
_CLASS_DEF = 32
_CODE_KINDS = frozenset({"activity", "service", "receiver", "provider"})
_FEW = 3
_MOST_CLASSES = 1 << 16
"""Type numbers have 16 bits, so a file cannot define more."""
_SPLIT = re.compile(r"[-_.]")


class _Traces(NamedTuple):
    sign: PackerSign
    entry: tuple[str, ...]
    """Shell classes that the manifest names: these run before anything else."""
    others: tuple[str, ...]


def defined_classes(data: bytes, wanted: frozenset[bytes]) -> set[bytes]:
    """Return which of the wanted descriptors a dex file defines; never raises."""
    found: set[bytes] = set()
    if len(data) < _HEADER_AT + _HEADER.size or not wanted:
        return found
    header = _HEADER.unpack_from(data, _HEADER_AT)
    n_strings, strings, n_types, types, n_classes, classes = (*header[:4], *header[10:12])
    limit = len(data)
    for k in range(min(n_classes, _MOST_CLASSES)):
        at = classes + k * _CLASS_DEF
        if at + _CLASS_DEF > limit:
            break
        (index,) = struct.unpack_from("<I", data, at)
        place = types + 4 * index
        if index >= n_types or place + 4 > limit:
            continue
        (word,) = struct.unpack_from("<I", data, place)
        if word >= n_strings or strings + 4 * word + 4 > limit:
            continue
        (start,) = struct.unpack_from("<I", data, strings + 4 * word)
        end = data.find(b"\0", start + 1, start + 1024)
        # Descriptors are shorter than 128 characters as a rule: one length byte, else two.
        found.update(wanted.intersection((data[start + 1 : end], data[start + 2 : end])))
    return found


def missing_classes(facts: PackageFacts) -> tuple[list[str], int]:
    """Return the manifest's classes that no dex file defines, and how many it names."""
    named = {c.name for c in facts.components if c.kind in _CODE_KINDS and c.name}
    named |= {facts.application_class} - {""}
    wanted = {_descriptor(name): name for name in named}
    left = set(wanted)
    for dex in facts.dex:
        if not dex.dynamic and left:
            left -= defined_classes(dex.data, frozenset(left))
    return sorted(wanted[d] for d in left), len(wanted)


def _descriptor(name: str) -> bytes:
    return f"L{name.replace('.', '/')};".encode(errors="replace")


def _class_matches(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith((prefix + ".", prefix + "$"))


def _lib_matches(name: str, sign: str) -> bool:
    """Compare library names; shells put a version after the stem (`libshella-2.10.so`)."""
    stem = sign.removesuffix(".so")
    if name == sign:
        return True
    rest = name.removeprefix(stem)
    return rest != name and bool(_SPLIT.match(rest)) and name.endswith(".so")


def _traces(facts: PackageFacts, sign: PackerSign) -> _Traces:
    entries = [facts.application_class, facts.component_factory]
    entries += [c.name for c in facts.components if c.kind == "provider"]
    entry = [f"class {e}" for e in entries if any(_class_matches(e, p) for p in sign.classes)]
    libs = {lib.name for lib in facts.native_libs} - set(sign.not_libs)
    others = [f"lib {lib}" for lib in libs if any(_lib_matches(lib, s) for s in sign.native_libs)]
    files = {*facts.assets, *(f.rsplit("/", 1)[-1] for f in facts.assets)}
    others += [f"asset {a}" for a in sign.assets if a in files]
    return _Traces(sign, tuple(dict.fromkeys(entry)), tuple(sorted(others)))


def _confidence(traces: _Traces, hidden: bool) -> Confidence:
    if traces.entry and (hidden or traces.others):
        return "certain"
    if traces.entry or (hidden and traces.others) or len(traces.others) >= _FEW:
        return "firm"
    return "tentative"


def find_packers(
    facts: PackageFacts, signs: Iterable[PackerSign]
) -> tuple[tuple[PackerMatch, ...], tuple[Gap, ...]]:
    """Return the hardening products found, and a Gap when the code is hidden.

    A match that is only tentative (one library or asset, with all code in place) makes no Gap.
    """
    missing, named = missing_classes(facts)
    hidden = bool(missing) and len(missing) * 2 >= named
    share = f"{len(missing)} of {named} manifest classes are not in the dex files"
    matches = [
        PackerMatch(
            packer=found.sign.id,
            evidence=(*found.entry, *found.others, *((share,) if hidden else ())),
            confidence=_confidence(found, hidden),
        )
        for found in (_traces(facts, sign) for sign in signs)
        if found.entry or found.others
    ]
    sure = [m for m in matches if m.confidence != "tentative"]
    if not sure and hidden and facts.dex and _launcher_missing(facts, missing):
        matches.append(PackerMatch(packer=UNKNOWN, evidence=(share,), confidence="tentative"))
    matches.sort(key=lambda m: m.packer)
    return tuple(matches), _gaps(sure, hidden, missing, share)


def _launcher_missing(facts: PackageFacts, missing: list[str]) -> bool:
    launchers = {c.target or c.name for c in facts.components if c.launcher}
    return bool(launchers.intersection(missing))


def _gaps(sure: list[PackerMatch], hidden: bool, missing: list[str], share: str) -> tuple[Gap, ...]:
    if sure:
        names = ", ".join(m.packer for m in sure)
        detail = Text(
            zh=f"应用已加固（{names}），代码不可见；请提供未加固的安装包再测",
            en=f"The app is packed ({names}) and its code is hidden; provide an unpacked build",
        )
        return (
            Gap(part="static", code="packed-code", detail=detail, blocks=BLOCKED, subject=names),
        )
    if hidden:
        detail = Text(
            zh="清单中声明的组件类大多不在代码文件中，代码可能被隐藏或缺少分包",
            en=f"The code may be hidden or a split may be missing: {share}",
        )
        return (
            Gap(
                part="static",
                code="missing-code",
                detail=detail,
                blocks=BLOCKED,
                subject=missing[0],
            ),
        )
    return ()

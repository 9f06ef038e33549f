"""Is the code hidden? Traces of hardening products, weighed with how much code is left.

A product's library alone proves little: vendors ship SDKs too. What proves a packed app is that
the classes its manifest names are not in its dex files, or that its entry class is a known shell.
"""

import re
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from profiles.model import PackerSign
from scanner.model.base import Text
from scanner.model.common import Confidence, Gap
from scanner.model.static import PackerMatch
from scanner.static.dex.arrays import among
from scanner.static.facts import PackageFacts

Ints: TypeAlias = NDArray[Any]

UNKNOWN = "unknown"
"""Packer id when code is missing and no product is recognised."""

BLOCKED = (
    "static.calls",
    "static.permissions.used_by",
    "static.sdks",
    "static.libraries",
    "static.endpoints",
    "static.behaviours",
    "static.bridges",
    "static.flows",
    "static.ui",
    "static.policies",
)
"""Evidence whose silence proves nothing when the code is hidden."""

_HEADER = struct.Struct("<12I")
_HEADER_AT = 0x38
_CLASS_WORDS = 8
_TWO_BYTES = 0x80
_LONGEST_NAME = 1024
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
    starts = _class_names(data)
    if not len(starts) or not wanted:
        return set()
    raw = np.frombuffer(data, np.uint8)
    # Length byte and first letters tell most names apart without touching them one by one.
    likely = among(_keys(raw, starts), np.array([_key(w) for w in wanted], np.int64))
    found: set[bytes] = set()
    for at in starts[likely].tolist():
        end = data.find(b"\0", at + 1, at + _LONGEST_NAME)
        # Descriptors are shorter than 128 characters as a rule: one length byte, else two.
        found.update(wanted.intersection((data[at + 1 : end], data[at + 2 : end])))
    return found


def _class_names(data: bytes) -> Ints:
    """Return the offsets of the names of all defined classes, as far as the tables are sound."""
    if len(data) < _HEADER_AT + _HEADER.size:
        return np.zeros(0, np.int64)
    header = _HEADER.unpack_from(data, _HEADER_AT)
    strings = _table(data, header[1], header[0])
    types = _table(data, header[3], header[2])
    definitions = _table(data, header[11], min(header[10], _MOST_CLASSES) * _CLASS_WORDS)
    numbers = definitions[::_CLASS_WORDS]
    words = types[numbers[numbers < len(types)]]
    places = strings[words[words < len(strings)]]
    return places[places < len(data) - 2].astype(np.int64)


def _table(data: bytes, at: int, count: int) -> Ints:
    room = max(0, len(data) - at) // 4
    if not room or not count:
        return np.zeros(0, np.uint32)
    return np.frombuffer(data, "<u4", min(count, room), at)


def _key(word: bytes) -> int:
    """Return the first length byte of a descriptor and two of its bytes as one number.

    The length counts UTF-16 units; from 128 on it takes two bytes and the letters are left out.
    """
    units = len(word.decode("utf-8", "replace").encode("utf-16-le", "replace")) // 2
    if units >= _TWO_BYTES:
        return (units & 0x7F | _TWO_BYTES) << 16
    return units << 16 | word[1] << 8 | word[2]


def _keys(raw: Ints, starts: Ints) -> Ints:
    length = raw[starts].astype(np.int64)
    at = np.minimum(starts, len(raw) - 4)
    letters = raw[at + 2].astype(np.int64) << 8 | raw[at + 3].astype(np.int64)
    return length << 16 | np.where(length < _TWO_BYTES, letters, 0)


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
    facts: PackageFacts, signs: Sequence[PackerSign]
) -> tuple[tuple[PackerMatch, ...], tuple[Gap, ...]]:
    """Return the hardening products found, and a Gap when the code is hidden.

    A match that is only tentative (one library or asset, with all code in place) makes no Gap.
    """
    names = {sign.id: sign.name for sign in signs}
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
    if sure:
        return tuple(matches), (_packed([names[m.packer] for m in sure]),)
    return tuple(matches), (_missing(missing, share),) if hidden else ()


def _launcher_missing(facts: PackageFacts, missing: list[str]) -> bool:
    launchers = {c.target or c.name for c in facts.components if c.launcher}
    return bool(launchers.intersection(missing))


def _packed(names: list[Text]) -> Gap:
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    detail = Text(
        zh=f"应用已加固（{zh}），代码不可见；请提供未加固的安装包再测",
        en=f"The app is packed ({en}) and its code is hidden; provide an unpacked build",
    )
    return Gap(part="static", code="packed-code", detail=detail, blocks=BLOCKED, subject=en)


def _missing(missing: list[str], share: str) -> Gap:
    detail = Text(
        zh="清单中声明的组件类大多不在代码文件中，代码可能被隐藏或缺少分包",
        en=f"The code may be hidden or a split may be missing: {share}",
    )
    return Gap(
        part="static", code="missing-code", detail=detail, blocks=BLOCKED, subject=missing[0]
    )

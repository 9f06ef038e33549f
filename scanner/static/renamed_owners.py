"""Whose renamed code is: places in packages that R8 renamed, by who refers to their class.

A renamed class is an SDK's when every class that refers to it is that SDK's: known by its package,
by a text or file that only this SDK has (of an SDK that is in the app for sure), or by this rule
itself. Whoever is known by name keeps its owner; one reference from elsewhere leaves a class to
nobody.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from msgspec.structs import replace

from scanner.model.static import CollectionSite, SdkMatch
from scanner.static.calls import Code
from scanner.static.dex.arrays import I64, Bool, Ints
from scanner.static.dex.index import DexIndex, Refs
from scanner.static.owner import OBFUSCATED

_NOBODY, _MANY = -1, -2
_FIRST_STATIC_FIELD = 0x60
_MOST_ROUNDS = 128


def attribute(
    code: Code, sites: Iterable[CollectionSite], sdks: Iterable[SdkMatch]
) -> tuple[CollectionSite, ...]:
    """Return the sites, those of renamed classes with the SDK that they belong to by the rule.

    Such an owner is a guess: the site becomes tentative.
    """
    sites = tuple(sites)
    if all(site.actor != OBFUSCATED for site in sites):
        return sites
    owners = renamed_owners(code, sdks)
    if not owners:
        return sites
    rows = {name: row for row, name in enumerate(code.names.classes)}
    found = []
    for site in sites:
        row = _acting(code, rows, site) if site.actor == OBFUSCATED else -1
        sdk = owners.get(row)
        found.append(
            site
            if sdk is None
            else replace(site, actor=sdk, owner_inferred=True, confidence="tentative")
        )
    return tuple(found)


def _acting(code: Code, rows: dict[str, int], site: CollectionSite) -> int:
    """Return the class row for which a site counts: its own, for a library's the nearest on the
    chain that is none; -1 when there is none.
    """
    chain = (*(step.rpartition(".")[0] for step in site.reach.chain), site.place.cls)
    for name in reversed(chain):
        row = rows.get(name, -1)
        if row >= 0 and not code.owners.is_library(row):
            return row
    return -1


def renamed_owners(code: Code, sdks: Iterable[SdkMatch]) -> dict[int, str]:
    """Return class row -> SDK for the renamed classes that the rule gives to one."""
    actors = code.owners.actors
    renamed = np.array([actor == OBFUSCATED for actor in actors], np.bool_)
    ids = sorted({*actors, *code.know.sdks} - {OBFUSCATED})
    number = {name: n for n, name in enumerate(ids)}
    label = np.array([number.get(actor, _NOBODY) for actor in actors], np.int64)
    anchored = np.zeros(len(label), np.bool_)
    for row, sdk in _anchors(code, sdks, renamed):
        label[row] = number[sdk] if label[row] in (_NOBODY, number[sdk]) else _MANY
        anchored[row] = True
    library = np.array([o is not None and o.library for o in code.owners.known], np.bool_)
    source, target = _references(code.index)
    use = renamed[target] & ~anchored[target] & ~library[source] & (source != target)
    label = _settled(label, source[use], target[use], renamed)
    return {
        row: ids[label[row]]
        for row in np.flatnonzero(renamed & (label >= 0)).tolist()
        if ids[label[row]] in code.know.sdks
    }


def _anchors(code: Code, sdks: Iterable[SdkMatch], renamed: Bool) -> Iterator[tuple[int, str]]:
    """Yield (class row, SDK) of renamed classes that name a text or file of one SDK alone."""
    texts: dict[int, set[str]] = {}
    for match in sdks:
        for text in _own_texts(match):
            found = code.index.string_id(text)
            if found >= 0:
                texts.setdefault(found, set()).add(match.sdk)
    for string, row, _, _ in code.sites(code.index.const_strings, texts):
        cls = int(code.index.defs.cls[row])
        if renamed[cls] and len(texts[string]) == 1:
            yield cls, min(texts[string])


def _own_texts(match: SdkMatch) -> Iterator[str]:
    """Yield what code of the SDK must name: its texts, its asset files, the libraries it loads."""
    if match.confidence == "tentative":
        return
    for marker in match.markers:
        if marker.kind in ("string", "asset"):
            yield marker.value
        elif marker.kind == "native-lib":
            yield marker.value.removeprefix("lib").removesuffix(".so")


def _references(index: DexIndex) -> tuple[I64, I64]:
    """Return (class row, class row) of who names whom in code: calls, objects, static fields."""
    fields = [
        refs.where(index.opcode[refs.at] >= _FIRST_STATIC_FIELD)
        for refs in (index.field_reads, index.field_writes)
    ]
    pairs = [
        _pairs(index, index.invokes, index.ids.methods.cls[index.invokes.id]),
        _pairs(index, index.new_instances, index.new_instances.id),
        _pairs(index, index.const_classes, index.const_classes.id),
        *(_pairs(index, refs, index.ids.fields.cls[refs.id]) for refs in fields),
    ]
    width = len(index.classes.type) + 1
    keys = np.unique(np.concatenate([s * width + t for s, t in pairs]))
    return keys // width, keys % width


def _pairs(index: DexIndex, refs: Refs, types: Ints) -> tuple[I64, I64]:
    target = index.classes.of_type[types].astype(np.int64)
    inside = target >= 0
    return index.defs.cls[refs.owner[inside]].astype(np.int64), target[inside]


def _settled(label: I64, source: I64, target: I64, renamed: Bool) -> I64:
    """Return the labels after they have spread along the references; nobody's when they do not
    settle. What only unknown code refers to is nobody's, and so is all that it refers to.
    """
    label, settled = _spread(label, source, target)
    label[renamed & (label == _NOBODY)] = _MANY
    label, again = _spread(label, source, target)
    if not (settled and again):
        label[renamed] = _MANY
    return label


def _spread(label: I64, source: I64, target: I64) -> tuple[I64, bool]:
    for _ in range(_MOST_ROUNDS):
        given = label[source]
        known = given != _NOBODY
        least = np.full(len(label), np.iinfo(np.int64).max)
        most = np.full(len(label), np.iinfo(np.int64).min)
        np.minimum.at(least, target[known], given[known])
        np.maximum.at(most, target[known], given[known])
        touched = np.zeros(len(label), np.bool_)
        touched[target[known]] = True
        fresh = label.copy()
        fresh[touched] = np.where(least == most, least, _MANY)[touched]
        if np.array_equal(fresh, label):
            return label, True
        label = fresh
    return label, False

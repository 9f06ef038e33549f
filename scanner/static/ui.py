"""What a user would see about consent and rights, from all texts and layouts of a package."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import islice
from typing import NamedTuple

from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.static import UiFact
from scanner.static.dex_strings import StringRegion
from scanner.static.facts import DexFile
from scanner.static.package import Package
from scanner.static.resources import Table
from scanner.static.ui_layouts import read_layouts
from scanner.static.ui_rules import PlacedText, Rules, TextPool
from scanner.static.ui_texts import Scanner, pool_files, text_scanner

_MOST_PER_KIND = 8
_TEXT = 200
_SHOWN = ("res:", "res/", "r/")
"""Places whose texts are meant for a screen: string resources and layouts."""
_MOST_TEXTS = 20_000
_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\u3000-\u303f\uff00-\uffef]{4,300}")
_LANGUAGES = ("", "zh", "en")
_ORDER = {"certain": 0, "firm": 1, "tentative": 2}
_BUTTONS = frozenset({"agree-button", "refuse-button"})


class Interface(NamedTuple):
    """Interface facts, all resource strings, and what layouts name."""

    facts: tuple[UiFact, ...]
    texts: list[PlacedText]
    layout_classes: tuple[str, ...]
    layout_callbacks: tuple[str, ...]
    password_views: tuple[int, ...]
    consent_views: tuple[int, ...]
    consent_tags: tuple[str, ...]
    consent_strings: tuple[int, ...]


def read_interface(
    package: Package, table: Table, dex: Iterable[DexFile], rules: Rules
) -> Interface:
    """Read the interface of a package."""
    layouts = read_layouts(package, table, rules)
    resources = [*resource_texts(table), *layouts.texts]
    facts = list(layouts.facts)
    scanner = text_scanner(rules)
    facts += _facts(rules, scanner.texts(resources))
    facts += _facts(rules, islice(_code_texts(package, dex, scanner, rules), _MOST_TEXTS))
    facts += _links(rules, resources)
    facts += _code_links(rules, dex)
    return Interface(
        _best(facts),
        resources,
        layouts.classes,
        layouts.callbacks,
        layouts.passwords,
        layouts.consents,
        layouts.tags,
        _consent_strings(table, dex, rules),
    )


def interface_gaps(files: Iterable[str], rules: Rules) -> tuple[Gap, ...]:
    """Return a Gap when a framework draws the interface in a way that cannot be read, or one when
    only the state of its boxes cannot.
    """
    files = tuple(files)
    found = _frameworks(files, rules.table.unreadable)
    if found:
        detail = Text(
            zh=f"界面由 {found} 绘制，文字无法完整读取，未发现的界面要素不能视为没有",
            en=f"The interface is drawn by {found}; what was not found in it may still be there",
        )
        blocks = ("static.ui", "static.policies")
        return (
            Gap(part="static", code="ui-not-readable", detail=detail, blocks=blocks, subject=found),
        )
    found = _frameworks(files, rules.table.partly_readable)
    if not found:
        return ()
    detail = Text(
        zh=f"界面由 {found} 绘制，只能读取文字，勾选框的初始状态等读不到或只能部分读到",
        en=f"The interface is drawn by {found}: its texts are read, but whether a box begins ticked"
        " is not, or only in part",
    )
    return (
        Gap(
            part="static",
            code="ui-partly-readable",
            detail=detail,
            subject=found,
            limits=("static.ui",),
        ),
    )


def _frameworks(files: Iterable[str], pools: Iterable[TextPool]) -> str:
    """Return the names of the frameworks of which the package holds a file."""
    pools = tuple(pools)
    heads = tuple(pattern.partition("*")[0] for pool in pools for pattern in pool.names)
    names = [name for name in files if name.startswith(heads)]
    return ", ".join(
        pool.framework
        for pool in pools
        if any(fnmatchcase(name, pattern) for name in names for pattern in pool.names)
    )


def resource_texts(table: Table) -> Iterator[PlacedText]:
    """Yield the string resources in the default language, Chinese and English, each text once."""
    seen: set[tuple[str, str]] = set()
    for language in _LANGUAGES:
        for entry in table.strings(language):
            key = (entry.name, entry.text)
            if entry.text and key not in seen:
                seen.add(key)
                yield PlacedText(f"res:string/{entry.name}", entry.text)


def _consent_strings(table: Table, dex: Iterable[DexFile], rules: Rules) -> tuple[int, ...]:
    """Return the ids of string resources that ask for consent, where code draws boxes itself and so
    names texts by id alone.
    """
    names = [name.encode() for name in rules.table.composed_boxes]
    if not any(name in file.data for file in dex for name in names):
        return ()
    entries = (entry for language in _LANGUAGES for entry in table.strings(language))
    return tuple(sorted({entry.id for entry in entries if rules.consents(entry.text)}))


def _code_texts(
    package: Package, dex: Iterable[DexFile], scanner: Scanner, rules: Rules
) -> Iterator[PlacedText]:
    for file in dex:
        yield from scanner.dex(file)
    for name, data in pool_files(package, rules):
        yield from scanner.pool(name, data)


def _facts(rules: Rules, texts: Iterable[PlacedText]) -> Iterator[UiFact]:
    for place, text in texts:
        # A word in a string pool may never be shown; in a resource it is meant for a screen. A
        # lone English word in code (`Accept`) is mostly a protocol's.
        shown = place.startswith(_SHOWN)
        if not shown and text.isascii() and " " not in text.strip():
            continue
        for match in rules.of(text):
            firm = shown and match.confidence == "firm"
            yield UiFact(
                kind=match.kind,
                place=place,
                text=match.text[:_TEXT],
                confidence="firm" if firm else "tentative",
            )


def text_facts(rules: Rules, texts: Iterable[PlacedText]) -> tuple[UiFact, ...]:
    """Return the facts of texts found outside resources, in fixed order."""
    return _best(_facts(rules, texts))


def _links(rules: Rules, texts: Iterable[PlacedText]) -> Iterator[UiFact]:
    for place, text in texts:
        if "://" not in text:
            continue
        for url in _URL.findall(text):
            kind = rules.url_kind(url, place.partition("/")[2])
            if kind:
                yield UiFact(kind=kind, place=place, text=url[:300])


def _code_links(rules: Rules, dex: Iterable[DexFile]) -> Iterator[UiFact]:
    for file in dex:
        region = StringRegion(file.data)
        at = region.data.find(b"://")
        while at >= 0:
            index = region.index_at(at)
            text = region.text(index, most=1024)
            for url in _URL.findall(text):
                kind = rules.url_kind(url)
                if kind:
                    yield UiFact(kind=kind, place=file.name, text=url[:300], confidence="tentative")
            at = region.data.find(b"://", region.data.find(b"\0", at) + 1 or at + 3)


def _best(facts: Iterable[UiFact]) -> tuple[UiFact, ...]:
    """Return the facts in fixed order: per kind the surest and shortest few, equal texts once.

    Agree and refuse buttons count only where the app speaks of a privacy policy at all.
    """
    groups: dict[str, dict[str, UiFact]] = defaultdict(dict)
    for fact in sorted(facts, key=_sort_key):
        groups[fact.kind].setdefault(fact.text, fact)
    speaks = "privacy-prompt" in groups or "policy-link" in groups
    kept: list[UiFact] = []
    for kind in sorted(groups):
        if speaks or kind not in _BUTTONS:
            kept += list(groups[kind].values())[:_MOST_PER_KIND]
    return tuple(kept)


def _sort_key(fact: UiFact) -> tuple[str, int, int, str, str]:
    return fact.kind, _ORDER[fact.confidence], len(fact.text), fact.text, fact.place

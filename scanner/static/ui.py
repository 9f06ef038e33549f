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
from scanner.static.ui_rules import PlacedText, Rules
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
    )


def interface_gaps(files: Iterable[str], rules: Rules) -> tuple[Gap, ...]:
    """Return a Gap when a framework draws the interface in a way that cannot be read in full."""
    names = [name for name in files if name.startswith("lib/")]
    found = [
        pool.framework
        for pool in rules.table.unreadable
        if any(fnmatchcase(name, pattern) for name in names for pattern in pool.names)
    ]
    if not found:
        return ()
    words = ", ".join(found)
    detail = Text(
        zh=f"界面由 {words} 绘制，文字无法完整读取，未发现的界面要素不能视为没有",
        en=f"The interface is drawn by {words}; what was not found in it may still be there",
    )
    return (
        Gap(
            part="static",
            code="ui-not-readable",
            detail=detail,
            blocks=("static.ui", "static.policies"),
            subject=words,
        ),
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

"""The calls that reach personal data, for people and for programs: `mingcha calls`.

Pure functions of the static evidence. Words come in both languages.
"""

from collections.abc import Iterable, Sequence

import msgspec

from scanner.model.base import Doc, Text
from scanner.model.static import CollectionSite, Reach, StaticEvidence

SCHEMA = "mingcha.calls/1"

_EARLY = Text(zh="同意前可达", en="before consent")
_MAYBE_EARLY = Text(
    zh="同意前可能可达（路径上有疑似同意判断）",
    en="before consent unless the consent-looking check on the way stops it",
)
_LATER = Text(zh="可达", en="reachable")
_DEAD = Text(zh="不可达", en="not reachable")
_UNKNOWN = Text(zh="是否可达未能判定", en="reach not decided")
_INFERRED = Text(zh="（推断）", en=" (inferred)")
_NONE = Text(zh="没有符合条件的调用。", en="No such calls.")
_COUNT = Text(zh="{calls} 处调用，{types} 类信息", en="{calls} calls, {types} types of data")


class CallsReport(Doc, tag_field="schema", tag=SCHEMA):
    """The JSON document: the sites, and how many there are per data type."""

    counts: dict[str, int]
    calls: tuple[CollectionSite, ...]


def select_calls(
    static: StaticEvidence,
    data_types: Iterable[str] = (),
    *,
    actors: Iterable[str] = (),
    early_only: bool = False,
) -> tuple[CollectionSite, ...]:
    """Return the sites of these data types and actors (none given = all), early ones first.

    The order is: before consent, data type, actor, place.
    """
    wanted, owners = frozenset(data_types), frozenset(actors)
    found = [
        site
        for site in static.calls
        if (not wanted or site.data_type in wanted)
        and (not owners or site.actor in owners)
        and (site.reach.before_consent or not early_only)
    ]
    return tuple(sorted(found, key=_order))


def _order(site: CollectionSite) -> tuple[bool, str, str, str, str, int]:
    at = site.place
    return (
        not site.reach.before_consent,
        site.data_type,
        site.actor,
        at.cls,
        at.method + at.descriptor,
        at.offset,
    )


def calls_json(sites: Sequence[CollectionSite]) -> bytes:
    """Return the sites as an indented JSON document with a final line break."""
    counts: dict[str, int] = {}
    for data_type in sorted(site.data_type for site in sites):
        counts[data_type] = counts.get(data_type, 0) + 1
    report = CallsReport(counts=counts, calls=tuple(sites))
    raw = msgspec.json.encode(report, order="deterministic")
    return msgspec.json.format(raw, indent=2) + b"\n"


def calls_text(sites: Sequence[CollectionSite], words: dict[str, Text], lang: str) -> str:
    """Return the sites as text: one block per site, its chain from the entry to the call.

    `words` maps ids of data types and actors to names; an id without a name stands for itself.
    `lang` is `zh` or `en`.
    """
    if not sites:
        return f"{_say(_NONE, lang)}\n"
    blocks = [_block(site, words, lang) for site in sites]
    types = len({site.data_type for site in sites})
    head = _say(_COUNT, lang).format(calls=len(sites), types=types)
    return "\n\n".join((head, *blocks)) + "\n"


def chain_lines(site: CollectionSite) -> tuple[str, ...]:
    """Return the chain, one line per step, the last with the call and its Dalvik offset."""
    steps = site.reach.chain or (f"{site.place.cls}.{site.place.method}",)
    lines = [f"{'  ' * depth}{'-> ' if depth else ''}{step}" for depth, step in enumerate(steps)]
    lines.append(f"{'  ' * len(steps)}=> {site.target}{_offset(site)}")
    return tuple(lines)


def _offset(site: CollectionSite) -> str:
    """Return where the call stands: byte offset, dex file and source line, as far as known."""
    at = site.place
    parts = [f"+0x{at.offset:04x}"] if at.offset >= 0 else []
    parts += [at.dex] if at.dex else []
    parts += [f"line {at.line}"] if at.line is not None else []
    return f"  ({', '.join(parts)})" if parts else ""


def _block(site: CollectionSite, words: dict[str, Text], lang: str) -> str:
    names = [_name(words, key, lang) for key in (site.data_type, site.actor)]
    names[1] += _say(_INFERRED, lang) if site.owner_inferred else ""
    head = " · ".join((*names, _say(_reach(site.reach), lang), site.confidence))
    return "\n".join((head, *(f"    {line}" for line in chain_lines(site))))


def _reach(reach: Reach) -> Text:
    if reach.before_consent:
        return _MAYBE_EARLY if reach.guarded else _EARLY
    if reach.reachable is None:
        return _UNKNOWN
    return _LATER if reach.reachable else _DEAD


def _name(words: dict[str, Text], key: str, lang: str) -> str:
    return _say(words[key], lang) if key in words else key


def _say(text: Text, lang: str) -> str:
    return text.zh if lang == "zh" else text.en

"""Every place in the code that yields personal data, with its owner and its reach."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from profiles.match_texts import Joined, Strings
from profiles.model import Api, Knowledge
from profiles.once import Once
from scanner.model.common import CONFIDENCES, Confidence
from scanner.model.static import CollectionSite, Reach
from scanner.static.asked_package import ASKED
from scanner.static.callgraph import CallGraph
from scanner.static.code_rules import CodeRules
from scanner.static.company import Company
from scanner.static.constants import Constants
from scanner.static.dex.arrays import Bool, present
from scanner.static.dex.index import DexIndex, Refs
from scanner.static.hierarchy import Hierarchy
from scanner.static.members import MemberTable, Wanted, Wishes, meanings
from scanner.static.named_links import callers, named
from scanner.static.names import Names
from scanner.static.owner import ClassOwners
from scanner.static.reach_facts import ReachFacts

Kind = Literal["method", "field", "string", "uri", "callback"]
_TRUST: dict[str, Confidence] = {"verified": "certain", "sourced": "firm", "observed": "firm"}
_STRING = "Ljava/lang/String;"


class Code(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What the code side knows of one app, for those who look for something in it."""

    index: DexIndex
    hierarchy: Hierarchy
    names: Names
    owners: ClassOwners
    reach: ReachFacts
    constants: Constants
    rules: CodeRules
    know: Knowledge
    package: str
    graph: CallGraph

    @cached_property
    def numbers(self) -> list[int]:
        """Return the ids of const-string operands, ascending."""
        found: list[int] = present(
            self.index.const_strings.id, len(self.index.ids.strings)
        ).tolist()
        return found

    @cached_property
    def texts(self) -> list[str]:
        """Return the const-string operands, in the order of `numbers`."""
        return self.index.texts(self.numbers)

    @cached_property
    def joined(self) -> Joined:
        """Return `texts` ready to be searched."""
        return Joined(self.texts)

    def names_one(self, row: int, texts: Iterable[str]) -> bool:
        """Tell whether a method names one of the strings."""
        strings = self.index.const_strings
        here = strings.id[strings.inside(row)]
        return any(self.index.string_id(text) in here for text in texts)

    @cached_property
    def only_writes(self) -> Bool:
        """Return a mark per method row: it writes to a content provider and reads from none."""
        index = self.index
        reads = callers(index, named(index, self.rules.address_readers))
        writes: Bool = callers(index, named(index, self.rules.address_writers)) & ~reads
        return writes

    @cached_property
    def narrows_intent(self) -> Bool:
        """Return a mark per method id: it addresses an intent to one app."""
        members = [(row.cls, row.names, "") for row in self.rules.intent_narrows]
        return meanings(self.index, self.hierarchy, members)[""]

    @cached_property
    def platform_types(self) -> list[tuple[int, bytes]]:
        """Return (type id, descriptor) of the types that the app does not define."""
        rows = np.flatnonzero(~self.hierarchy.defined)
        texts = map(self.index.ids.strings.__getitem__, self.index.ids.types[rows].tolist())
        return list(zip(rows.tolist(), texts, strict=True))

    @cached_property
    def takes_string(self) -> Bool:
        """Return a mark per method id: one of its parameters is a string."""
        text, ids = self.index.type_id(_STRING), self.index.ids
        marked: Bool = ids.proto_params.holding((text,))[ids.methods.kind]
        return marked

    def actor(self, row: int) -> str:
        """Return the actor of a method row: code of a library acts for whoever called it last."""
        return self.on_behalf(row) or self.owner(row)

    def owner(self, row: int) -> str:
        """Return the owner of the class of a method row."""
        return self.owners.actors[int(self.index.defs.cls[row])]

    def on_behalf(self, row: int) -> str:
        """Return the nearest actor on the chain that is no library, empty when there is none.

        The core that products of one vendor share (`com.vendor`) acts for the product
        (`com.vendor.push`) that calls it.
        """
        found = self._on_behalf.get(row)
        if found is None:
            found = self._on_behalf[row] = self._nearest_actor(row)
        return found

    @cached_property
    def _on_behalf(self) -> dict[int, str]:
        return {}

    def _nearest_actor(self, row: int) -> str:
        cls = self.index.defs.cls
        if not self.owners.is_library(int(cls[row])) and not self.owners.is_core(int(cls[row])):
            return self.owner(row)
        chain = [int(cls[caller]) for caller in self.reach.rows(row)] or [int(cls[row])]
        while chain and self.owners.is_library(chain[-1]):
            chain.pop()
        return self.owners.product(chain) if chain else ""

    def sites(self, refs: Refs, ids: Iterable[int]) -> Iterator[tuple[int, int, int, int]]:
        """Yield (id, method row, byte offset, instruction row) of references to these ids."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return
        hits = refs.where(refs.naming(np.array(wanted, np.int64)))
        offsets = self.index.offsets(hits).tolist()
        yield from zip(
            hits.id.tolist(), hits.owner.tolist(), offsets, hits.at.tolist(), strict=True
        )


def find_calls(code: Code) -> tuple[CollectionSite, ...]:
    """Return all sites, ordered by place, type and API."""
    found = [*_method_sites(code), *_field_sites(code), *_callback_sites(code)]
    found += _string_sites(code)
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _order(site: CollectionSite) -> tuple[str, str, str, int, str, str]:
    at = site.place
    return (at.cls, at.method, at.descriptor, at.offset, site.data_type, site.api)


class Spot(NamedTuple):
    """A place in a method (row and byte offset), and what stands there."""

    row: int
    offset: int
    kind: Kind
    target: str


def _sites(code: Code, api: Api, spot: Spot, sure: Confidence) -> Iterator[CollectionSite]:
    """Yield one site per data type. What the call yields besides (`also`) is tentative: nothing
    shows that the code takes it out of the result. So is what a library does; what it does
    nowhere reached is left out.
    """
    row = spot.row
    if not code.on_behalf(row):
        if not code.reach.runs(row):
            return
        sure = "tentative"
    if code.owners.is_library(int(code.index.defs.cls[row])):
        # The app may never take that way through the library.
        sure = "tentative"
    certainty: Confidence
    place, reach = code.names.place(row, spot.offset), code.reach.of(row)
    sure = _weaker(sure, _chain_confidence(code.rules, reach))
    actor = code.actor(row)
    for data_type in dict.fromkeys((api.data_type, *api.also)):
        certainty = sure if data_type == api.data_type else "tentative"
        yield CollectionSite(
            api=api.id,
            data_type=data_type,
            kind=spot.kind,
            target=spot.target,
            place=place,
            actor=actor,
            reach=reach,
            confidence=certainty,
        )


def _chain_confidence(rules: CodeRules, reach: Reach) -> Confidence:
    """Return how far a chain from an early entry can be trusted: the longer, the less."""
    steps = len(reach.chain) if reach.before_consent else 0
    if steps > rules.firm_steps:
        return "tentative"
    return "firm" if steps > rules.certain_steps else "certain"


def _weaker(one: Confidence, other: Confidence) -> Confidence:
    return max(one, other, key=CONFIDENCES.index)


class _Wishes(NamedTuple):
    methods: Wishes[Api]
    fields: Wishes[Api]
    callbacks: Wishes[Api]


def _wanted(know: Knowledge, kind: str, role: tuple[str, ...]) -> Wishes[Api]:
    return Wishes(
        Wanted(api.member.cls, api.member.name, api.member.descriptors, api)
        for api in know.apis.values()
        if api.kind == kind and api.role in role and api.member is not None
    )


def _make_wishes(know: Knowledge) -> _Wishes:
    calls = ("call", "generic")
    return _Wishes(
        _wanted(know, "method", calls),
        _wanted(know, "field", calls),
        _wanted(know, "method", ("callback",)),
    )


_wishes = Once(_make_wishes)


def _method_sites(code: Code) -> Iterator[CollectionSite]:
    calls = code.index.invokes
    table = MemberTable(code.index, code.hierarchy, _wishes(code.know).methods)
    apis: dict[int, list[Api]] = {}
    for match in table.methods(code.index.called):
        if match.tag.role == "call" or match.tag.argument is not None:
            apis.setdefault(match.ref, []).append(match.tag)
    keys = {s: a for a in code.know.apis.values() if a.kind == "settings-key" for s in a.strings}
    for ref, row, offset, at in code.sites(calls, apis):
        for api in apis[ref]:
            meant, sure = _meaning(code, api, keys, row, at)
            if meant is not None:
                spot = Spot(row, offset, "method", code.names.dotted(ref))
                yield from _sites(code, meant, spot, sure)


def _meaning(
    code: Code, api: Api, keys: dict[str, Api], row: int, at: int
) -> tuple[Api | None, Confidence]:
    """Return what a call means, None when it does not count, and how sure that is."""
    sure: Confidence = _TRUST.get(api.trust, "tentative")
    if api.weak or (api.sure_with and not code.names_one(row, api.sure_with)):
        sure = "tentative"
    if api.argument is None:
        return api, sure
    if api.argument.see in ASKED:
        about = ASKED[api.argument.see](code, row, at, api.argument.index)
        if about == "itself":
            return None, sure
        return api, "tentative" if about == "unknown" else sure
    return _by_argument(code, api, keys, row, at), sure


def _by_argument(code: Code, api: Api, keys: dict[str, Api], row: int, at: int) -> Api | None:
    """Return what a call means whose argument decides: the API, the entry of its key, or None."""
    if api.argument is None:
        return api
    value = code.constants.argument(row, at, api.argument.index)
    if value is None:
        return None
    text = code.index.string(value.string) if value.string >= 0 else None
    if api.argument.see:
        return keys.get(text) if text is not None else None
    wanted = api.argument.equals
    return api if wanted is not None and wanted in (text, value.number) else None


def _field_sites(code: Code) -> Iterator[CollectionSite]:
    reads = code.index.field_reads
    table = MemberTable(code.index, code.hierarchy, _wishes(code.know).fields)
    apis: dict[int, list[Api]] = {}
    for match in table.fields(code.index.fields_read):
        apis.setdefault(match.ref, []).append(match.tag)
    address = code.index.type_id("Landroid/net/Uri;")
    for ref, row, offset, _ in code.sites(reads, apis):
        written = int(code.index.ids.fields.kind[ref]) == address and bool(code.only_writes[row])
        for api in apis[ref]:
            target, sure = code.names.field(ref), _TRUST.get(api.trust, "tentative")
            spot = Spot(row, offset, "field", target)
            yield from _sites(code, api, spot, "tentative" if written else sure)


def _callback_sites(code: Code) -> Iterator[CollectionSite]:
    table = MemberTable(code.index, code.hierarchy, _wishes(code.know).callbacks)
    for match in table.overrides():
        api = match.tag
        if api.member is not None and not code.owners.is_library(
            int(code.index.defs.cls[match.ref])
        ):
            target = f"{code.names.type_name(code.index.type_id(api.member.cls))}.{api.member.name}"
            yield from _sites(code, api, Spot(match.ref, -1, "callback", target), "firm")


# strings --------------------------------------------------------------------------------------


def _make_patterns(know: Knowledge) -> Strings[Api]:
    return Strings[Api](
        (text, api.match, api)
        for api in know.apis.values()
        # What a generic name yields is decided by an argument, and that has an entry of its own.
        if api.kind != "settings-key" and api.role != "generic"
        for text in api.strings
    )


_patterns = Once(_make_patterns)


def _string_sites(code: Code) -> Iterator[CollectionSite]:
    """Yield sites of strings that stand in an instruction, in the company that makes them count."""
    strings = code.index.const_strings
    numbers = code.numbers
    apis: dict[int, list[Api]] = {}
    for found in _patterns(code.know).find(code.joined):
        apis.setdefault(numbers[found.at], []).append(found.tag)
    kinds = {api.kind for found_here in apis.values() for api in found_here}
    company = {
        rule.kind: Company(code, rule.firm, rule.otherwise)
        for rule in code.rules.string_context
        if rule.kind in kinds
    }
    for number, row, offset, _ in code.sites(strings, apis):
        for api in _most_specific(apis[number]):
            sure = company[api.kind].confidence(row) if api.kind in company else "tentative"
            written = api.kind == "content-uri" and bool(code.only_writes[row])
            if sure is not None and (api.weak or written):
                sure = "tentative"
            if sure is not None:
                kind: Kind = "uri" if api.kind == "content-uri" else "string"
                spot = Spot(row, offset, kind, code.index.string(number))
                yield from _sites(code, api, spot, sure)


def _most_specific(apis: list[Api]) -> list[Api]:
    """Keep the longest pattern per kind: `content://sms/inbox` is more than `content://sms`."""
    best: dict[str, tuple[int, Api]] = {}
    for api in apis:
        size = max(map(len, api.strings))
        if api.kind not in best or size > best[api.kind][0]:
            best[api.kind] = (size, api)
    return [api for _, api in best.values()]

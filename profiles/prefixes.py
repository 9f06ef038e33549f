"""Proof that package prefixes are disjoint, or nested on purpose."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from profiles.model import Knowledge, Library, Sdk

_LONGEST_LABEL = 60


class _Claim(NamedTuple):
    """One owner's claim on a prefix."""

    section: str
    owner: Sdk | Library


def problems(know: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Yield (section, id, complaint) for every prefix that is malformed, too general, claimed
    twice, or inside another owner's prefix without saying so.

    Nesting is on purpose when the wider owner is a `fallback`, or when the inner owner names it
    in `within`. A `within` that does not hold is a complaint too.
    """
    claims: dict[str, _Claim] = {}
    general = _general(know)
    for claim in _claims(know):
        for prefix in claim.owner.packages:
            complaint = _form(prefix, general)
            if complaint:
                yield claim.section, claim.owner.id, complaint
            other = claims.get(prefix)
            if other is not None:
                yield claim.section, claim.owner.id, f"`{prefix}` is also of `{other.owner.id}`"
            claims[prefix] = claim
    for claim in _claims(know):
        for complaint in _nesting(claim, claims):
            yield claim.section, claim.owner.id, complaint


def _claims(know: Knowledge) -> Iterator[_Claim]:
    for sdk in know.sdks.values():
        yield _Claim("sdks", sdk)
    for library in know.libraries.values():
        yield _Claim("libraries", library)


def _general(know: Knowledge) -> frozenset[str]:
    """Return the prefixes that belong to nobody (`tables/general_prefixes.yaml`)."""
    raw = know.tables.get("general_prefixes")
    if raw is None:
        return frozenset()
    return frozenset(msgspec.msgpack.decode(raw, type=dict[str, list[str]])["prefixes"])


def _form(prefix: str, general: frozenset[str]) -> str:
    labels = prefix.split(".")
    if not all(label and len(label) < _LONGEST_LABEL for label in labels):
        return f"`{prefix}` is no package name"
    if not all(label.replace("_", "a").replace("$", "a").isalnum() for label in labels):
        return f"`{prefix}` is no package name"
    return f"`{prefix}` is too general" if prefix in general else ""


def _nesting(claim: _Claim, claims: dict[str, _Claim]) -> Iterator[str]:
    owner = claim.owner
    around: set[str] = set()
    for prefix in owner.packages:
        outer = _outer(prefix, claims, owner.id)
        if outer is None:
            continue
        around.add(outer.owner.id)
        on_purpose = isinstance(outer.owner, Sdk) and outer.owner.fallback
        if not on_purpose and outer.owner.id not in owner.within:
            yield f"`{prefix}` lies in a prefix of `{outer.owner.id}`: name it in `within`"
    for name in owner.within:
        if name not in around:
            yield f"`within` names `{name}`, which has no wider prefix"


def _outer(prefix: str, claims: dict[str, _Claim], owner: str) -> _Claim | None:
    """Return the nearest wider claim of somebody else."""
    wider = prefix.rpartition(".")[0]
    while wider:
        claim = claims.get(wider)
        if claim is not None and claim.owner.id != owner:
            return claim
        wider = wider.rpartition(".")[0]
    return None

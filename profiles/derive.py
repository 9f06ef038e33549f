"""What follows from other entries, so that no fact is written down twice."""

from collections.abc import Iterable, Mapping

import msgspec

from profiles.model import DomainOwner, HostRule, Sdk


def host_rules(
    given: Mapping[str, HostRule],
    sdks: Mapping[str, Sdk],
    domains: Iterable[DomainOwner] = (),
) -> dict[str, HostRule]:
    """Return the host rules sorted by suffix: the given ones, one for each host of an SDK, and
    one for each domain whose owner is known.

    A host that several SDKs share names their vendor, and an SDK only when there is just one, or
    one of them stands for the whole vendor. A known domain vouches for the company behind its
    hosts, not for the SDK; so do the SDK's own packages, which are named after its domain.
    """
    users: dict[str, list[Sdk]] = {}
    for sdk in sdks.values():
        for host in sdk.hosts:
            users.setdefault(host, []).append(sdk)
    rules = {host: _rule(host, owners) for host, owners in users.items()}
    rules.update(given)
    owned = _named_by_packages(sdks.values())
    owned.update((suffix, owner) for owner in domains for suffix in owner.suffixes)
    for owner in domains:
        for suffix in owner.suffixes:
            rules.setdefault(suffix, _of_domain(suffix, owner))
    return {suffix: _vouched(rules[suffix], owned) for suffix in sorted(rules)}


def _named_by_packages(sdks: Iterable[Sdk]) -> dict[str, DomainOwner]:
    """Return the hosts' domains that the packages of the same SDK are named after.

    Java packages are domains in reverse by convention: who ships `com.getui` in an SDK owns
    `getui.com`. Only packages that more than memory speaks for count.
    """
    owned: dict[str, DomainOwner] = {}
    for sdk in sdks:
        if sdk.trust.get("packages", "low") == "low":
            continue
        named = {".".join(reversed(p.split(".")[:n])) for p in sdk.packages for n in (2, 3)}
        for domain in {_domain(host) for host in sdk.hosts} & named:
            owned[domain] = DomainOwner(
                id=sdk.id,
                company=sdk.vendor.name.zh,
                country=sdk.vendor.country,
                suffixes=(domain,),
                source=("named like the SDK's packages",),
            )
    return owned


def _domain(host: str) -> str:
    """Return the last two labels of a host, three where the last two are `com.cn` and the like."""
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2  # noqa: PLR2004
    return ".".join(labels[-3:] if short else labels[-2:])


def _of_domain(suffix: str, owner: DomainOwner) -> HostRule:
    return HostRule(
        suffix=suffix,
        company=owner.company,
        country=owner.country,
        purpose=owner.purpose,
        cdn=owner.cdn,
        trust=owner.trust,
        source=owner.source,
        checked=owner.checked,
    )


def _vouched(rule: HostRule, owned: Mapping[str, DomainOwner]) -> HostRule:
    """Return the rule with the trust that the owner of its domain gives it: whoever owns the
    domain runs the hosts below it, unless the domain is shared infrastructure.
    """
    owner = None
    name = rule.suffix
    while name and owner is None:
        owner = owned.get(name)
        name = name.partition(".")[2]
    if owner is None or owner.country != (rule.country or owner.country):
        return rule
    if owner.cdn and rule.suffix not in owner.suffixes:
        return rule
    if rule.trust != "low" and set(rule.source) != {"memory"}:
        return rule
    return msgspec.structs.replace(
        rule,
        country=owner.country,
        trust=owner.trust if rule.trust == "low" else rule.trust,
        sdk_trust=rule.sdk_trust or rule.trust if rule.sdk else None,
        source=(*rule.source, *(one for one in owner.source if one not in rule.source)),
    )


def _rule(host: str, owners: list[Sdk]) -> HostRule:
    first = owners[0]
    same_vendor = len({sdk.vendor.name.en for sdk in owners}) == 1
    return HostRule(
        suffix=host,
        company=first.vendor.name.zh if same_vendor else "",
        country=_only(sdk.vendor.country for sdk in owners),
        sdk=_sdk(owners),
        purpose=_only(sdk.category for sdk in owners),
        trust=first.trust.get("hosts", "low"),
        sdk_trust=first.trust.get("hosts", "low"),
        source=first.source,
        checked=first.checked,
    )


def _sdk(owners: list[Sdk]) -> str:
    """Return the SDK a host belongs to, or "" when it cannot be told.

    Among several it is the vendor's fallback entry, or the product that all others are part of.
    """
    if len(owners) == 1:
        return owners[0].id
    roots = [sdk.id for sdk in owners if sdk.fallback]
    if len(roots) == 1:
        return roots[0]
    whole = [
        sdk.id for sdk in owners if all(sdk is one or sdk.id in one.named_with for one in owners)
    ]
    return min(whole, default="")


def _only(values: Iterable[str]) -> str:
    found = set(values)
    return found.pop() if len(found) == 1 else ""

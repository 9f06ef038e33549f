"""What follows from other entries, so that no fact is written down twice."""

from collections.abc import Iterable, Mapping

from profiles.model import HostRule, Sdk


def host_rules(given: Mapping[str, HostRule], sdks: Mapping[str, Sdk]) -> dict[str, HostRule]:
    """Return the host rules sorted by suffix: the given ones and one for each host of an SDK.

    A host that several SDKs share names their vendor, and an SDK only when there is just one, or
    one of them stands for the whole vendor.
    """
    users: dict[str, list[Sdk]] = {}
    for sdk in sdks.values():
        for host in sdk.hosts:
            users.setdefault(host, []).append(sdk)
    rules = {host: _rule(host, owners) for host, owners in users.items()}
    rules.update(given)
    return dict(sorted(rules.items()))


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

"""What the catalogue misses in an app: the largest unknown packages and hosts, as draft entries."""

from collections import Counter
from typing import NamedTuple

import msgspec

from profiles.load import table
from profiles.match import Hosts, Owners
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence
from scanner.model.traffic import TrafficEvidence

_PER_ENTRY = 8


class Suggestion(NamedTuple):
    """One owner that the catalogue does not know. `classes` counts its code, `prefix` may be ""
    when only hosts are known; `hosts` are the registrable domains that seem to belong to it.
    """

    name: str
    prefix: str
    classes: int
    packages: tuple[str, ...]
    hosts: tuple[str, ...]
    components: tuple[str, ...]
    exchanges: int


def suggest(
    package: str,
    static: StaticEvidence | None,
    traffic: TrafficEvidence | None,
    know: Knowledge,
    limit: int = 20,
) -> tuple[Suggestion, ...]:
    """Return the largest unknown owners of an app, those with most code first.

    `package` is the app's own package name: its namespace is not suggested.
    """
    general = table(know, "general_prefixes", dict[str, list[str]])
    prefixes, suffixes = frozenset(general["prefixes"]), frozenset(general["suffixes"])
    hosts = _unknown_hosts(static, traffic, know, suffixes)
    owners = Owners(know, package)
    components = _unknown_components(static, owners)
    found = []
    used: set[str] = set()
    for vendor, members in _groups(package, static, owners, prefixes).items():
        related = sorted(host for host in hosts if _related(vendor, host))[:_PER_ENTRY]
        used.update(related)
        inside = [name for name in components if name.startswith(f"{vendor}.")]
        found.append(
            Suggestion(
                name=vendor.rpartition(".")[2],
                prefix=vendor,
                classes=sum(members.values()),
                packages=(vendor,) if "." in vendor else tuple(sorted(members)[:_PER_ENTRY]),
                hosts=tuple(related),
                components=tuple(inside[:_PER_ENTRY]),
                exchanges=sum(hosts[host] for host in related),
            )
        )
    found.extend(
        Suggestion(host.partition(".")[0], "", 0, (), (host,), (), hosts[host])
        for host in hosts.keys() - used
    )
    found.sort(key=lambda entry: (-entry.classes, -entry.exchanges, entry.name))
    return tuple(found[:limit])


def draft(suggestion: Suggestion, app: str) -> str:
    """Return a suggestion as a YAML entry that the strict loader accepts, ready to be completed.

    `app` names where it was seen. What has to be found out by hand reads `?`.
    """
    lines = [
        f"- id: {_slug(suggestion.name)}",
        '  name: {zh: "?", en: "?"}',
        '  vendor: {name: {zh: "?", en: "?"}, country: ""}',
        "  category: other",
    ]
    for field in ("packages", "components", "hosts"):
        values = getattr(suggestion, field)
        if values:
            lines.append(f"  {field}: [{', '.join(_quoted(value) for value in values)}]")
    kinds = ", ".join(
        f"{field}: low"
        for field in ("packages", "components", "hosts")
        if getattr(suggestion, field)
    )
    lines += [f"  trust: {{{kinds}}}", f"  source: [{_quoted(f'seen in {app}')}]", '  checked: ""']
    return "\n".join(lines) + "\n"


def _groups(
    package: str, static: StaticEvidence | None, owners: Owners, general: frozenset[str]
) -> dict[str, Counter[str]]:
    """Return unknown packages with their class counts, by the owner their name tells.

    Evidence may be older than the catalogue: what is known by now is left out.
    """
    own = _vendor(package, general)
    groups: dict[str, Counter[str]] = {}
    for unknown in static.unknown_packages if static else ():
        vendor = _vendor(unknown.prefix, general)
        if vendor != own and owners.of(f"{unknown.prefix}.A") is None:
            groups.setdefault(vendor, Counter())[unknown.prefix] += unknown.classes
    return groups


def _unknown_components(static: StaticEvidence | None, owners: Owners) -> list[str]:
    """Return the names of manifest components whose class nobody owns."""
    names = {component.name for component in (static.components if static else ())}
    return sorted(name for name in names if owners.of(name) is None)


def _vendor(prefix: str, general: frozenset[str]) -> str:
    """Return the part of a package that names its owner: the first labels that are not general."""
    labels = prefix.split(".")
    for size in range(2, len(labels) + 1):
        head = ".".join(labels[:size])
        if head not in general:
            return head
    return prefix


def _unknown_hosts(
    static: StaticEvidence | None,
    traffic: TrafficEvidence | None,
    know: Knowledge,
    suffixes: frozenset[str],
) -> Counter[str]:
    """Return registrable domains that no rule covers, with the number of exchanges."""
    rules = Hosts(know.hosts)
    found: Counter[str] = Counter()
    for endpoint in static.endpoints if static else ():
        if rules.of(endpoint.host) is None:
            found[_domain(endpoint.host, suffixes)] += 0
    for exchange in traffic.exchanges if traffic else ():
        if rules.of(exchange.host) is None:
            found[_domain(exchange.host, suffixes)] += 1
    return Counter({host: count for host, count in found.items() if host})


def _domain(host: str, suffixes: frozenset[str]) -> str:
    """Return the registrable domain of a host name, "" for addresses and single labels."""
    labels = host.lower().rstrip(".").split(".")
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:  # noqa: PLR2004
        return ""
    size = 3 if ".".join(labels[-2:]) in suffixes else 2
    return ".".join(labels[-size:])


def _related(vendor: str, host: str) -> bool:
    """Tell whether a host's name and a package's name share their telling label."""
    label = vendor.rpartition(".")[2].replace("_", "")
    return len(label) > 2 and label in host.partition(".")[0].replace("-", "")  # noqa: PLR2004


def _slug(name: str) -> str:
    kept = "".join(char if char.isalnum() and char.isascii() else "-" for char in name.lower())
    return kept.strip("-") or "unknown"


def _quoted(text: str) -> str:
    """Return text as a YAML scalar. JSON strings are YAML."""
    return msgspec.json.encode(text).decode()

"""The three tables of a report: SDKs, permissions, destinations."""

from checks.sdk_list import named_sdks, spoken_of
from profiles.model import Category, Knowledge
from scanner.model.base import Text, same
from scanner.model.common import APP
from scanner.model.evidence import Evidence
from scanner.model.result import DestinationInfo, PermissionInfo, SdkInfo
from scanner.model.static import PermissionFact, SdkMatch

UNNAMED = Text(zh="未知", en="unknown")


def sdk_rows(evidence: Evidence, know: Knowledge) -> tuple[SdkInfo, ...]:
    """Return one row per SDK found in the package, in traffic or in the policy, by id."""
    static, traffic, policy = evidence.static, evidence.traffic, evidence.policy
    found = {match.sdk: match for match in static.sdks} if static is not None else {}
    seen: set[str] = set()
    if traffic is not None:
        seen = {d.actor for d in traffic.destinations} | {s.actor for s in traffic.sightings}
    named = named_sdks(policy) if policy is not None else frozenset()
    told = spoken_of(policy, know) if policy is not None else None
    ids = {*found, *(seen & set(know.sdks)), *(named & set(know.sdks))}
    return tuple(
        _sdk_row(
            name,
            found.get(name),
            know,
            observed=None if traffic is None else name in seen,
            declared=None if told is None else name in told,
        )
        for name in sorted(ids)
    )


def _sdk_row(
    name: str,
    match: SdkMatch | None,
    know: Knowledge,
    *,
    observed: bool | None,
    declared: bool | None,
) -> SdkInfo:
    known = know.sdks.get(name)
    return SdkInfo(
        sdk=name,
        name=same(name) if known is None else known.name,
        vendor=UNNAMED if known is None else known.vendor.name,
        country="" if known is None else known.vendor.country,
        category="" if known is None else known.category,
        present=match is not None,
        initialised=match.initialised if match is not None else None,
        reachable=match.reachable if match is not None else None,
        observed=observed,
        declared=declared,
        version=match.version if match is not None else "",
        markers=tuple(f"{m.kind}: {m.value}" for m in match.markers[:4]) if match else (),
        confidence=match.confidence if match is not None else "firm",
        link="" if known is None else known.statement,
    )


def permission_rows(
    evidence: Evidence, know: Knowledge, category: str
) -> tuple[PermissionInfo, ...]:
    """Return one row per permission that is declared or used, by name."""
    if evidence.static is None:
        return ()
    kind = know.categories.get(category)
    explained = evidence.policy.permissions if evidence.policy is not None else None
    return tuple(
        _permission_row(fact, explained, kind, know)
        for fact in sorted(evidence.static.permissions, key=lambda fact: fact.name)
    )


def _permission_row(
    fact: PermissionFact,
    explained: tuple[str, ...] | None,
    category: Category | None,
    know: Knowledge,
) -> PermissionInfo:
    known = know.permissions.get(fact.name)
    return PermissionInfo(
        name=fact.name,
        label=same(fact.name.rpartition(".")[2]) if known is None else known.label,
        protection="unknown" if known is None else known.protection,
        declared=fact.declared,
        used_by=fact.used_by,
        explained=None if explained is None else fact.name in explained,
        necessary=is_usual(fact.name, category, know),
        note=None if known is None else known.allows,
    )


def is_usual(name: str, category: Category | None, know: Knowledge) -> bool | None:
    """Tell whether a permission is among those that apps of a category usually need.

    None when the category is unknown or the permission belongs to no group: the table speaks
    only of groups of permissions that open personal data.
    """
    if category is None:
        return None
    groups = {g.id for g in know.permission_groups.values() if name in g.permissions}
    if not groups:
        return None
    return bool(groups & {*category.permissions_basic, *category.permissions_with_function})


def destination_rows(evidence: Evidence, know: Knowledge) -> tuple[DestinationInfo, ...]:
    """Return one row per host that was contacted, those with personal data first."""
    if evidence.traffic is None:
        return ()
    told = spoken_of(evidence.policy, know) if evidence.policy is not None else None
    rows = []
    for place in evidence.traffic.destinations:
        named = None if told is None or place.actor in ("", APP) else place.actor in told
        rows.append(
            DestinationInfo(
                host=place.host,
                company=place.company,
                actor=_actor(place.actor, know),
                operator_country=place.operator_country,
                hosting_country=place.hosting_country,
                outside=place.outside,
                fact=place.fact,
                reason=place.reason,
                exchanges=place.exchanges,
                personal_data=tuple(_type(name, know) for name in place.personal_data),
                cleartext=place.cleartext,
                declared=named,
            )
        )
    return tuple(sorted(rows, key=lambda row: (not row.personal_data, row.host)))


def _actor(actor: str, know: Knowledge) -> Text | None:
    if actor == APP:
        return Text(zh="应用自身", en="the app itself")
    return know.sdks[actor].name if actor in know.sdks else None


def _type(name: str, know: Knowledge) -> Text:
    return know.data_types[name].name if name in know.data_types else same(name)

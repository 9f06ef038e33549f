"""Which run-time permission stands between a call and the data, and whether the app asks for it
before the user could agree.
"""

from checks.judging import judging
from profiles.model import Knowledge, PermissionNeed
from scanner.model.evidence import Evidence
from scanner.model.static import App, CollectionSite, PermissionFact


def missing_grants(call: CollectionSite, evidence: Evidence, know: Knowledge) -> tuple[str, ...]:
    """Return the permissions of which the user must first grant one.

    Empty when nothing holds the call back: none is needed on some device, the app targets a level
    without run-time permissions, or it asks for one of them before consent as well.
    """
    target = evidence.app.target_sdk
    if evidence.static is None or target is None or target < judging(know).runtime_permissions_sdk:
        return ()
    needed = _needed(call, evidence.app, know)
    asked = {fact.name for fact in evidence.static.permissions if is_asked_early(fact)}
    return () if asked & set(needed) else needed


def attainable(data_type: str, evidence: Evidence, know: Knowledge) -> str:
    """Return what a call that asks for `data_type` can yield with the permissions declared.

    With the coarse location permission alone the system gives a coarse position whatever is asked.
    """
    if evidence.static is None or any("static.permissions" in g.blocks for g in evidence.gaps):
        return data_type
    declared = {fact.name for fact in evidence.static.permissions if fact.declared}
    for blur in judging(know).blurred:
        if blur.data_type == data_type and blur.declared in declared:
            return data_type if blur.without in declared else blur.becomes
    return data_type


def is_asked_early(fact: PermissionFact) -> bool:
    """Tell whether code asks for a permission without any user action or consent condition."""
    return bool(fact.request_reach.before_consent) and not fact.request_reach.guarded


def _needed(call: CollectionSite, app: App, know: Knowledge) -> tuple[str, ...]:
    """Return what opens the call: as its entry says, else what its data type always needs."""
    rules = judging(know)
    api = know.apis.get(call.api)
    if api is None or not api.permissions:
        return (
            () if call.api in rules.without_grant else rules.granted_first.get(call.data_type, ())
        )
    ways = [need for need in api.permissions if _applies(need, app, rules.runtime_permissions_sdk)]
    if any(_is_open(need, know) for need in ways):
        return ()
    names = (name for need in ways for name in (*need.any_of, *need.all_of))
    return tuple(dict.fromkeys(name for name in names if _protection(name, know) == "dangerous"))


def _applies(need: PermissionNeed, app: App, oldest: int) -> bool:
    """Tell whether a need holds for the app's target and a device that asks its user at all."""
    target = app.target_sdk or 1
    return (
        (need.target_since is None or need.target_since <= target)
        and (need.target_until is None or target <= need.target_until)
        and (need.until is None or need.until >= max(app.min_sdk or 1, oldest))
    )


def _is_open(need: PermissionNeed, know: Knowledge) -> bool:
    """Tell whether permissions that are granted at installation are enough."""
    granted = [_protection(name, know) == "normal" for name in need.any_of]
    wanted = [_protection(name, know) == "normal" for name in need.all_of]
    return (any(granted) or not granted) and all(wanted)


def _protection(name: str, know: Knowledge) -> str:
    known = know.permissions.get(name)
    return known.protection if known is not None else "unknown"

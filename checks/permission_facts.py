"""What several permission checks ask of a permission."""

from profiles.model import Knowledge, Permission
from scanner.model.static import PermissionFact, StaticEvidence

FILE_GROUPS = frozenset({"storage", "media_visual", "media_aural"})
"""Files are opened by path or by system picker, without a call that needs the permission."""


def is_judgeable(known: Permission, know: Knowledge) -> bool:
    """Tell whether use of the permission would show as a call that the knowledge has."""
    if known.detect or known.group in FILE_GROUPS:
        return False
    return any(use.permission == known.name for use in know.permission_uses)


def related_use(fact: PermissionFact, static: StaticEvidence, know: Knowledge) -> bool:
    """Tell whether another permission of the same group is used."""
    group = know.permissions[fact.name].group
    return any(
        other.name != fact.name
        and (other.used_by or other.used_at)
        and other.name in know.permissions
        and know.permissions[other.name].group == group
        for other in static.permissions
    )


def is_personal(known: Permission) -> bool:
    """Tell whether the permission opens personal data at some risk and the user is asked."""
    return known.protection == "dangerous" and bool(known.data_types) and known.risk != "low"


def explained_groups(explained: tuple[str, ...], know: Knowledge) -> frozenset[str]:
    """Return the permission groups of which a policy explains a member."""
    return frozenset(know.permissions[name].group for name in explained if name in know.permissions)

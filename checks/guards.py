"""Permissions by which components are guarded, and whether they keep anybody out."""

from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def keeps_nobody_out(static: StaticEvidence, know: Knowledge, permission: str) -> bool:
    """Tell whether every app can hold a permission: there is none, or it is a normal one, by the
    app's own definition or by the knowledge. One of unknown level may keep apps out.
    """
    if not permission:
        return True
    known = know.permissions.get(permission)
    level = known.protection if known is not None else ""
    for own in static.custom_permissions:
        level = own.protection if own.name == permission else level
    return level == "normal"

"""Permissions by which components are guarded, and whether they keep anybody out."""

from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.static import StaticEvidence

_UNGUARDED = Text(zh="未要求权限", en="without a permission")
_NORMAL = Text(
    zh="只要求普通级权限 {name}（任何应用申请即得）",
    en="guarded only by the normal permission {name}, which any app gets by asking",
)


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


def guard_words(permission: str) -> Text:
    """Return words for a permission that keeps nobody out."""
    if not permission:
        return _UNGUARDED
    return Text(zh=_NORMAL.zh.format(name=permission), en=_NORMAL.en.format(name=permission))

"""Location that goes on when the user has left the app."""

from collections.abc import Iterator

from checks.api import Hit
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence

_PERMISSION = "android.permission.ACCESS_BACKGROUND_LOCATION"


def run(static: StaticEvidence, policy: PolicyEvidence | None) -> Iterator[Hit]:
    """Yield one hit for the permission, and one for each foreground service of type location."""
    told = policy is not None and _PERMISSION in policy.permissions
    for number, fact in enumerate(static.permissions):
        if fact.declared and fact.name == _PERMISSION:
            yield Hit(
                subject=_PERMISSION,
                message="permission",
                evidence=(f"static/permissions/{number}",),
                confidence="certain",
                severity="low" if told else "medium",
                data_type="location_background",
                actor="app",
            )
    for number, component in enumerate(static.components):
        if "location" in component.foreground_types:
            yield Hit(
                subject=component.name,
                message="service",
                args={"component": component.name},
                evidence=(f"static/components/{number}",),
                confidence="certain",
                severity="low",
                data_type="location_background",
                actor=component.actor,
            )

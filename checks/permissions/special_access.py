"""Special access: declared permissions and services bound by the system."""

from collections.abc import Iterator

from checks.api import Hit
from checks.names import permission_name
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, policy: PolicyEvidence | None, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each special permission, and each service that sees others' content."""
    explained = policy.permissions if policy is not None else ()
    for number, fact in enumerate(static.permissions):
        known = know.permissions.get(fact.name)
        if known is None or not fact.declared or not known.special or known.risk == "low":
            continue
        weighty = known.risk == "high" and fact.name not in explained
        yield Hit(
            subject=fact.name,
            message="permission",
            args={"permission": permission_name(know, fact.name)},
            evidence=(f"static/permissions/{number}",),
            confidence="certain",
            severity="medium" if weighty else "low",
        )
    for number, component in enumerate(static.components):
        known = know.permissions.get(component.permission)
        if known is None or known.group != "service_binding" or known.risk != "high":
            continue
        yield Hit(
            subject=f"{known.name}/{component.name}",
            message="service",
            args={
                "component": component.name,
                "permission": permission_name(know, known.name),
            },
            evidence=(f"static/components/{number}",),
            confidence="certain",
            severity="low" if known.name in explained else "medium",
            actor=component.actor,
        )

"""Permissions that are declared and that the policy does not explain."""

from collections.abc import Iterator

from checks.api import Hit
from checks.names import permission_name
from checks.permission_facts import explained_groups, is_personal
from profiles.model import Knowledge
from scanner.model.matrix import Matrix
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence

_TOLD = ("clear", "vague", "sdk_list", "conditional")


def run(
    static: StaticEvidence, policy: PolicyEvidence, matrix: Matrix, know: Knowledge
) -> Iterator[Hit]:
    """Yield one hit for each declared permission whose group the policy never explains."""
    explained = explained_groups(policy.permissions, know)
    told = {cell.data_type for cell in matrix.cells if cell.declared in _TOLD}
    # To deny reading the contacts does not explain why the app may read them.
    said = (s for s in policy.statements if not s.polarity.startswith("negative"))
    told |= {t for statement in said for t in statement.data_types}
    for number, fact in enumerate(static.permissions):
        known = know.permissions.get(fact.name)
        if known is None or not fact.declared or not is_personal(known):
            continue
        if fact.name in policy.permissions or known.group in explained:
            continue
        data_told = any(set(know.ancestors(t)[:-1]) & told for t in known.data_types)
        yield Hit(
            subject=fact.name,
            message="data_only" if data_told else "untold",
            args={"permission": permission_name(know, fact.name)},
            evidence=(f"static/permissions/{number}", f"absence/permission/{fact.name}"),
            severity="low" if data_told or known.risk != "high" else "medium",
            outcome="review" if data_told else "fail",
        )

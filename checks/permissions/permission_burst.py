"""Several permissions asked for at one place."""

from collections import defaultdict
from collections.abc import Iterator

from checks.api import Hit
from checks.judging import judging
from checks.names import join, permission_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each place that asks for at least as many groups as the table says."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, fact in enumerate(static.permissions):
        for place in fact.requested_at:
            places[f"{place.cls}.{place.method}"].append(number)
    told: set[str] = set()
    for name, numbers in sorted(places.items()):
        asked = dict.fromkeys(static.permissions[n].name for n in numbers)
        groups = {know.permissions[p].group for p in asked if p in know.permissions}
        if len(groups) >= judging(know).burst:
            told.add(name)
            yield Hit(
                subject=name,
                message="place",
                args={
                    "place": name,
                    "count": str(len(groups)),
                    "permissions": join(permission_name(know, p) for p in asked),
                },
                evidence=tuple(f"static/permissions/{n}" for n in dict.fromkeys(numbers)),
            )
    for number, behaviour in enumerate(static.behaviours):
        name = f"{behaviour.place.cls}.{behaviour.place.method}"
        if behaviour.kind == "permission-burst" and name not in told:
            early = behaviour.reach.before_consent and not behaviour.reach.guarded
            yield Hit(
                subject=name,
                message="behaviour",
                args={"detail": behaviour.detail or name},
                evidence=(f"static/behaviours/{number}",),
                confidence=behaviour.confidence,
                severity="medium" if early else "low",
            )

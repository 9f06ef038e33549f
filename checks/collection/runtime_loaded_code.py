"""Code that is loaded at run time and was not in what could be examined."""

from collections import defaultdict
from collections.abc import Iterator

from checks.api import Hit
from checks.matrix import owner
from checks.names import actor_name, join
from profiles.model import Knowledge
from scanner.model.static import Behaviour, StaticEvidence

_SHOWN = 5
_KINDS = ("dynamic-loading", "hot-update")
_COPIED = frozenset({"package", "private-files"})


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each actor that loads code, and for each framework of hot updates."""
    shells = {match.packer for match in static.packers}
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, fact in enumerate(static.behaviours):
        if fact.kind in _KINDS and fact.actor not in shells and _unread(fact, static):
            who = owner(fact.actor, know) if fact.kind == "dynamic-loading" else fact.detail
            found[fact.kind, who].append(number)
    for (kind, who), numbers in sorted(found.items()):
        facts = [static.behaviours[number] for number in numbers]
        sources = sorted({source for fact in facts for source in fact.sources}) or ["unknown"]
        firm = any(fact.reach.reachable and fact.confidence != "tentative" for fact in facts)
        yield Hit(
            subject=f"{kind}/{who}",
            message=kind,
            args={
                "actor": actor_name(know, who),
                "sources": join(know.words[f"loading.{source}"] for source in sources),
            },
            evidence=tuple(f"static/behaviours/{number}" for number in numbers[:_SHOWN]),
            confidence="firm" if firm else "tentative",
            severity="info" if sources == ["installed-app"] else "low",
            actor=owner(facts[0].actor, know),
        )


def _unread(fact: Behaviour, static: StaticEvidence) -> bool:
    """Tell whether the code is not, or not surely, among what was read: a place that loads files of
    the package loads those that were found there.
    """
    if fact.reach.reachable is False or (fact.kind == "dynamic-loading" and fact.place.offset < 0):
        return False
    own = "package" in fact.sources and _COPIED.issuperset(fact.sources)
    return not (own and static.code.dynamic_dex)

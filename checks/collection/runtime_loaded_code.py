"""Code that is loaded at run time and was not in what could be examined."""

from collections import defaultdict
from collections.abc import Iterator

from checks.api import Hit
from checks.matrix import owner
from checks.names import actor_name, join
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence

_SHOWN = 5


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each actor that loads code, and for each framework of hot updates."""
    shells = {match.packer for match in static.packers}
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    files_read = bool(static.code.dynamic_dex)
    for number, fact in enumerate(static.behaviours):
        if fact.actor not in shells and fact.unread(files_read=files_read):
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

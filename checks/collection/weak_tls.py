"""Code that gives up the protection of TLS."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import judging
from checks.matrix import owner
from checks.names import actor_name
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence

_KINDS = ("trust-all-tls", "hostname-verifier", "webview-ssl-error")


def run(static: StaticEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each place; what cannot be shown to run is for review."""
    for number, fact in enumerate(static.behaviours):
        if fact.kind not in _KINDS:
            continue
        actor = owner(fact.actor, know)
        far = len(fact.reach.chain) > judging(know).sure_chain
        runs = bool(fact.reach.reachable) and not far and fact.confidence != "tentative"
        yield Hit(
            subject=f"{fact.kind}/{fact.place.cls}.{fact.place.method}",
            message=fact.kind,
            args={"actor": actor_name(know, actor)},
            evidence=(f"static/behaviours/{number}",),
            confidence=fact.confidence,
            severity="medium" if runs else "low",
            outcome="fail" if runs else "review",
            actor=actor,
        )

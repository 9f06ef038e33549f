"""How the policy was read, cut to what a report can show."""

from scanner.model.evidence import Evidence
from scanner.model.policy import Element, SdkRow, Statement
from scanner.model.result import (
    PolicyElement,
    PolicyParty,
    PolicyQuote,
    PolicyReading,
    PolicyText,
)

MAX_STATEMENTS = 300
MAX_PARTIES = 500
MAX_QUOTE = 240


def policy_reading(evidence: Evidence) -> PolicyReading | None:
    """Return the reading of the policy, or None when there was none to read."""
    policy = evidence.policy
    if policy is None:
        return None
    return PolicyReading(
        documents=tuple(
            PolicyText(
                name=d.name,
                kind=d.kind,
                language=d.language,
                chars=d.chars,
                sha256=d.sha256,
                title=_cut(d.title),
            )
            for d in policy.documents
        ),
        statements=tuple(_statement(s) for s in policy.statements[:MAX_STATEMENTS]),
        elements=tuple(_element(e) for e in policy.elements),
        parties=tuple(_party(row) for row in policy.sdks[:MAX_PARTIES]),
        stance=policy.cross_border.stance,
        omitted=max(0, len(policy.statements) - MAX_STATEMENTS),
    )


def _statement(said: Statement) -> PolicyQuote:
    return PolicyQuote(
        action=said.action,
        actor=said.actor,
        polarity=said.polarity,
        types=said.data_types,
        purpose=_cut(said.purpose),
        document=said.document,
        start=said.start,
        quote=_cut(said.quote),
    )


def _element(element: Element) -> PolicyElement:
    place = element.quotes[0] if element.quotes else None
    return PolicyElement(
        id=element.id,
        found=element.found,
        quote=_cut(place.text) if place else "",
        document=place.document if place else "",
        start=place.start if place else 0,
    )


def _party(row: SdkRow) -> PolicyParty:
    return PolicyParty(
        name=_cut(row.name),
        sdk=row.sdk,
        company=_cut(row.company),
        data=_cut(row.data_text),
        purpose=_cut(row.purpose),
        link=_cut(row.link),
    )


def _cut(text: str) -> str:
    return text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1] + "…"

"""What it is worth that something was not found: the gaps that void it, and those that limit it."""

from collections.abc import Iterable

from checks.api import Card, alternatives
from scanner.model.base import Text
from scanner.model.evidence import Evidence


def blocking(evidence: Evidence, entries: Iterable[str]) -> tuple[int, ...]:
    """Return the indexes of the gaps that make silence of one of the entries worthless."""
    asked = {field for entry in entries for field in alternatives(entry)}
    parts = {field.partition(".")[0] for field in asked}
    return tuple(
        index
        for index, gap in enumerate(evidence.gaps)
        if asked & set(gap.blocks) or parts & set(gap.blocks)
    )


def limiting(evidence: Evidence, entries: Iterable[str]) -> tuple[int, ...]:
    """Return the indexes of the gaps that set a limit to silence of one of the entries."""
    asked = {field for entry in entries for field in alternatives(entry)}
    return tuple(n for n, gap in enumerate(evidence.gaps) if not asked.isdisjoint(gap.limits))


def weakened(card: Card, evidence: Evidence) -> bool:
    """Tell whether the silence that a check holds against the app may have another reason."""
    asked = {field for entry in card.silence for field in alternatives(entry)}
    return any(not asked.isdisjoint(gap.weakens) for gap in evidence.gaps)


def limited(card: Card, evidence: Evidence) -> Text:
    """Return the limits of a check, with those of the silence that it holds against the app."""
    gaps = limiting(evidence, card.silence)
    return _sentences((card.limits, *(evidence.gaps[n].detail for n in gaps)))


def _sentences(texts: Iterable[Text]) -> Text:
    """Return texts one after the other, the first as it stands, each of the others closed."""
    first, *more = texts
    return Text(
        zh=first.zh + "".join(f"{text.zh}。" for text in more),
        en=first.en + "".join(f" {text.en}." for text in more),
    )

"""What a policy says about export: none, denied, conditional or declared, and PIPL 39's items."""

import re
from collections import defaultdict
from collections.abc import Sequence

from profiles.load import table
from scanner.model.base import Doc
from scanner.model.policy import CrossBorder, CrossBorderClass, Quote
from scanner.policy.reader import Line
from scanner.policy.words import Vocabulary

_MAX_QUOTES = 5
_QUOTE = 400


class CrossBorderTable(Doc):
    """`tables/policy_cross_border.yaml`."""

    checked: str
    source: tuple[str, ...]
    abroad: str
    data: str
    act: str
    noise: str
    denied: str
    conditional: str
    declared: str
    items: dict[str, str]
    countries: dict[str, str]


class CrossBorderReader:
    """Compiled patterns; one per vocabulary."""

    def __init__(self, words: Vocabulary, name: str = "policy_cross_border") -> None:
        """Compile the table of one language."""
        rules = table(words.know, name, CrossBorderTable)
        self._patterns = {
            name: re.compile(getattr(rules, name))
            for name in ("abroad", "data", "act", "noise", "denied", "conditional", "declared")
        }
        self._items = {k: re.compile(v) for k, v in rules.items.items()}
        self._countries = {k: re.compile(v) for k, v in rules.countries.items()}

    def classify(self, text: str) -> str:
        """Return none, denied, conditional, declared or mention for one normalised sentence."""
        p = self._patterns
        if not p["abroad"].search(text):
            return "none"
        text = p["noise"].sub("", text)
        if not (p["abroad"].search(text) and p["data"].search(text) and p["act"].search(text)):
            return "none"
        conditional = bool(p["conditional"].search(text))
        if p["denied"].search(text):
            return "conditional" if conditional else "denied"
        if conditional:
            return "conditional"
        return "declared" if p["declared"].search(text) else "mention"

    def read(self, lines: Sequence[Line], document: str) -> CrossBorder:
        """Return the stance of a document: the strongest of its sentences decides."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(lines):
            if line.block.kind != "heading":
                kind = self.classify(line.text)
                if kind != "none":
                    found[kind].append(number)
        order: tuple[CrossBorderClass, ...] = ("declared", "conditional", "denied")
        stance: CrossBorderClass = next((kind for kind in order if found[kind]), "none")
        numbers = found[stance] if stance != "none" else found["mention"]
        quotes = tuple(
            Quote(
                document=document,
                start=lines[n].start,
                end=lines[n].end,
                text=lines[n].quote(lines[n].start, lines[n].end)[:_QUOTE],
            )
            for n in numbers[:_MAX_QUOTES]
        )
        around = " ".join(
            lines[n].text for m in numbers[:_MAX_QUOTES] for n in range(m, min(m + 3, len(lines)))
        )
        told = stance in {"declared", "conditional"}
        return CrossBorder(
            stance=stance,
            quotes=quotes,
            countries=tuple(k for k, v in sorted(self._countries.items()) if v.search(around))
            if told
            else (),
            items=tuple(k for k, v in self._items.items() if v.search(around)) if told else (),
            confidence="firm" if stance != "none" or not found["mention"] else "tentative",
        )

"""What a policy says about export: none, denied, conditional or declared, and PIPL 39's items."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from profiles.load import table
from scanner.model.base import Doc
from scanner.model.policy import CrossBorder, CrossBorderClass, Quote
from scanner.policy.reader import Line
from scanner.policy.words import Vocabulary

_MAX_QUOTES = 5
_MAX_TOLD = 20
"""Recipients, countries and items are looked for at this many sentences that tell of an export."""
_AFTER = 2
"""What is told of an export often follows the sentence that tells it: this many sentences."""
_BEYOND, _PLACED = "\ue000\ue001"
"""What stands for a place once it is found: later patterns then look for one character."""
_PATTERNS = (
    "hint",
    "beyond",
    "placed",
    "abroad",
    "data",
    "act",
    "noise",
    "general",
    "title",
    "stated",
    "denied",
    "regardless",
    "elsewhere",
    "conditional",
    "excepted",
    "declared",
    "outright",
    "guarded",
    "named",
    "unnamed",
)


class CrossBorderTable(Doc):
    """`tables/policy_cross_border.yaml`."""

    checked: str
    source: tuple[str, ...]
    hint: tuple[str, ...]
    beyond: tuple[str, ...]
    placed: tuple[str, ...]
    abroad: tuple[str, ...]
    data: tuple[str, ...]
    act: tuple[str, ...]
    noise: tuple[str, ...]
    general: tuple[str, ...]
    title: tuple[str, ...]
    stated: tuple[str, ...]
    denied: tuple[str, ...]
    regardless: tuple[str, ...]
    elsewhere: tuple[str, ...]
    conditional: tuple[str, ...]
    excepted: tuple[str, ...]
    declared: tuple[str, ...]
    outright: tuple[str, ...]
    guarded: tuple[str, ...]
    named: tuple[str, ...]
    unnamed: tuple[str, ...]
    items: dict[str, str]
    regions: tuple[str, ...]
    countries: dict[str, str]


class CrossBorderReader:
    """Compiled patterns; one per vocabulary."""

    def __init__(self, words: Vocabulary, name: str = "policy_cross_border") -> None:
        """Compile the table of one language."""
        rules = table(words.know, name, CrossBorderTable)
        self._patterns = {name: re.compile(text) for name, text in _expanded(rules).items()}
        self._items = {k: re.compile(v) for k, v in rules.items.items()}
        self._countries = {k: re.compile(v) for k, v in rules.countries.items()}

    def classify(self, text: str, *, data: bool = False) -> str:
        """Return what one normalised sentence says.

        One of none, denied, conditional, outright, declared, mention; `outright` is declared
        although it begins with an if. `data`: the sentence is known to name personal data.
        """
        p = self._patterns
        if not p["hint"].search(text):
            return "none"
        text = p["noise"].sub("", text)
        data = data or bool(p["data"].search(text))
        marked = p["beyond"].sub(_BEYOND, p["placed"].sub(_PLACED, text))
        abroad = marked != text or p["abroad"].search(text)
        if not (data and abroad and p["act"].search(text)) or p["general"].search(text):
            return "none"
        return self._told(marked)

    def _told(self, text: str) -> str:
        """Return what a sentence says whose places are marked and that speaks of personal data."""
        p = self._patterns
        if p["regardless"].search(text):
            return "declared"
        conditional = bool(p["conditional"].search(text))
        if p["denied"].search(text):
            loose = conditional or p["excepted"].search(text)
            return "conditional" if loose else "denied"
        if conditional:
            told = p["outright"].search(text) and not p["guarded"].search(text)
            return "outright" if told else "conditional"
        return "declared" if p["declared"].search(text) else "mention"

    def read(self, lines: Sequence[Line], document: str) -> CrossBorder:
        """Return the stance of a document: the strongest of its sentences decides."""
        found = self._found(lines)
        order: tuple[CrossBorderClass, ...] = ("declared", "conditional", "denied")
        stance: CrossBorderClass = next((kind for kind in order if found[kind]), "none")
        numbers = found[stance if stance != "none" else "mention"]
        near = sorted(
            {n for m in numbers[:_MAX_TOLD] for n in range(m, min(m + 1 + _AFTER, len(lines)))}
        )
        told = [lines[n] for n in near] if stance in {"declared", "conditional"} else []
        around = " ".join(line.text for line in told)
        return CrossBorder(
            stance=stance,
            quotes=tuple(lines[n].cite(document) for n in numbers[:_MAX_QUOTES]),
            receivers=tuple(self._receivers(told, document)),
            countries=tuple(k for k, v in sorted(self._countries.items()) if v.search(around)),
            items=tuple(k for k, v in self._items.items() if v.search(around)),
            confidence="firm" if self._sure(stance, [lines[n] for n in numbers]) else "tentative",
        )

    def _sure(self, stance: CrossBorderClass, said: Sequence[Line]) -> bool:
        """Tell whether a stance is firm: not where places are only mentioned, and not where all
        that is denied is export from another country.
        """
        if stance == "none":
            return not said
        away = self._patterns["elsewhere"]
        return stance != "denied" or not all(away.search(line.text) for line in said)

    def names(self, line: Line) -> bool:
        """Tell a line that only names export, as a heading or a line of the contents does."""
        p = self._patterns
        if not p["hint"].search(line.text):
            return False
        if line.block.kind == "heading" and not p["stated"].search(line.text):
            return True
        return bool(p["title"].match(line.text))

    def _kind(self, line: Line) -> str:
        if not self._patterns["hint"].search(line.text) or self.names(line):
            return "none"
        return self.classify(line.text, data=bool(line.sentence.mentions))

    def _found(self, lines: Sequence[Line]) -> dict[str, list[int]]:
        """Return what sentences say -> their numbers. A line that only names export says nothing;
        an outright one is a condition where the sentences behind it tell the condition.
        """
        kinds = [self._kind(line) for line in lines]
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, kind in enumerate(kinds):
            if kind == "outright":
                after = kinds[number + 1 : number + 1 + _AFTER]
                found["conditional" if "conditional" in after else "declared"].append(number)
            else:
                found[kind].append(number)
        return found

    def _receivers(self, lines: Sequence[Line], document: str) -> Iterator[Quote]:
        """Yield the recipients that are named, each once, where the name stands."""
        seen: set[str] = set()
        for line in lines:
            for found in self._patterns["named"].finditer(line.text):
                name = found.group(1).strip()
                if name in seen or self._patterns["unnamed"].search(name):
                    continue
                seen.add(name)
                start = line.start + line.normal.back(found.start(1))
                end = line.start + line.normal.back_end(found.end(1))
                yield Quote(document=document, start=start, end=end, text=line.quote(start, end))


def _expanded(rules: CrossBorderTable) -> dict[str, str]:
    """Return the patterns of a table with the words or the marks of the placeholders put in."""
    places = (*rules.regions, *rules.countries.values())
    words = {
        "{country}": f"(?:{'|'.join(places)})",
        "{countries}": "|".join(place for place in places if not place.startswith("(")),
        "{placed}": _PLACED,
        "{beyond}": f"[{_BEYOND}{_PLACED}]",
    }
    out = {}
    for name in _PATTERNS:
        out[name] = "|".join(getattr(rules, name))
        for mark, word in words.items():
            out[name] = out[name].replace(mark, word)
    return out

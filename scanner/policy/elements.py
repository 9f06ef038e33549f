"""Required elements E01 to E25: found with a quote, or not found, with a confidence."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import ahocorasick_rs as ac

from profiles.load import table
from scanner.model.base import Doc
from scanner.model.common import Confidence
from scanner.model.policy import Element
from scanner.policy.normal import Normal
from scanner.policy.reader import Line
from scanner.policy.words import Vocabulary

_MAX_QUOTES = 3
_FAR = 6
"""A way to exercise a right is looked for in the sentence itself and this many after it."""
_TITLED, _SAID, _HINTED = 3, 2, 1
_STRUCTURED = 5
"""With this many headings, a section's absence means something."""
_FEW = 40
"""A document with fewer sentences is an excerpt: its silence says little."""


class ElementRule(Doc):
    """One element and its triggers."""

    id: str
    need: tuple[str, ...] = ()
    heading: str = ""
    strong: str = ""
    sentence: str = ""
    home: str = ""
    under: str = ""
    others: str = ""
    right: bool = False


class ElementTable(Doc):
    """`tables/policy_elements.yaml`."""

    checked: str
    source: tuple[str, ...]
    title: str
    right: str
    way: str
    lead: str
    general: str
    elements: tuple[ElementRule, ...]


class ElementFinder:
    """Compiled triggers; one per vocabulary."""

    def __init__(self, words: Vocabulary, name: str = "policy_elements") -> None:
        """Compile the table of one language."""
        rules = table(words.know, name, ElementTable)
        self._rules = rules.elements
        self._right = re.compile(rules.right)
        self._rights = {rule.id for rule in rules.elements if rule.right}
        self._way = re.compile(rules.way)
        self._lead = re.compile(rules.lead)
        self._general = re.compile(rules.general)
        self._title = re.compile(rules.title)
        self._homes = {r.id: re.compile(r.home) for r in rules.elements if r.home}
        self._under = {r.id: re.compile(r.under) for r in rules.elements if r.under}
        self._others = {r.id: re.compile(r.others) for r in rules.elements if r.others}
        self._patterns = {
            rule.id: tuple(
                re.compile(p) if p else None for p in (rule.heading, rule.strong, rule.sentence)
            )
            for rule in rules.elements
        }
        owners: dict[str, set[str]] = defaultdict(set)
        for rule in rules.elements:
            for word in rule.need:
                owners[word].add(rule.id)
        self._owners = dict(owners)
        self._words = {rule.id: rule.need for rule in rules.elements}
        self._matcher = ac.AhoCorasick(
            list(owners), matchkind=ac.MatchKind.Standard, store_patterns=True
        )

    def find(self, lines: Sequence[Line], document: str) -> list[Element]:
        """Return one element per rule, in the order of the table."""
        hits: dict[str, list[tuple[int, int]]] = defaultdict(list)
        count: Counter[tuple[str, bool]] = Counter()
        full: set[str] = set()
        headings = {line.block.start for line in lines if line.block.kind == "heading"}
        away: dict[tuple[str, ...], frozenset[str]] = {}
        for number, line in enumerate(lines):
            path = line.block.path
            if len(headings) >= _STRUCTURED and path not in away:
                away[path] = self._away(path)
            for rule in sorted(self._open(line.text) - full):
                grade = self._grade(rule, line)
                if grade == _SAID and rule in away.get(path, ()):
                    grade = _HINTED
                hinted = grade == _HINTED
                if grade and (not hinted or count[rule, hinted] < _MAX_QUOTES):
                    hits[rule].append((-grade, number))
                    count[rule, hinted] += 1
                    if count[rule, False] == _MAX_QUOTES:
                        full.add(rule)
        return [self._element(rule, hits[rule.id], lines, document) for rule in self._rules]

    def _away(self, path: tuple[str, ...]) -> frozenset[str]:
        """Return the rules for which this is not the section to speak of them."""
        plain = [Normal(heading).text for heading in path]
        text = " ".join(
            heading for i, heading in enumerate(plain) if i or not self._title.search(heading)
        )
        return frozenset(rule for rule, home in self._homes.items() if not home.search(text))

    def _open(self, text: str) -> set[str]:
        """Return the rules of which a sentence holds a word they need."""
        words = set(self._matcher.find_matches_as_strings(text, overlapping=True))
        return set().union(*map(self._owners.__getitem__, words))

    def _grade(self, rule: str, line: Line) -> int:
        """3 = a heading, 2 = a sentence that says it, 1 = a sentence that hints at it."""
        heading, strong, sentence = self._patterns[rule]
        if line.block.kind == "heading":
            return _TITLED if heading and heading.search(line.text) else 0
        others = rule in self._others and self._others[rule].search(line.text)
        if strong and strong.search(line.text):
            offered = rule not in self._rights or self._right.search(line.text)
            return _SAID if offered and not others else _HINTED
        if others or not sentence or not sentence.search(line.text):
            return 0
        under = self._under.get(rule)
        own = under and any(under.search(Normal(heading).text) for heading in line.block.path)
        return _SAID if own else _HINTED

    def _element(
        self, rule: ElementRule, hits: list[tuple[int, int]], lines: Sequence[Line], document: str
    ) -> Element:
        said = [(g, n) for g, n in hits if g == -_SAID]
        titled = [(g, n) for g, n in hits if g == -_TITLED and _has_text(lines, n)]
        if not hits or not (said or titled or any(g == -_HINTED for g, _ in hits)):
            few = len(lines) < _FEW
            return Element(id=rule.id, found="not_found", confidence="tentative" if few else "firm")
        best = sorted(said or hits)[:_MAX_QUOTES]
        quotes = tuple(lines[n].cite(document) for _, n in sorted(best, key=lambda x: x[1]))
        sure: Confidence = "firm" if said else "tentative"
        return Element(
            id=rule.id,
            found="present" if said else "probable",
            confidence="certain" if said and titled else sure,
            quotes=quotes,
            value=self._value(rule, [n for _, n in said], lines),
        )

    def _value(self, rule: ElementRule, numbers: list[int], lines: Sequence[Line]) -> str:
        """For a right: how to exercise it. Else the concrete part of the best sentence."""
        if not rule.right:
            strong = self._patterns[rule.id][1]
            for number in numbers:
                found = strong.search(lines[number].text) if strong else None
                if found:
                    return found.group()[:120]
            return ""
        for number in numbers:
            if not self._lead.search(lines[number].text):
                way = self._way_near(rule.id, lines[number : number + _FAR])
                if way:
                    return way
        sections = {lines[number].sentence.section for number in numbers}
        told = (n for n in lines if n.sentence.section in sections and self._general.search(n.text))
        return next((line.quote(line.start, line.end)[:160] for line in told), "")

    def _way_near(self, rule: str, lines: Sequence[Line]) -> str:
        """Return the first sentence that tells how, up to one that speaks of another right."""
        for line in lines:
            if line.sentence.section != lines[0].sentence.section:
                break
            if line is not lines[0] and self._other(rule, line):
                break
            if self._way.search(line.text):
                return line.quote(line.start, line.end)[:160]
        return ""

    def _other(self, rule: str, line: Line) -> bool:
        """Tell whether a sentence grants some other right and has no word of this one."""
        granted = self._right.search(line.text) or line.block.kind == "heading"
        if not granted or any(word in line.text for word in self._words[rule]):
            return False
        strong = (self._patterns[right][1] for right in self._rights)
        return any(p.search(line.text) for p in strong if p)


def _has_text(lines: Sequence[Line], number: int) -> bool:
    """Tell whether something stands below a heading (a line of a table of contents has none)."""
    after = lines[number + 1 : number + 2]
    return bool(after) and after[0].block.kind != "heading"

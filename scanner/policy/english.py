"""English policies: the same statements by a smaller set of rules."""

import re
from collections.abc import Iterable

from profiles.load import table
from scanner.model.base import Doc
from scanner.model.policy import Action, Polarity, Statement
from scanner.policy.normal import Normal
from scanner.policy.reader import Line
from scanner.policy.words import Finder, Vocabulary

_QUOTE = 400
_LED = 12
_ENUMERATION = 3
_NEVER = frozenset({"toc", "definitions", "change"})
_STOP = ""

Mention = tuple[int, int, str, str]


class EnglishTable(Doc):
    """`tables/policy_english.yaml`."""

    checked: str
    source: tuple[str, ...]
    stop: tuple[str, ...]
    collect: str
    give: str
    share: str
    use: str
    store: str
    outward: str
    third: str
    negation: str
    exception: str
    not_practice: str
    own: str
    lead: str
    beside: str
    direct: str
    purpose: str
    condition: str
    receiver: str


class EnglishReader:
    """Compiled English rules; one per vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table and the English lexicon."""
        rules = table(words.know, "policy_english", EnglishTable)
        self._umbrella = words.umbrella
        self._p = {
            name: re.compile(getattr(rules, name))
            for name in EnglishTable.__struct_fields__
            if name not in {"checked", "source", "stop"}
        }
        terms = [t for t in words.know.lexicon if t.lang == "en"]
        fold = {t.text: Normal(t.text, chinese=False).text for t in terms}
        self._weak = {fold[t.text] for t in terms if t.weak}
        self._terms = Finder(
            {**{fold[t.text]: t.data_type for t in terms}, **dict.fromkeys(rules.stop, _STOP)}
        )

    def statements(self, lines: Iterable[Line], document: str) -> list[Statement]:
        """Return what the lines of one document declare, in order."""
        out: list[Statement] = []
        lead, left = "", 0
        for line in lines:
            text = line.text
            if line.block.kind == "heading":
                left = 0
            elif line.sentence.section not in _NEVER:
                kept = self._select(text)
                if kept and self._practice(text, kept, led=bool(lead) and left > 0):
                    out.append(self._statement(line, kept, document, lead if left > 0 else ""))
            if self._p["lead"].search(text[-80:]):
                lead, left = self._action(text), _LED
            else:
                left -= 1
        return out

    def _select(self, text: str) -> list[Mention]:
        found = [m for m in self._terms.find(text) if m[2]]
        specific = [m for m in found if m[2] not in self._umbrella]
        masks = [
            m.span() for name in ("condition", "purpose") for m in self._p[name].finditer(text)
        ]
        return [
            m
            for i, m in enumerate(specific)
            if not any(a <= m[0] and m[1] <= b and m[3] in self._weak for a, b in masks)
            and (m[3] not in self._weak or self._supported(text, specific, i))
        ]

    def _supported(self, text: str, found: list[Mention], index: int) -> bool:
        """Let a weak word count in an enumeration, after a verb of handling, or after `your`."""
        start, end, _, _ = found[index]
        for other in (index - 1, index + 1):
            if 0 <= other < len(found):
                a, b = (found[other][1], start) if other < index else (end, found[other][0])
                if b - a <= 24 and self._p["beside"].match(text[a:b]):  # noqa: PLR2004 - a short gap
                    return True
        return bool(self._p["direct"].search(text[max(0, start - 40) : start]))

    def _practice(self, text: str, kept: list[Mention], *, led: bool) -> bool:
        p = self._p
        if p["not_practice"].search(text) and not p["own"].search(text):
            return False
        verbs = any(p[name].search(text) for name in ("collect", "share", "give", "use", "store"))
        return verbs or led or len(kept) >= _ENUMERATION

    def _action(self, text: str) -> Action:
        p = self._p
        if p["share"].search(text) and p["outward"].search(text) and not p["third"].search(text):
            return "share"
        if p["collect"].search(text) or p["give"].search(text):
            return "collect"
        if p["store"].search(text):
            return "store"
        return "use" if p["use"].search(text) else "collect"

    def _statement(self, line: Line, kept: list[Mention], document: str, lead: str) -> Statement:
        text = line.text
        polarity: Polarity = "positive"
        if self._p["negation"].search(text):
            excepted = self._p["exception"].search(text)
            polarity = "negative_with_exception" if excepted else "negative"
        action = self._action(text)
        if lead and not self._p["collect"].search(text) and not self._p["share"].search(text):
            action = lead  # type: ignore[assignment]
        receiver = self._p["receiver"].search(text)
        purpose = self._p["purpose"].search(text)
        condition = self._p["condition"].search(text)
        return Statement(
            document=document,
            start=line.start,
            end=line.end,
            quote=line.quote(line.start, line.end)[:_QUOTE],
            action=action,
            data_types=tuple(sorted({m[2] for m in kept})),
            actor="third_party" if self._p["third"].search(text) else "app",
            polarity=polarity,
            purpose=purpose.group()[:120] if purpose else "",
            condition=condition.group()[:120] if condition else "",
            receiver=receiver.group(1)[:80].strip() if receiver and action == "share" else "",
            section=line.sentence.section,
            confidence="firm" if len(kept) > 1 else "tentative",
        )

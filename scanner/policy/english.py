"""English policies: the same statements by a smaller set of rules."""

import re
from collections.abc import Iterable

from profiles.load import table
from scanner.model.policy import Statement
from scanner.policy.english_clauses import EnglishClauses, Export
from scanner.policy.english_leads import COLLECTED, EnglishLeads, Lead, Told
from scanner.policy.english_relatives import EnglishRelatives
from scanner.policy.english_support import EnglishSupport
from scanner.policy.english_terms import EnglishTable, EnglishTerms, Found, meet
from scanner.policy.english_verbs import Deed, EnglishVerbs, Verb
from scanner.policy.found import Mention
from scanner.policy.normal import Normal
from scanner.policy.reader import Line
from scanner.policy.resolve import Resolver
from scanner.policy.words import Vocabulary

_QUOTE = 400
_ENUMERATION = 3
_NEVER = frozenset({"toc", "definitions", "change"})
_ANONYMOUS = "anonymised_info"


class EnglishReader:
    """Compiled English rules; one per vocabulary."""

    def __init__(
        self,
        words: Vocabulary,
        resolver: Resolver | None = None,
        export: Export | None = None,
    ) -> None:
        """Compile the table and the lexicon. `export` tells what a clause says of export."""
        self.words = words
        rules = table(words.know, "policy_english", EnglishTable)
        self._terms = EnglishTerms(words, rules)
        self._relatives = EnglishRelatives(rules)
        self._verbs = EnglishVerbs(rules, resolver or Resolver(words.know))
        self._support = EnglishSupport(rules, self._verbs)
        self._leads = EnglishLeads(rules, self._verbs)
        self._clauses = EnglishClauses(rules, self._verbs, self._support, export)
        names = (
            "idle", "silent", "advice", "label", "unlabelled", "purpose", "condition", "receiver",
        )  # fmt: skip
        self._p = {name: re.compile(getattr(rules, name)) for name in names}

    def statements(self, lines: Iterable[Line], document: str) -> list[Statement]:
        """Return what the lines of one document declare, in order."""
        out: list[Statement] = []
        lead = Lead()
        lines = list(lines)
        answers = self._leads.answers(lines)
        for number, line in enumerate(lines):
            text = line.text
            reply = self._leads.reply(lines, number) if text.endswith("?") else None
            told: list[Told] = []
            if line.block.kind != "heading" and line.sentence.section not in _NEVER:
                led = lead.of(line) or self._leads.listing(line)
                answer = answers.get((line.block.table, line.block.row))
                if answer:
                    led = (led or COLLECTED)._replace(polarity=answer)
                found = self._found(text)
                line.sentence.mentions = _mentions(text, found)
                told = self._told(text if reply is None else text[:-1], found, led)
                if reply == "negative":
                    told = [(deed._replace(polarity=reply), kept) for deed, kept in told]
                out.extend(self._statement(line, t, document) for t in told)
            lead.hear(line, self._leads.opened(text, heading=line.block.kind == "heading"), told)
        return out

    def _told(self, text: str, found: list[Found], led: Deed | None) -> list[Told]:
        """Return the deeds of a sentence with the data of each."""
        if not found or self._p["silent"].search(text) or self._p["advice"].search(text):
            return []
        verbs = self._verbs.find(text, found)
        told = list(self._clauses.read(text, verbs, found, led))
        if not told and not led and not self._acting(verbs) and self._enumerates(text, found):
            told = [(COLLECTED, self._support.counted(text, found, (), led=True))]
        merged = [t for t in _merged(told) if t[1] and t[0].actor]
        return [(deed, self._narrowed(deed, kept)) for deed, kept in merged]

    def _found(self, text: str) -> list[Found]:
        """Return the data words of a sentence; a relative clause hides the words inside it."""
        terms = [
            t
            for t in self._terms.find(text)
            if t.data_type not in self.words.umbrella or t.data_type == _ANONYMOUS
        ]
        clauses = [
            c
            for c in self._relatives.find(text)
            if not (c.weak and any(meet(c, t) and not t.weak for t in terms))
        ]
        terms = [t for t in terms if not any(meet(c, t) for c in clauses)]
        return _without_figures(sorted([*terms, *clauses]))

    def _narrowed(self, deed: Deed, kept: list[Found]) -> list[Found]:
        """Leave the wider type out of a denial: "biometric data: we collect no fingerprints"."""
        if not deed.polarity.startswith("negative"):
            return kept
        wider = {t for f in kept for t in self.words.know.ancestors(f.data_type)[1:]}
        return [f for f in kept if f.data_type not in wider]

    def _acting(self, verbs: list[Verb]) -> bool:
        return any(v.kind != "list" for v in verbs)

    def _enumerates(self, text: str, found: list[Found]) -> bool:
        """Tell whether a sentence without a verb is a row of data: a label, or several types."""
        if self._p["idle"].search(text) or self._p["unlabelled"].search(text):
            return False
        label = self._p["label"].match(text)
        kinds = len({f.data_type for f in found})
        listed = len(found) > _ENUMERATION and kinds > 1
        return (
            kinds >= _ENUMERATION
            or listed
            or bool(label and any(f.start >= label.end() for f in found))
        )

    def listed(self, text: str) -> set[str]:
        """Return the kinds of data that the cell of a list names."""
        return {f.data_type for f in self._found(Normal(text, chinese=False).text)}

    def _statement(self, line: Line, told: Told, document: str) -> Statement:
        deed, kept = told
        text = line.text
        receiver = self._p["receiver"].search(text) if deed.action == "share" else None
        purpose = self._p["purpose"].search(text)
        condition = self._p["condition"].search(text)
        return Statement(
            document=document,
            start=line.start,
            end=line.end,
            quote=line.quote(line.start, line.end)[:_QUOTE],
            action=deed.action,
            data_types=tuple(sorted({f.data_type for f in kept})),
            actor=deed.actor,
            polarity=deed.polarity,
            purpose=purpose.group()[:120] if purpose else "",
            condition=condition.group()[:120] if condition else "",
            receiver=receiver.group(1)[:80].strip() if receiver else "",
            section=line.sentence.section,
            confidence="firm" if len(kept) > 1 else "tentative",
        )


def _mentions(text: str, found: list[Found]) -> list[Mention]:
    """Return the data words of a sentence for those who ask whether it names data."""
    return [Mention(f.start, f.end, f.data_type, text[f.start : f.end], f.weak) for f in found]


def _without_figures(found: list[Found]) -> list[Found]:
    """Leave out "anonymous statistics" beside real data: what is handled is the data."""
    real = [f for f in found if f.data_type != _ANONYMOUS]
    return real if any(not f.weak for f in real) else found


def _merged(told: list[Told]) -> list[Told]:
    """Unite what the same actor does in the same way."""
    out: dict[Deed, list[Found]] = {}
    for deed, kept in told:
        out.setdefault(deed, []).extend(kept)
    return list(out.items())

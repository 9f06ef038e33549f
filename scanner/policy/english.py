"""English policies: the same statements by a smaller set of rules."""

import re
from collections.abc import Callable, Iterable, Iterator

from profiles.load import table
from scanner.model.policy import Polarity, Statement
from scanner.policy.blocks import Block
from scanner.policy.english_relatives import EnglishRelatives
from scanner.policy.english_support import EnglishSupport
from scanner.policy.english_terms import EnglishTable, EnglishTerms, Found
from scanner.policy.english_verbs import Deed, EnglishVerbs, Verb
from scanner.policy.found import Mention
from scanner.policy.normal import Normal
from scanner.policy.reader import Line
from scanner.policy.resolve import Resolver
from scanner.policy.words import Vocabulary

_QUOTE = 400
_LED = 12
_ENUMERATION = 3
_NEVER = frozenset({"toc", "definitions", "change"})
_LISTING = frozenset({"collect", "share", "permissions"})
_TAKEN = frozenset({"collect", "share", "give", "store"})
_CARRIED = frozenset({"share", "give", "store"})
_EXPORTED = frozenset({"declared", "outright", "conditional", "denied"})
_BARE = frozenset({"item", "cell"})

_ANONYMOUS = "anonymised_info"
_COLLECTED = Deed("app", "collect", "positive")
_MUTE = Deed("", "use", "positive")
"""The lead of items that state nothing by themselves."""
_ASKED = re.compile(r"\W*(?:(?:to|the|a|and|please|you can) )?\Z")
"""What stands before the verb of an item such as "access your photos"."""

_WORD = re.compile(r"[a-z]{3,}")
_SAID = 3
"""A clause that has fewer words beside its data is a title or an item, and says nothing."""
_ASIDE = re.compile(
    r", (?:unless|if|when|where|once|while|after|before|provided|depending on) [^,]{2,60}(?=,)"
)
_OPENING = re.compile(
    r"(?:when|whenever|if|before|after|once|while|as soon as|each time|every time|where|until|because"
    r"|since|although|as)\b[^,]{2,120},"
)
"""A clause between commas, or in front of the main one: its verb rules nothing outside."""

Told = tuple[Deed, list[Found]]


class _Lead:
    """What a line without a verb continues: a lead-in above it, or a sentence cut at semicolons."""

    def __init__(self) -> None:
        self._deed: Deed | None = None
        self._left = 0
        self._begun: tuple[Block, Deed] | None = None

    def of(self, line: Line) -> Deed | None:
        """Return the deed that the line continues."""
        if self._begun and self._begun[0] is line.block:
            return self._begun[1]
        return self._deed if self._left > 0 else None

    def hear(self, line: Line, opened: Deed | None, told: list[Told]) -> None:
        """Take in a line that was read, and the deed of the list that it opens."""
        if not line.text.endswith(";"):
            self._begun = None
        elif told:
            self._begun = line.block, told[-1][0]
        if opened:
            self._deed, self._left = opened, _LED
        else:
            self._left -= {"heading": _LED, "cell": 0}.get(line.block.kind, 1)


class EnglishReader:
    """Compiled English rules; one per vocabulary."""

    def __init__(
        self,
        words: Vocabulary,
        resolver: Resolver | None = None,
        export: Callable[[str], str] | None = None,
    ) -> None:
        """Compile the table and the lexicon. `export` tells what a clause says of export."""
        self.words = words
        self._export = export
        rules = table(words.know, "policy_english", EnglishTable)
        self._yes_or_no = rules.answers
        self._terms = EnglishTerms(words, rules)
        self._relatives = EnglishRelatives(rules)
        self._verbs = EnglishVerbs(rules, resolver or Resolver(words.know))
        self._support = EnglishSupport(rules, self._verbs)
        self._p = {
            name: re.compile(getattr(rules, name))
            for name in (
                "cut", "idle", "silent", "advice", "lead", "mute", "label", "unlabelled", "purpose",
                "condition", "receiver", "question", "quality", "owned", "asked", "yea", "nay",
            )
        }  # fmt: skip

    def statements(self, lines: Iterable[Line], document: str) -> list[Statement]:
        """Return what the lines of one document declare, in order."""
        out: list[Statement] = []
        lead = _Lead()
        lines = list(lines)
        answers = self._answers(lines)
        for number, line in enumerate(lines):
            text = line.text
            reply = self._reply(lines, number) if text.endswith("?") else None
            told: list[Told] = []
            if line.block.kind != "heading" and line.sentence.section not in _NEVER:
                led = lead.of(line) or self._listing(line)
                answer = answers.get((line.block.table, line.block.row))
                if answer:
                    led = (led or _COLLECTED)._replace(polarity=answer)
                found = self._found(text)
                line.sentence.mentions = _mentions(text, found)
                told = self._told(text if reply is None else text[:-1], found, led)
                if reply == "negative":
                    told = [(deed._replace(polarity=reply), kept) for deed, kept in told]
                out.extend(self._statement(line, t, document) for t in told)
            lead.hear(line, self._leading(text), told)
        return out

    def _answers(self, lines: list[Line]) -> dict[tuple[int, int], Polarity]:
        """Return what the first yes or no of each table row says of it."""
        found: dict[tuple[int, int], Polarity] = {}
        for line in lines:
            answer = self._yes_or_no.get(line.text.strip(" .*"))
            if answer and line.block.kind == "cell":
                found.setdefault((line.block.table, line.block.row), answer)
        return found

    def _reply(self, lines: list[Line], number: int) -> Polarity | None:
        """Return the yes or no with which the next sentence answers "do we sell your data?"."""
        after = lines[number + 1] if number + 1 < len(lines) else None
        if after is None or after.block is not lines[number].block:
            return None
        if not self._p["asked"].match(lines[number].text):
            return None
        if self._p["nay"].match(after.text):
            return "negative"
        return "positive" if self._p["yea"].match(after.text) else None

    def _listing(self, line: Line) -> Deed | None:
        """Return what an item without a verb says by the heading it stands under."""
        section = line.sentence.section
        if line.block.kind not in _BARE or section not in _LISTING:
            return None
        return Deed("app", "share" if section == "share" else "collect", "positive")

    def _leading(self, text: str) -> Deed | None:
        """Return what the items behind a lead-in say: nothing where it speaks of rights or so."""
        if text.endswith("?"):
            return self._asking(text)
        lead = self._p["lead"].search(text)
        if not lead and not text.endswith(":"):
            return None
        if self._p["idle"].search(text) or self._p["silent"].search(text):
            return _MUTE
        verbs = [v for v in self._verbs.find(text, []) if v.kind in _TAKEN and not v.noun]
        if lead and verbs:
            return self._verbs.deed(text, verbs[-1], text)
        return _MUTE if self._p["mute"].search(text) else _COLLECTED if lead else None

    def _asking(self, text: str) -> Deed | None:
        """Return what the answers to a question say: nothing where it asks about rights or so."""
        if not self._p["question"].search(text):
            return _MUTE
        verbs = [v for v in self._verbs.find(text, []) if v.kind != "list" and not v.noun]
        if not verbs or verbs[-1].kind == "none" or self._p["mute"].search(text):
            return _MUTE
        return self._verbs.deed(text, verbs[-1], text)

    def _told(self, text: str, found: list[Found], led: Deed | None) -> list[Told]:
        """Return the deeds of a sentence with the data of each."""
        if not found or self._p["silent"].search(text) or self._p["advice"].search(text):
            return []
        verbs = self._verbs.find(text, found)
        told: list[Told] = []
        for start, end in self._clauses(text, verbs):
            told.extend(self._clause(text, (start, end), verbs, found, led))
        if not told and not led and not self._acting(verbs) and self._enumerates(text, found):
            told = [(_COLLECTED, self._support.counted(text, found, (), led=True))]
        merged = [t for t in _merged(told) if t[1] and t[0].actor]
        return [(deed, self._narrowed(deed, kept)) for deed, kept in merged]

    def _found(self, text: str) -> list[Found]:
        """Return the data words of a sentence; a relative clause hides the words inside it."""
        clauses = self._relatives.find(text)
        terms = [
            f
            for f in self._terms.find(text)
            if (f.data_type not in self.words.umbrella or f.data_type == _ANONYMOUS)
            and not any(c.start < f.end and f.start < c.end for c in clauses)
        ]
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

    def _clauses(self, text: str, verbs: list[Verb]) -> Iterator[tuple[int, int]]:
        start = 0
        for cut in self._p["cut"].finditer(text):
            left = any(start <= v.start < cut.start() for v in verbs)
            if left and any(v.start >= cut.end() for v in verbs):
                yield start, cut.start()
                start = cut.end()
        yield start, len(text)

    def _clause(
        self,
        text: str,
        span: tuple[int, int],
        verbs: list[Verb],
        found: list[Found],
        led: Deed | None,
    ) -> Iterator[Told]:
        start, end = span
        clause = text[start:end]
        here = [
            f._replace(start=f.start - start, end=f.end - start)
            for f in found
            if start <= f.start < end
        ]
        if not here or self._p["idle"].search(clause):
            return
        own = [
            v._replace(start=v.start - start, end=v.end - start)
            for v in verbs
            if start <= v.start < end
        ]
        asides = [m.span() for m in _ASIDE.finditer(clause)]
        opening = _OPENING.match(clause)
        if opening:
            asides.append(opening.span())
        for data in self._support.counted(clause, here, own, led=led is not None):
            verb = self._verbs.ruling(clause, _outside(own, asides, data), data)
            if led is _MUTE and verb and (verb.noun or _ASKED.match(clause[: verb.start])):
                continue
            if led and (verb is None or not self._verbs.tells(clause, verb, data)):
                yield led, [data]
            elif verb and verb.kind == "list":
                yield led or self._verbs.deed(clause, verb, text), [data]
            elif verb and verb.kind != "none":
                deed = self._verbs.deed(clause, verb, text)
                yield self._abroad(clause, verb, deed), [data]
            elif verb is None and self._spoken(clause, data):
                yield _COLLECTED, [data]

    def _abroad(self, clause: str, verb: Verb, deed: Deed) -> Deed:
        """Return the deed as an export where its clause says that the data leaves the country."""
        if self._export is None or verb.kind not in _CARRIED or deed.actor != "app":
            return deed
        away = self._export(clause) in _EXPORTED
        return deed._replace(action="transfer_abroad") if away else deed

    def listed(self, text: str) -> set[str]:
        """Return the kinds of data that the cell of a list names."""
        return {f.data_type for f in self._found(Normal(text, chinese=False).text)}

    def _spoken(self, clause: str, data: Found) -> bool:
        """Tell whether a clause whose verb no table knows speaks of the user's own data."""
        owner = self._p["owned"].search(clause, 0, data.start)
        said = len(_WORD.findall(clause[: data.start])) + len(_WORD.findall(clause[data.end :]))
        return bool(owner) and said >= _SAID and not self._p["quality"].search(clause)

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


def _outside(verbs: list[Verb], asides: list[tuple[int, int]], data: Found) -> list[Verb]:
    """Leave out the verbs of a clause between commas that the data does not stand in."""
    away = [(a, b) for a, b in asides if not a <= data.start < b]
    left = [v for v in verbs if not any(a <= v.start < b for a, b in away)]
    return left or verbs


def _without_figures(found: list[Found]) -> list[Found]:
    """Leave out "anonymous statistics" beside real data: what is handled is the data."""
    real = [f for f in found if f.data_type != _ANONYMOUS]
    return real or found


def _merged(told: list[Told]) -> list[Told]:
    """Unite what the same actor does in the same way."""
    out: dict[Deed, list[Found]] = {}
    for deed, kept in told:
        out.setdefault(deed, []).extend(kept)
    return list(out.items())

"""What a line without a verb continues: a lead-in, a heading, a question, a row with yes or no."""

import re
from collections.abc import Sequence

from scanner.model.policy import Polarity
from scanner.policy.blocks import Block
from scanner.policy.english_terms import EnglishTable, Found
from scanner.policy.english_verbs import Deed, EnglishVerbs
from scanner.policy.reader import Line

_LED = 12
_LISTING = frozenset({"collect", "share", "permissions"})
_TAKEN = frozenset({"collect", "share", "give", "store"})
_BARE = frozenset({"item", "cell"})

COLLECTED = Deed("app", "collect", "positive")
MUTE = Deed("", "use", "positive")
"""The lead of items that state nothing by themselves."""

Told = tuple[Deed, list[Found]]


class Lead:
    """What a line without a verb continues: a lead-in above it, or a sentence cut at semicolons."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._deed: Deed | None = None
        self._left = 0
        self._begun: tuple[Block, Deed] | None = None

    def of(self, line: Line) -> Deed | None:
        """Return the deed that the line continues."""
        if self._begun and self._begun[0] is line.block:
            return self._begun[1]
        return self._deed if self._left > 0 else None

    def hear(self, line: Line, opened: Deed | None, told: Sequence[Told]) -> None:
        """Take in a line that was read, and the deed of the list that it opens."""
        if not line.text.endswith(";"):
            self._begun = None
        elif told:
            self._begun = line.block, told[-1][0]
        if opened:
            self._deed, self._left = opened, _LED
        else:
            self._left -= {"heading": _LED, "cell": 0}.get(line.block.kind, 1)


class EnglishLeads:
    """Reads lead-ins, questions and the answers of table rows."""

    def __init__(self, rules: EnglishTable, verbs: EnglishVerbs) -> None:
        """Compile the patterns."""
        self._verbs = verbs
        self._yes_or_no = rules.answers
        names = ("idle", "silent", "lead", "mute", "question", "asked", "yea", "nay")
        self._p = {name: re.compile(getattr(rules, name)) for name in names}

    def answers(self, lines: list[Line]) -> dict[tuple[int, int], Polarity]:
        """Return what the first yes or no of each table row says of it."""
        found: dict[tuple[int, int], Polarity] = {}
        for line in lines:
            answer = self._yes_or_no.get(line.text.strip(" .*"))
            if answer and line.block.kind == "cell":
                found.setdefault((line.block.table, line.block.row), answer)
        return found

    def reply(self, lines: list[Line], number: int) -> Polarity | None:
        """Return the yes or no with which the next sentence answers "do we sell your data?"."""
        after = lines[number + 1] if number + 1 < len(lines) else None
        if after is None or after.block is not lines[number].block:
            return None
        if not self._p["asked"].match(lines[number].text):
            return None
        if self._p["nay"].match(after.text):
            return "negative"
        return "positive" if self._p["yea"].match(after.text) else None

    def listing(self, line: Line) -> Deed | None:
        """Return what an item without a verb says by the heading it stands under."""
        section = line.sentence.section
        head = line.block.kind == "cell" and not line.block.row
        if head or line.block.kind not in _BARE or section not in _LISTING:
            return None
        return Deed("app", "share" if section == "share" else "collect", "positive")

    def opened(self, text: str, *, heading: bool = False) -> Deed | None:
        """Return what the items behind a lead-in say: nothing where it speaks of rights or so."""
        if text.endswith("?"):
            return self._asking(text)
        lead = self._p["lead"].search(text)
        if not lead and not text.endswith(":") and not heading:
            return None
        if self._p["idle"].search(text) or self._p["silent"].search(text):
            return MUTE
        verbs = [v for v in self._verbs.find(text, []) if v.kind in _TAKEN and not v.noun]
        if lead and verbs:
            return self._verbs.deed(text, verbs[-1], text)
        if not lead and not text.endswith(":"):
            return None
        return MUTE if self._p["mute"].search(text) else COLLECTED if lead else None

    def _asking(self, text: str) -> Deed | None:
        """Return what the answers to a question say: nothing where it asks about rights or so."""
        if not self._p["question"].search(text):
            return MUTE
        verbs = [v for v in self._verbs.find(text, []) if v.kind != "list" and not v.noun]
        if not verbs or verbs[-1].kind == "none" or self._p["mute"].search(text):
            return MUTE
        return self._verbs.deed(text, verbs[-1], text)

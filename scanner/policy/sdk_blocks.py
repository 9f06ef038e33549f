"""Third parties in lines of text: keys and values, and items that name and tell."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from scanner.policy.blocks import Block, Parsed
from scanner.policy.sdk_entry import Entry, EntryRules
from scanner.policy.sdk_items import (
    bare,
    broken,
    enumerated,
    lead,
    numbered,
    opens_anew,
    unfinished,
)

_MAX_REST = 40
_BRACKETS = 6
_OPENED = frozenset("[（(<")
_MAX_ASIDE = 1000
_MAX_CELL = 2000
_MAX_VALUE = 300
_FAR = 99
_NEAR = 4
_TOLD = 2
_URL = re.compile(r"https?://[^\s|)）>\]\"'，。；<]+")
_PAIR = re.compile(r"(?:^|[，,；;。|\s、*])([^\s，,；;。|：:、*\[\]]{2,18}?)\s*\**\s*[：:∶]")
_REMARK = re.compile(r"[，,][^，,：:。]{1,8}(?=[：:]\s*$)")
"""What a key adds before its colon, when the value stands in the next line."""
_LEADS = re.compile("以下|上述|根据|其中|注")
_SCHEME = re.compile(r"(https?)$")
"""A key that runs into its link: `第三方隐私政策(https`."""
_KIND = re.compile("信息[：: ]*$|[、，,].*[；;。]$")
"""A numbered line that lists data: a kind of it, or several."""
_WHY = re.compile("(?<=[)）])[：:].*|[：:](?:用于|用来|为)[^：:]*$")
_JOINED = re.compile(
    r"^([\W\d]{0,6}[\u4e00-\u9fff]{0,6}) ?(SDK|APP|App) (?=[\u4e00-\u9fff]{2,8}[：:])"
)
"""A Latin word inside a key, which some write with blanks."""


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


class BlockReader:
    """Reads the entries of a document line by line."""

    def __init__(self, rules: EntryRules) -> None:
        """Keep the rules."""
        self._rules = rules

    def read(self, parsed: Parsed, taken: AbstractSet[int] = frozenset()) -> Iterator[Entry]:
        """Yield the entries that name a third party and say something of it.

        `taken`: starts of blocks that were read otherwise.
        """
        record = Entry()
        near = _FAR
        for block in parsed.blocks:
            if block.kind == "cell" or block.start in taken:
                continue
            line = parsed.text[block.start : block.end]
            if self._goes_on(record, line, block):
                record.touch(block.start, block.end)
                continue
            before, pairs = self._pairs(line, running=bool(record.fields))
            if before and pairs:
                self._rules.put(record, record.last, before)
            if pairs:
                *whole, record = self._filled(record, pairs, block)
                for one in whole:
                    near = 0 if self._rules.usable(one, listed=True, near=near < _NEAR) else near
                    yield from self._done(one, near)
                continue
            fields = self._rules.items.read(line, near=near < _NEAR)
            if fields or not (self._aside(line, block) or self._waits(record, line, block)):
                usable = self._rules.usable(record, listed=True, near=near < _NEAR)
                yield from self._done(record, near)
                near = 0 if fields or usable else near + 1
                record = self._item(fields, line, block) if fields else self._named(line, block)
        yield from self._done(record, near)

    def _filled(self, record: Entry, pairs: list[tuple[str, str]], block: Block) -> list[Entry]:
        """Return the records that the pairs of a line fill; the last of them may go on."""
        out = [record]
        for role, told in pairs:
            if self._rules.begins(out[-1], role, told):
                out.append(Entry())
            self._rules.put(out[-1], role, told)
            out[-1].touch(block.start, block.end)
        role, told = pairs[-1]
        out[-1].listing = role == "data" and not told
        out[-1].open = not told or (role in {"data", "purpose"} and broken(told))
        return out

    def _goes_on(self, record: Entry, line: str, block: Block) -> bool:
        """Take a line that ends what the line before began: its link, or the rest of an item."""
        if not record.open:
            return False
        record.open = False
        role = record.last or "data"
        if role == "link":
            link = _URL.search(line)
            if link and link.start() <= lead(line) + _BRACKETS:
                self._rules.put(record, role, link.group())
            return bool(link)
        old = record.fields.get(role, "")
        if not old and role != "data":
            return self._value(record, line)
        part = enumerated(line) and not record.item
        cut = record.item or (old and broken(old))
        told = record.listing and self._rules.names_data(line)
        kind = told and bool(_KIND.search(bare(line)))
        if len(old) > _MAX_CELL or not (part or kind or ((cut or told) and not numbered(line))):
            return False
        heading = block.kind == "heading" and not (part or kind)
        if heading or (record.item and opens_anew(line)):
            return False
        line = _WHY.sub("", line) if told else line
        record.fields[role] = f"{old} {line.strip()}".strip()
        go_on = unfinished(line) if record.item else broken(record.fields[role])
        record.open = part or record.listing or go_on
        return True

    def _value(self, record: Entry, line: str) -> bool:
        """Take a line as the value of the key that stands alone in the line before."""
        keyed = bool(self._pairs(line, running=False)[1])
        if keyed or len(line) > _MAX_VALUE or numbered(line):
            return False
        self._rules.put(record, record.last, line.strip(" *_"))
        return True

    def _item(self, fields: dict[str, str], line: str, block: Block) -> Entry:
        record = Entry(fields=fields, item=True, open="data" in fields and unfinished(line))
        record.touch(block.start, block.end)
        return record

    def _done(self, record: Entry, near: int) -> Iterator[Entry]:
        if record.item or self._rules.usable(record, listed=True, near=near < _NEAR):
            yield record
        elif record.told:
            record.fields = self._rules.items.below(record.name_line, record.told)
            if record.fields:
                yield record

    def _aside(self, line: str, block: Block) -> bool:
        """Tell a remark or a bare link inside an entry from prose, which ends the entry."""
        short = len(line) <= _MAX_ASIDE and "。" not in line and block.kind != "heading"
        return short and self._rules.remark(line)

    def _waits(self, record: Entry, line: str, block: Block) -> bool:
        """Tell whether a named SDK is only described yet, its keys still to come."""
        named = "sdk" in record.name_line.lower() and not record.fields and record.titled
        named = named and not self._rules.is_name(line)
        record.described += 1
        if named:
            record.told += line
        return named and block.kind != "heading" and record.described <= _TOLD and "。" in line

    def _named(self, line: str, block: Block) -> Entry:
        """Begin an entry with the line that may name it; prose names nothing."""
        if not self._rules.is_name(line):
            return Entry()
        record = Entry(
            titled=block.kind == "heading" or numbered(line),
            name_line=" ".join(bare(line).replace("**", "").split()).strip("*_ 【】[]：:。"),
        )
        record.touch(block.start, block.end)
        return record

    def _pairs(self, line: str, *, running: bool) -> tuple[str, list[tuple[str, str]]]:
        """Cut `key：value，key：value` where the keys are column names.

        Returns what stands before the first key (the end of a value that the line before began)
        and the pairs. Prose before a key that names a third party is passed over.
        """
        if not any(colon in line for colon in "：:∶"):
            return "", []
        body = _JOINED.sub(r"\1\2", _REMARK.sub(_blank, line[:_MAX_CELL]))
        marks = [(m, role) for m in _PAIR.finditer(body) if (role := self._rules.role(m.group(1)))]
        before = ""
        if marks and marks[0][0].start(1) > lead(body) + 1:
            before = body[: marks[0][0].start(1)].strip(" *_，,；;。\t")
            ends = running and not _LEADS.match(before)
            if not ends or numbered(line) or len(before) > _MAX_REST or "。" in before:
                before = ""
                first = next((n for n, (_, role) in enumerate(marks) if role == "name"), len(marks))
                linked = [mark for mark in marks if _SCHEME.search(mark[0].group(1))]
                named = len(marks) - first > 1 and not numbered(line)
                marks = marks[first:] if named else (linked if running else [])
        out = []
        for (mark, role), after in zip(marks, [*marks[1:], None], strict=False):
            scheme = _SCHEME.search(mark.group(1))
            start = mark.start(1) + scheme.start(1) if scheme else mark.end()
            told = body[start : after[0].start() if after else len(body)]
            told = told.strip(" *_，,；;。\t")
            told = "" if told in _OPENED else told
            alone = len(marks) == 1 and mark.start(1) <= lead(body) + 1 and not before
            if told or role in {"link", "data"} or alone:
                out.append((role, told))
        return before, out

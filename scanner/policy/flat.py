"""Tables that lost their borders: rows as plain lines, or one cell a line, below a header."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from scanner.policy.align import Aligner, Part
from scanner.policy.blocks import Block, Parsed, numbering
from scanner.policy.flat_rows import (
    HEADS,
    Piece,
    Row,
    barred,
    between_bars,
    boxed,
    cut,
    drawn_end,
    is_box,
    lines,
    stacked,
    surely,
)
from scanner.policy.sdk_entry import Entry, EntryRules, width

_MAX_HEADER = 240
_MAX_NAME = 24
_LONG_NAME = 60
_LONG_CELL = 1000
_LEAST = 3
_MOST = 12
_TELLING = 2
_TOLD = frozenset({"data", "purpose", "scene"})
"""Lines by themselves are a header only with one of these columns: a list of data has names and
addresses, too.
"""
_MISFITS = 2
_MIN_ROWS = 2
"""So many rows make a table whose header was cut at a mark that also stands in sentences."""
_SPOKEN = re.compile("[您你我、；。]")
_SENTENCE = re.compile("[。；？]")
_HEAD = re.compile("(?:信息|数据).{0,4}(?:类型|名称|范围|字段|种类|内容)$")
"""A cell that is the name of a column: the header once more."""
_KEY = re.compile(r"[\s*•·-]{0,4}([^：:]{2,12})[：:]")
_Found = tuple[list[Entry], int]


class FlatReader:
    """Reads such tables; what it took is not read again as lines."""

    def __init__(self, rules: EntryRules, aligner: Aligner) -> None:
        """Keep the rules."""
        self._rules = rules
        self._aligner = aligner

    def read(self, parsed: Parsed) -> tuple[list[Entry], set[int]]:
        """Return the entries, and the starts of the blocks they were read from."""
        text = parsed.text
        blocks = [block for block in parsed.blocks if block.kind != "cell"]
        out: list[Entry] = []
        taken: set[int] = set()
        at = 0
        while at < len(blocks):
            found, after = self._table(blocks, at, text)
            if found:
                out += found
                taken.update(block.start for block in blocks[at:after])
            at = max(at + 1, after)
        return out, taken

    def _table(self, blocks: Sequence[Block], at: int, text: str) -> _Found:
        """Return the entries of the table that begins here, and the block to go on with."""
        line = text[blocks[at].start : blocks[at].end]
        if len(line) > _MAX_HEADER or "。" in line:
            return [], at
        if is_box(line):
            end = drawn_end(blocks, at, text)
            return self._headed(boxed(blocks, at, end, text), text)[0], end
        if barred(blocks, at, text):
            return self._headed(between_bars(blocks, at, text), text)
        for mark in HEADS:
            first = mark.search(line)
            if not first or not (surely(mark) or self._rules.role(line[: first.start()])):
                continue
            names = [piece.text for piece in cut(line, 0, mark)]
            roles = self._rules.header(names) if _LEAST <= len(names) <= _MOST else []
            if not roles or not (surely(mark) or _strict(names, roles)):
                continue
            rows = lines(blocks, at + 1, text, len(roles), mark)
            out, end = self._take(rows, roles, text)
            if surely(mark) or len(out) >= _MIN_ROWS:
                return out, end
        return self._stack(blocks, at, text)

    def _headed(self, rows: Iterable[Row], text: str) -> _Found:
        """Read rows of which the first is the header."""
        rows = iter(rows)
        first = next(rows, None)
        if first is None or not _LEAST <= len(first.pieces) <= _MOST:
            return [], 0
        roles = self._rules.header([piece.text for piece in first.pieces])
        return self._take(rows, roles, text) if roles else ([], 0)

    def _stack(self, blocks: Sequence[Block], at: int, text: str) -> _Found:
        """Read cells that stand one a line below such a header."""
        names: list[str] = []
        roles: list[str] = []
        for block in blocks[at : at + _MOST]:
            name = text[block.start : block.end].strip(" |")
            titled = name.endswith(("：", ":")) or numbering(name)[0]
            role = "" if titled or width(name) > _MAX_NAME else self._rules.role(name)
            if not role or role in roles:
                break
            names.append(name)
            roles.append(role)
        roles = self._rules.header(names) if len(names) >= _LEAST else []
        if not _TOLD.intersection(roles):
            return [], at
        rows = stacked(
            blocks,
            at + len(roles),
            text,
            len(roles),
            piped=text[blocks[at].start : blocks[at].end].endswith("|"),
            linked=roles[-1] == "link",
        )
        return self._take(rows, roles, text, misfits=0)

    # rows ----------------------------------------------------------------------

    def _take(
        self, rows: Iterable[Row], roles: list[str], text: str, misfits: int = _MISFITS
    ) -> _Found:
        """Read rows until too many in a line look like none."""
        out: list[Entry] = []
        missed = end = 0
        for row in rows:
            entry = self._entry(roles, row, text)
            missed = 0 if entry else missed + 1
            if entry:
                out.append(entry)
                end = row.after
            elif missed > misfits:
                break
        return out, end

    def _entry(self, roles: list[str], row: Row, text: str) -> Entry | None:
        """Return the row as an entry, or nothing when it does not look like one."""
        keyed = sum(self._keyed(piece.text) for piece in row.pieces)
        if len(row.pieces) < _LEAST or keyed * 2 >= len(row.pieces):
            return None
        pieces = [piece for piece in row.pieces if piece.text]
        parts = [self._aligner.part(piece.text) for piece in pieces]
        columns = self._columns(roles, row, parts)
        if columns is None:
            return None
        entry = Entry()
        for column in sorted(set(columns)):
            role = roles[column]
            own = [p for p, c in zip(pieces, columns, strict=True) if c == column]
            if role:
                self._rules.put(entry, role, _joined(own, text))
        entry.touch(pieces[0].start, pieces[-1].end)
        name = entry.known or entry.fields.get("company", "")
        named = len(name) <= _LONG_NAME and not _SENTENCE.search(name)
        heads = _HEAD.search(entry.fields.get("data", ""))
        return entry if named and not heads and self._rules.usable(entry) else None

    def _columns(self, roles: list[str], row: Row, parts: Sequence[Part]) -> list[int] | None:
        """Return the columns of the parts, or nothing when too few show what they are."""
        if not parts or max(part.size for part in parts) > _LONG_CELL:
            return None
        columns = [n for n, piece in enumerate(row.pieces) if piece.text]
        whole = len(row.pieces) == len(roles)
        if not whole or sum(p.fits(roles[c]) for p, c in zip(parts, columns, strict=True)) <= 0:
            columns = self._aligner.columns(roles, parts, row.firm)
        placed = list(zip(parts, columns, strict=True))
        telling = sum(part.telling and part.fits(roles[column]) > 0 for part, column in placed)
        wide = len(set(columns)) * 2 >= len(roles)
        least = 1 if whole and row.firm == 1 else _TELLING
        return columns if telling >= least and wide else None

    def _keyed(self, text: str) -> bool:
        """Tell whether a part is `key：value`: such lines are read as keys and values."""
        key = _KEY.match(text)
        return bool(key and self._rules.role(key.group(1)))


def _strict(names: list[str], roles: list[str]) -> bool:
    """Tell column names from a sentence that was cut at its commas."""
    return all(roles[:-1]) and not any(_SPOKEN.search(name) for name in names)


def _joined(pieces: Sequence[Piece], text: str) -> str:
    """Return the parts of a cell with what stood between them."""
    told = pieces[0].text
    for before, piece in pairwise(pieces):
        told += text[before.end : piece.start] + piece.text
    return " ".join(told.split())

"""Lines of a table whose borders are lost, cut into the cells of its rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scanner.policy.blocks import Block

_MOST_PARTS = 60
_MAX_LINE = 3000
_HALF = 0.5
_LEAST = 3
_SPARE = 3
_BOX_LINE = re.compile(r"[\s\u2500-\u257f+|-]+\Z")
_BOX_BAR = re.compile("[\u2502\u2503\uff5c]")
_TAB = re.compile(r"\t")
_WIDE = re.compile(r"[ \u3000\u00a0]{2,}|\u3000+")
_COMMA = re.compile(",")
_ANY_COMMA = re.compile("[,，]")
_BLANK = re.compile(r"[ \u00a0]+")
_BAR = re.compile(r"^[ \t]*\|[ \t]*$", re.MULTILINE)
HEADS = (_BOX_BAR, _TAB, _WIDE, _BLANK, _ANY_COMMA)
"""What may stand between the column names of a header, the surest first."""
_MARKS = (_WIDE, _COMMA, _ANY_COMMA, _BLANK)
_FIRM = {_WIDE: 1.0, _COMMA: 0.6, _ANY_COMMA: 0.1, _BLANK: 0.0}
_REST = frozenset({"sdk", "id"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One cell or a part of one. Offsets are characters of the document."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """The parts of a row in order.

    `firm`: how surely they are whole cells (0 to 1); `after`: the block behind the row.
    """

    pieces: tuple[Piece, ...]
    firm: float
    after: int


def cut(line: str, start: int, mark: re.Pattern[str]) -> list[Piece]:
    """Cut a line at a mark; cells are trimmed, empty ones are kept."""
    out: list[Piece] = []
    begin = 0
    for stop, after in [*(found.span() for found in mark.finditer(line)), (len(line), 0)]:
        raw = line[begin:stop]
        left = begin + len(raw) - len(raw.lstrip())
        body = raw.strip()
        out.append(Piece(start + left, start + left + len(body), body))
        begin = after
    return out


def surely(mark: re.Pattern[str]) -> bool:
    """Tell whether a mark stands between cells only, so that an empty cell is seen."""
    return mark in {_BOX_BAR, _TAB}


def lines(
    blocks: Sequence[Block], at: int, text: str, columns: int, mark: re.Pattern[str]
) -> Iterator[Row]:
    """Yield one row a line. `mark` stood between the column names."""
    for number in range(at, len(blocks)):
        block = blocks[number]
        line = text[block.start : min(block.end, block.start + _MAX_LINE)]
        if surely(mark) and mark.search(line):
            pieces, firm = cut(line, block.start, mark), 1.0
        elif line.endswith("。"):
            pieces, firm = [], 1.0
        else:
            pieces, firm = _loose(line, block.start, columns, mark)
        yield Row(tuple(pieces), firm, number + 1)


def _loose(
    line: str, start: int, columns: int, first: re.Pattern[str]
) -> tuple[list[Piece], float]:
    """Cut a row at the first mark that gives about as many parts as there are columns."""
    for mark in (first, *_MARKS):
        parts = [part for part in cut(line, start, mark) if part.text]
        if max(_LEAST, columns - 2) <= len(parts) <= _MOST_PARTS:
            return _mended(parts), _FIRM.get(mark, 1.0)
    return [], 1.0


def _mended(parts: list[Piece]) -> list[Piece]:
    """Give `SDK` and `ID` back to the word that they were cut from."""
    out: list[Piece] = []
    for part in parts:
        if out and part.text.lower() in _REST:
            out[-1] = Piece(out[-1].start, part.end, f"{out[-1].text} {part.text}")
        else:
            out.append(part)
    return out


# drawn tables ------------------------------------------------------------------


def is_box(line: str) -> bool:
    """Tell whether a line is a row between drawn borders."""
    return len(_BOX_BAR.findall(line)) >= _LEAST


def _is_rule(line: str) -> bool:
    return bool(_BOX_LINE.match(line)) and not line.isspace()


def drawn_end(blocks: Sequence[Block], at: int, text: str) -> int:
    """Return the block behind the rows and borders of a drawn table."""
    for number in range(at, len(blocks)):
        line = text[blocks[number].start : blocks[number].end]
        if not (is_box(line) or _is_rule(line)):
            return number
    return len(blocks)


def boxed(blocks: Sequence[Block], at: int, end: int, text: str) -> Iterator[Row]:
    """Yield the rows of a drawn table; those of several lines lie between two borders."""
    drawn = [text[block.start : block.end] for block in blocks[at:end]]
    ruled = sum(map(_is_rule, drawn[1:-1])) >= _LEAST - 1
    row: list[list[Piece]] = []
    for number, line in enumerate(drawn, start=at):
        if row and (_is_rule(line) or not ruled):
            yield _united(row, number)
            row = []
        if not _is_rule(line):
            row.append(cut(line, blocks[number].start, _BOX_BAR)[1:-1])
    if row:
        yield _united(row, end)


def _united(row: list[list[Piece]], after: int) -> Row:
    """Return the columns of a row of several lines, each as one cell."""
    out = []
    for column in range(max(map(len, row))):
        own = [line[column] for line in row if column < len(line)]
        told = "".join(piece.text for piece in own)
        out.append(Piece(own[0].start, own[-1].end, told))
    return Row(tuple(out), 1.0, after)


# one cell a line ---------------------------------------------------------------


def barred(blocks: Sequence[Block], at: int, text: str) -> bool:
    """Tell whether a line with nothing but a bar stands behind a block."""
    last = at + 1 >= len(blocks)
    return not last and bool(_BAR.search(text[blocks[at].end : blocks[at + 1].start]))


def between_bars(blocks: Sequence[Block], at: int, text: str) -> Iterator[Row]:
    """Yield rows whose cells stand between lines of a bar; an empty line ends a row."""
    pieces: list[Piece] = []
    for number in range(at, len(blocks)):
        block = blocks[number]
        gap = text[blocks[number - 1].end : block.start] if pieces else ""
        own = Piece(block.start, block.end, text[block.start : block.end])
        if pieces and not _BAR.search(gap):
            if gap.count("\n") > 1:
                yield Row(tuple(pieces), 1.0, number)
                pieces = [own]
                continue
            before = pieces.pop()
            own = Piece(before.start, own.end, f"{before.text} {own.text}"[:_MAX_LINE])
        pieces.append(own)
        if len(pieces) > _MOST_PARTS:
            return
    if pieces:
        yield Row(tuple(pieces), 1.0, len(blocks))


def stacked(
    blocks: Sequence[Block], at: int, text: str, columns: int, *, piped: bool, linked: bool
) -> Iterator[Row]:
    """Yield rows of one cell a line.

    `piped`: every cell ends with a bar, so an empty one is seen; `linked`: a link ends a row.
    """
    linked = linked and not piped
    most = columns + (_SPARE if linked else 0)
    pieces: list[Piece] = []
    for number in range(at, len(blocks)):
        block = blocks[number]
        body = text[block.start : block.end].rstrip(" |")
        pieces.append(Piece(block.start, block.start + len(body), body))
        if piped and number + 1 < len(blocks):
            empty = len(_BAR.findall(text[block.end : blocks[number + 1].start]))
            pieces += [Piece(block.end, block.end, "")] * min(empty, columns)
        if len(pieces) >= most or (linked and body.startswith("http")):
            yield Row(tuple(pieces), _HALF, number + 1)
            pieces = []
    yield Row(tuple(pieces), _HALF, len(blocks))

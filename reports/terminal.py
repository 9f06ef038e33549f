"""Text for a terminal of 80 columns, in which a Chinese character takes two."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

WIDTH = 80
_WIDE = ("W", "F")
_PIECES = re.compile(r"[!-~]+ ?|.")
"""Where a line may be broken: after a Latin word or any other character."""


def printable(text: str) -> str:
    """Return `text` without control characters: what an app calls itself must not steer a
    terminal.
    """
    return "".join(c if unicodedata.category(c)[0] != "C" else "�" for c in text)


def columns(text: str) -> int:
    """Return the columns that `text` takes."""
    return sum(map(_columns, text))


def fit(line: str, width: int = WIDTH) -> str:
    """Cut a line that is wider than `width`."""
    if columns(line) <= width:
        return line
    used, kept = 0, []
    for char in line:
        used += _columns(char)
        if used > width - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"


def pad(text: str, width: int) -> str:
    """Fill with blanks up to `width` columns."""
    return text + " " * max(0, width - columns(text))


def flow(head: str, parts: Iterable[str], between: str) -> Iterator[str]:
    """Yield lines that hold `head` and all parts; later lines are indented by four more columns."""
    indent = " " * (len(head) - len(head.lstrip()) + 4)
    line, joint = head, ""
    for part in parts:
        if columns(line + joint + part + between.rstrip()) > WIDTH and line.strip():
            yield fit((line + joint).rstrip())
            line, joint = indent, ""
        line, joint = line + joint + part, between
    yield fit(line)


def wrapped(head: str, text: str) -> Iterator[str]:
    """Yield lines that hold `head` and the whole of `text`."""
    yield from flow(head, _PIECES.findall(text), "")


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in _WIDE else 1

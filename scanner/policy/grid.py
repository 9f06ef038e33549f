"""The cells of a grid: their text, and spans filled in."""

import re
from collections.abc import Sequence

from scanner.policy.blocks import Cell

_MAX_CELL = 2000
_MAX_COLUMNS = 40
_TAG = re.compile(r"<[^>]{0,500}>")


def value(cell: Cell, text: str) -> str:
    """Return the words of a cell without mark-up."""
    raw = text[cell.start : min(cell.end, cell.start + _MAX_CELL)]
    if "<" in raw:
        raw = _TAG.sub(" ", raw)
    return " ".join(raw.replace("**", "").replace("&nbsp;", " ").split())


def expand(grid: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Repeat cells over their row and column spans."""
    out: list[list[Cell]] = []
    carried: dict[int, tuple[Cell, int]] = {}
    for row in grid:
        line: list[Cell] = []
        cells = list(row)
        while (cells or len(line) in carried) and len(line) < _MAX_COLUMNS:
            column = len(line)
            if column in carried:
                cell, left = carried.pop(column)
                if left > 1:
                    carried[column] = (cell, left - 1)
                line.append(cell)
                continue
            cell = cells.pop(0)
            for _ in range(cell.columns):
                if cell.rows > 1:
                    carried[len(line)] = (cell, cell.rows - 1)
                line.append(cell)
        out.append(line)
    return out

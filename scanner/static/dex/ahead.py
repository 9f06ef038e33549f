"""Instruction boundaries found before the ids of the files are united: beside that work.

Which methods count is known only afterwards (a class may be defined twice), so what was found ahead
is used only where it is about the very same code items.
"""

from collections.abc import Iterable

import msgspec
import numpy as np

from scanner.static.dex.arrays import I64, U16, unique
from scanner.static.dex.classdata import read_members
from scanner.static.dex.header import Tables, read_tables
from scanner.static.dex.losses import Losses
from scanner.static.dex.sweep import CodeItems, Sweep, read_code_items, sweep, units_of


class Ahead(msgspec.Struct, frozen=True, eq=False):
    """The sweep of one dex file, and the code items (first unit, units) that it is about."""

    start: I64
    units: I64
    sweep: Sweep

    def fits(self, items: CodeItems) -> bool:
        """Tell whether this is the sweep of these items."""
        return np.array_equal(self.start, items.start) and np.array_equal(self.units, items.units)


def sweep_ahead(files: Iterable[tuple[str, bytes]]) -> list[Ahead]:
    """Return the sweeps of all dex files, in the order of their tables."""
    ignored = Losses()
    return [_ahead(table, ignored) for file in files for table in read_tables(*file, ignored)]


def swept(ahead: Ahead | None, units: U16, items: CodeItems) -> Sweep:
    """Return the sweep of some code items, as found ahead or now."""
    return ahead.sweep if ahead is not None and ahead.fits(items) else sweep(units, items)


def _ahead(tables: Tables, losses: Losses) -> Ahead:
    code = read_members(tables, losses)[1].code
    first, _ = unique(code)
    offsets = code[first]
    units = units_of(tables.data)
    items, _ = read_code_items(tables.name, units, offsets[offsets > 0], losses)
    return Ahead(items.start, items.units, sweep(units, items))

"""Code that starts a component of another app: of one whose package is written in the code, or of
apps that it finds on the device at run time.

The app's own package and those of the system are left out, and so are screens that open after a
tap (payment, sharing, maps): what counts are services, broadcasts, and screens that open unasked.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np

from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.code_rules import Calls
from scanner.static.dex.arrays import Bool
from scanner.static.dex.instructions import Instruction
from scanner.static.members import meanings
from scanner.static.named_links import callers, named

_FIELD_GETS = range(0x52, 0x59)
_STRINGS = (0x1A, 0x1B)
_STATIC_CALLS = (0x71, 0x77)
_MOST_CALLERS = 50
_MOST_NAMINGS = 10_000
"""Real apps have some hundreds."""
_SHOWN = 3


def find_other_apps(code: Code) -> Iterator[Behaviour]:
    """Yield the places that name another app, in methods that start something."""
    starts = _Starts(code)
    for naming in starts.namings:
        yield from _written(starts, naming)
        yield from _found(starts, naming)


class _Naming(NamedTuple):
    """A call that names a package, in a method that starts something nobody asked for; with what
    makes the package: there, or in the callers (method row, offset, instruction) that hand it over.
    """

    row: int
    offset: int
    given: tuple[tuple[int, int, Instruction], ...]


class _Starts:
    """Which methods name packages and start something, and what else they do."""

    def __init__(self, code: Code) -> None:
        self.code, self.rules = code, code.rules.other_apps

    @cached_property
    def namings(self) -> list[_Naming]:
        """Return the calls that name a package where something is started."""
        code, index = self.code, self.code.index
        found = []
        sites = code.sites(index.invokes, self._meaning(self.rules.named_by))
        for _, row, offset, at in islice(sites, _MOST_NAMINGS):
            if not code.owners.is_library(int(index.defs.cls[row])):
                given = tuple(one for one in self._given(row, offset, at) if self._tells(one[2]))
                if given and self._starts(row):  # asked last: it looks through all calls
                    found.append(_Naming(row, offset, given))
        return found

    def _tells(self, made: Instruction) -> bool:
        """Tell whether what makes a package is a constant, or an answer of the system."""
        return bool(self.written(made)) or self.is_read(made)

    def written(self, made: Instruction) -> str:
        """Return a constant package of another app, empty when it is none."""
        if made.opcode not in _STRINGS or made.ref < 0:
            return ""
        text = self.code.index.string(made.ref)
        return (
            text if "." in text and text != self.code.package and not self.of_system(text) else ""
        )

    def is_read(self, made: Instruction) -> bool:
        """Tell whether an instruction reads a package from what the system says of an app."""
        if made.opcode not in _FIELD_GETS or made.ref < 0:
            return False
        cls, name, _ = self.code.index.field_parts(made.ref)
        return name == self.rules.info_field and cls in self.rules.infos

    def _meaning(self, calls: tuple[Calls, ...]) -> list[int]:
        members = [(one.cls, one.names, "") for one in calls]
        means = meanings(self.code.index, self.code.hierarchy, members)
        ids: list[int] = np.flatnonzero(means[""]).tolist()
        return ids

    def _starts(self, row: int) -> bool:
        """Tell a method that starts something nobody asked for."""
        if self._background[row]:
            return True
        return bool(self._screens[row] and self.code.reach.of(row).before_consent)

    @cached_property
    def _background(self) -> Bool:
        return callers(self.code.index, named(self.code.index, self.rules.background))

    @cached_property
    def _screens(self) -> Bool:
        return callers(self.code.index, named(self.code.index, self.rules.screens))

    def _given(self, row: int, offset: int, at: int) -> Iterator[tuple[int, int, Instruction]]:
        """Yield (method row, offset, what makes the package), in the method or in its callers."""
        code = self.code
        first = 0 if code.index.opcode[at] in _STATIC_CALLS else 1
        made = code.constants.origin(row, at, first)
        if made is not None:
            yield row, offset, made
            return
        place = code.constants.parameter(row, at, first)
        method = int(code.index.defs.method[row])
        sites = code.sites(code.index.invokes, (method,) if place is not None else ())
        for _, caller, where, call in islice(sites, _MOST_CALLERS):
            handed = code.constants.origin(caller, call, place or 0)
            if handed is not None:
                yield caller, where, handed

    # what code looks for on the device

    @cached_property
    def _asking(self) -> Bool:
        """Return a mark per method row: it asks which apps are there."""
        marks = np.zeros(len(self.code.index.ids.methods.cls), np.bool_)
        marks[self._meaning(self.rules.asked_by)] = True
        return callers(self.code.index, marks)

    def asking(self, rows: list[int]) -> list[int]:
        """Return those of some methods, and of what they call, that ask which apps are there."""
        index, found = self.code.index, list[int]()
        for row in rows:
            owner = index.invokes.owner
            start, end = np.searchsorted(owner, np.array((row, row + 1), owner.dtype)).tolist()
            called = index.def_of_method[index.invokes.id[start:end]]
            found += [row, *called[called >= 0].tolist()]
        return [row for row in dict.fromkeys(found) if self._asking[row]]

    @cached_property
    def _actions(self) -> dict[int, set[str]]:
        """Return method row -> constant actions of intents, those of the system left out."""
        code, found = self.code, dict[int, set[str]]()
        for _, row, _, at in code.sites(code.index.invokes, self._meaning(self.rules.actions)):
            given = code.constants.argument(row, at, 0)
            text = (
                code.index.string(given.string) if given is not None and given.string >= 0 else ""
            )
            if "." in text and not self.of_system(text):
                found.setdefault(row, set()).add(text)
        return found

    def actions(self, rows: list[int]) -> list[str]:
        """Return the actions that some methods name, sorted."""
        return sorted({text for row in rows for text in self._actions.get(row, ())})

    def of_system(self, name: str) -> bool:
        """Tell a package or an action of the platform or of the makers of phones."""
        return f"{name}.".startswith(tuple(f"{one}." for one in self.rules.system))


def _written(starts: _Starts, naming: _Naming) -> Iterator[Behaviour]:
    """Yield what is started by a package that stands in the code."""
    for row, offset, made in naming.given:
        text = starts.written(made)
        if text:
            yield _behaviour(starts.code, "starts-other-app", row, offset, text)


def _found(starts: _Starts, naming: _Naming) -> Iterator[Behaviour]:
    """Yield what is started by a package that was read from what the system says about other apps;
    the action tells which apps these are.
    """
    rows = [row for row, _, made in naming.given if starts.is_read(made)]
    asking = starts.asking([naming.row, *rows]) if rows else []
    actions = starts.actions([naming.row, *rows, *asking]) if asking else []
    if actions:
        detail = ", ".join(actions[:_SHOWN])
        yield _behaviour(starts.code, "starts-found-app", naming.row, naming.offset, detail)


def _behaviour(code: Code, kind: str, row: int, offset: int, detail: str) -> Behaviour:
    return Behaviour(
        kind=kind,
        place=code.names.place(row, offset),
        detail=detail,
        actor=code.actor(row),
        reach=code.reach.of(row),
    )

"""Where code calls or overrides what the tricks to stay alive are made of, looked up once."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from profiles.once import Once
from scanner.model.common import Confidence
from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.code_rules import CallWith, CodeRules
from scanner.static.dex.arrays import Bool
from scanner.static.members import MemberTable, Wanted, Wishes
from scanner.static.named_links import callers


class _Wanted(NamedTuple):
    calls: Wishes[str]
    given: Wishes[tuple[str, CallWith]]
    overrides: Wishes[str]


def _make_wanted(rules: CodeRules) -> _Wanted:
    table = rules.keep_alive
    calls = {
        "foreground": table.foreground,
        "foreground-ends": table.foreground_ends,
        "accounts": table.accounts,
        "sync-switches": table.sync_switches,
        "timers": table.timers,
    }
    given = {"pixel": table.pixel_calls, "loops": table.loops, "silent": table.silent}
    overrides = {"syncs": table.syncs, "ends": table.ends}
    return _Wanted(
        Wishes(
            Wanted(c.cls, n, (), tag) for tag, all_ in calls.items() for c in all_ for n in c.names
        ),
        Wishes(
            Wanted(c.cls, n, c.descriptors, (tag, c))
            for tag, every in given.items()
            for c in every
            for n in c.names
        ),
        Wishes(
            Wanted(c.cls, n, (), tag)
            for tag, all_ in overrides.items()
            for c in all_
            for n in c.names
        ),
    )


_wanted = Once(_make_wanted)


class TrickCalls:
    """The calls and overrides of one app, by the name of their entry in the table."""

    def __init__(self, code: Code) -> None:
        """Keep the code."""
        self.code = code

    @cached_property
    def _ids(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        table = MemberTable(self.code.index, self.code.hierarchy, _wanted(self.code.rules).calls)
        for match in table.methods(self.code.index.called):
            found.setdefault(match.tag, []).append(match.ref)
        return found

    def ids(self, entry: str) -> list[int]:
        """Return the ids of the methods of an entry that are called."""
        return self._ids.get(entry, [])

    def calling(self, entry: str) -> Bool:
        """Return a mark per method row: it calls a method of an entry."""
        return self.callers(self.ids(entry))

    def callers(self, ids: list[int]) -> Bool:
        """Return a mark per method row: it calls one of some methods."""
        hits = np.zeros(len(self.code.index.ids.methods.cls), np.bool_)
        hits[ids] = True
        return callers(self.code.index, hits)

    @cached_property
    def _overrides(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        table = MemberTable(
            self.code.index, self.code.hierarchy, _wanted(self.code.rules).overrides
        )
        for match in table.overrides():
            found.setdefault(match.tag, []).append(match.ref)
        return found

    def overrides(self, entry: str) -> list[int]:
        """Return the method rows that override a method of an entry."""
        return self._overrides.get(entry, [])

    @cached_property
    def _given(self) -> dict[str, list[tuple[int, int]]]:
        found: dict[str, list[tuple[int, int]]] = {}
        for entry, row, offset in self._calls_with():
            found.setdefault(entry, []).append((row, offset))
        return found

    def given(self, entry: str) -> list[tuple[int, int]]:
        """Return (method row, offset) of calls outside libraries that are given the constants of an
        entry.
        """
        return self._given.get(entry, [])

    def _calls_with(self) -> Iterator[tuple[str, int, int]]:
        code, constants = self.code, self.code.constants
        table = MemberTable(code.index, code.hierarchy, _wanted(code.rules).given)
        tags = {match.ref: match.tag for match in table.methods(code.index.called)}
        for ref, row, offset, at in code.sites(code.index.invokes, tags):
            if self.in_library(row):
                continue
            entry, wanted = tags[ref]
            values = {number: constants.argument(row, at, number) for number in wanted.given}
            if all(v is not None and v.number == wanted.given[n] for n, v in values.items()):
                yield entry, row, offset

    def in_library(self, row: int) -> bool:
        """Tell whether a method is one of an open-source library."""
        return self.code.owners.is_library(int(self.code.index.defs.cls[row]))

    def file(self, row: int) -> str:
        """Return the outermost class of a method row: what stands in one source file."""
        return self.code.names.classes[int(self.code.index.defs.cls[row])].partition("$")[0]

    def own_callees(self, row: int) -> list[int]:
        """Return the methods of its own class that a method calls."""
        index = self.code.index
        called = index.def_of_method[index.invokes.id[index.invokes.inside(row)]]
        called = called[called >= 0]
        inside: list[int] = called[index.defs.cls[called] == index.defs.cls[row]].tolist()
        return inside

    def trick(
        self, name: str, row: int, offset: int = -1, *, sure: Confidence = "firm"
    ) -> Behaviour:
        """Return a means to stay alive at a place; `name` begins with the name of the trick."""
        return Behaviour(
            kind="keep-alive",
            place=self.code.names.place(row, offset),
            detail=name,
            actor=self.code.actor(row),
            reach=self.code.reach.of(row),
            confidence=sure,
        )

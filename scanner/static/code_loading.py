"""Code that is loaded at run time: where it comes from, and that it was not examined."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.common import APP, Gap
from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.dex.arrays import I32, I64, Bool
from scanner.static.members import meanings
from scanner.static.named_links import callers

_LIMITED = (
    "static.calls",
    "static.flows",
    "static.permissions.used_by",
    "static.sdks",
    "static.behaviours",
    "static.bridges",
)
_ITSELF = Text(zh="应用自身", en="the app itself")


class LoadingSources:
    """Tells where the code comes from that a method loads."""

    def __init__(self, code: Code) -> None:
        """Keep the code; what its methods call is looked at when the first one asks."""
        self._code = code

    def of(self, row: int) -> tuple[str, ...]:
        """Return the sources that the method, its callers, and what it calls in its own class
        show, in the order of the table; empty when none does.
        """
        near = self._near(row)
        return tuple(
            rule.source
            for rule in self._code.rules.loading_sources
            if self._calling[rule.source][near].any() or self._starts(row, rule.starts)
        )

    @cached_property
    def _calling(self) -> dict[str, Bool]:
        """Return source -> mark per method row: it calls one of the source's methods."""
        index, rules = self._code.index, self._code.rules.loading_sources
        members = [(one.cls, one.names, rule.source) for rule in rules for one in rule.calls]
        means = meanings(index, self._code.hierarchy, members)
        return {rule.source: callers(index, means[rule.source]) for rule in rules}

    @cached_property
    def _called(self) -> tuple[I32, I32, I64]:
        """Return the method row that each call resolves to, the same sorted, and the order."""
        called = self._code.hierarchy.resolved[self._code.index.invokes.id]
        order = np.argsort(called, kind="stable")
        return called, called[order], order

    def _near(self, row: int) -> list[int]:
        index, (called, sorted_, order) = self._code.index, self._called
        inside = called[index.invokes.inside(row)]
        inside = inside[inside >= 0]
        inside = inside[index.defs.cls[inside] == index.defs.cls[row]]
        first, last = np.searchsorted(sorted_, (row, row + 1)).tolist()
        return [row, *inside.tolist(), *index.invokes.owner[order[first:last]].tolist()]

    def _starts(self, row: int, starts: tuple[str, ...]) -> bool:
        index = self._code.index
        strings = index.const_strings
        here = strings.id[strings.inside(row)].tolist()
        return bool(starts) and any(index.string(number).startswith(starts) for number in here)


def loading_gaps(
    know: Knowledge, behaviours: Iterable[Behaviour], *, files_read: bool
) -> tuple[Gap, ...]:
    """Return one gap when code runs that could not be read: what was not found in the package may
    be in that code.

    What an SDK loads is most likely the SDK's; what the app itself loads, or a framework for hot
    updates, may hold any of its functions, so that nothing is for sure unused any more.
    """
    found = [b for b in behaviours if b.unread(files_read=files_read)]
    if not found:
        return ()
    names = [_name(know, who) for who in sorted({_who(b) for b in found})]
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    own = any(b.actor not in know.sdks or b.kind == "hot-update" for b in found)
    return (
        Gap(
            part="static",
            code="code-loaded-at-run-time",
            detail=Text(
                zh=f"运行时加载的代码（{zh}）不在已检查的范围内，代码中没有找到不等于运行时没有",
                en=f"Code loaded at run time ({en}) was not examined: what the package's code does"
                " not show may be there",
            ),
            limits=_LIMITED,
            weakens=_LIMITED if own else (),
            count=len(found),
        ),
    )


def _who(fact: Behaviour) -> str:
    return fact.detail if fact.kind == "hot-update" else fact.actor


def _name(know: Knowledge, actor: str) -> Text:
    sdk = know.sdks.get(actor)
    if sdk is not None:
        return sdk.name
    return _ITSELF if actor == APP else Text(zh=actor, en=actor)

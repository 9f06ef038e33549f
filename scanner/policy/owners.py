"""Whose the statements in and between the rows of a list of third parties are."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from scanner.model.policy import SdkRow, Statement

_OURS = re.compile("(?:我们|我行|我司)(?:会|将|可能|需|收集|获取|读取)")
"""In a row that tells of us, we act."""
_SLACK = 2
"""A mark may stand behind the last word of a row."""
_BETWEEN = 400
"""What stands between two rows of a list goes on with the first for so many characters at most."""
_GOES_ON = re.compile("(?:可能|还|也)?(?:需要?|会|将)(?:要)?(?:获取|收集|采集|读取|访问)(?!我们)")
"""How a sentence goes on with the third party that was told of before: nobody is named."""
_HANDLED = frozenset({"collect", "use", "store"})
_THIRD = "third_party"


@dataclass(frozen=True, slots=True)
class _Owner:
    """A row: its span and whose it is."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Between:
    """Places of lines that may stand between the rows of a list, in order.

    `reasons` announce why the third parties want permissions; `items` open an item of the list.
    """

    reasons: Sequence[int] = ()
    items: Sequence[int] = ()


def of_rows(
    said: Sequence[Statement], rows: Sequence[SdkRow], between: Between | None = None
) -> list[Statement]:
    """Return statements with the third party as the actor of what stands in its list row.

    What stands between two rows is the first one's when it names nobody and is no item by itself,
    and the third parties' below a line that announces the reasons of their permissions.
    """
    owners = [_Owner(r.place.start, r.place.end, r.sdk or f"name:{r.name}") for r in rows]
    starts = [owner.start for owner in owners]
    return [_owned(statement, owners, starts, between or Between()) for statement in said]


def _owned(
    statement: Statement, owners: list[_Owner], starts: list[int], lines: Between
) -> Statement:
    place = bisect_right(starts, statement.start) - 1
    if place < 0 or _OURS.search(statement.quote):
        return statement
    owner = owners[place]
    between = place + 1 < len(owners) and statement.start - owner.end <= _BETWEEN
    announced = between and _last(lines.reasons, statement.start) >= owner.start
    if statement.end <= owner.end + _SLACK and not announced:
        return msgspec.structs.replace(statement, actor=owner.name, action="collect")
    told = statement.actor == "app" and statement.polarity == "positive"
    if not (told and between and statement.action in _HANDLED):
        return statement
    if announced:
        return msgspec.structs.replace(statement, actor=_THIRD, action="collect")
    if _last(lines.items, statement.start) < owner.end and _GOES_ON.match(statement.quote):
        return msgspec.structs.replace(statement, actor=owner.name, action="collect")
    return statement


def _last(places: Sequence[int], end: int) -> int:
    """Return the last of these places up to an offset, or -1."""
    found = bisect_right(places, end) - 1
    return places[found] if found >= 0 else -1

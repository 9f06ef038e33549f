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
_GOES_ON = re.compile(
    "(?:[在当][^，。；我]{2,30}时，?)?(?:可能|还|也)?(?:需要?|会|将)(?:要)?"
    "(?:(?:获取|收集|采集|读取|访问)(?!我们)|使用您)"
)
"""How a sentence goes on with the third party that was told of before: nobody is named."""
_HANDLED = frozenset({"collect", "use", "store"})


@dataclass(frozen=True, slots=True)
class _Owner:
    """A row: its span and whose it is."""

    start: int
    end: int
    name: str


def of_rows(
    said: Sequence[Statement], rows: Sequence[SdkRow], items: Sequence[int] = ()
) -> list[Statement]:
    """Return statements with the third party as the actor of what stands in its list row.

    What stands between two rows is the first one's when it names nobody and no item of the list
    opens there (`items`: their places, in order).
    """
    owners = [_Owner(r.place.start, r.place.end, r.sdk or f"name:{r.name}") for r in rows]
    starts = [owner.start for owner in owners]
    return [_owned(statement, owners, starts, items) for statement in said]


def _owned(
    statement: Statement, owners: list[_Owner], starts: list[int], items: Sequence[int]
) -> Statement:
    place = bisect_right(starts, statement.start) - 1
    if place < 0 or _OURS.search(statement.quote):
        return statement
    owner = owners[place]
    inside = statement.end <= owner.end + _SLACK
    if inside or (place + 1 < len(owners) and _goes_on(statement, owner, items)):
        return msgspec.structs.replace(statement, actor=owner.name, action="collect")
    return statement


def _goes_on(statement: Statement, owner: _Owner, items: Sequence[int]) -> bool:
    """Tell what is said behind a row of its third party: nobody is named and nothing opens."""
    told = statement.actor == "app" and statement.polarity == "positive"
    near = statement.start - owner.end <= _BETWEEN and statement.action in _HANDLED
    if not (told and near and _GOES_ON.match(statement.quote)):
        return False
    opened = bisect_right(items, statement.start) - 1
    return opened < 0 or items[opened] < owner.end

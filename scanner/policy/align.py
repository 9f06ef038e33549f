"""The parts of a row whose cell borders are lost, put under the columns of its header."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scanner.policy.normal import Normal
from scanner.policy.words import Vocabulary

SECOND = "2:"
"""Marks the role of a column that repeats one before it."""
_SHORT = 20
_LONG = 40
_MANY = 2
_JOIN = {"data": 0.1, "permissions": 0.1, "purpose": 0.3, "scene": 0.3}
_JOINED = 0.5
_SKIP = {"name": 3.0, "": 0.1}
_SKIPPED = 0.8
_URL = re.compile(r"https?[:：]//|^www\.")
_PAGE = re.compile("隐私|政策|协议|声明|官网|链接")
_AIM = re.compile(
    "^(?:用于|用来|为|提供|实现|帮助|支持|保障|完成|进行|向|使用.{0,12}时)"
    "|(?:^|，)(?:便于|以便)|为(?:用户|您)提供"
)


@dataclass(frozen=True, slots=True)
class PartRules:
    """Patterns of `tables/policy_sdk.yaml` by which a part is known for what it is."""

    company: re.Pattern[str]
    body: re.Pattern[str]
    way: re.Pattern[str]
    thing: re.Pattern[str]
    none: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Part:
    """What is seen of one part of a row."""

    url: bool
    company: bool
    body: bool
    way: bool
    sdk: bool
    thing: bool
    data: int
    told: bool
    permission: bool
    aim: bool
    page: bool
    size: int

    @property
    def telling(self) -> bool:
        """Tell whether the part shows by itself what it is."""
        return self.url or self.company or self.way or self.sdk or self.permission or self.data > 0

    def fits(self, role: str) -> float:
        """Return how well the part stands in a column: above 0 speaks for it."""
        if self.url:
            return 4.0 if role == "link" else -3.0
        judge = _FITS.get(role.removeprefix(SECOND))
        return judge(self) if judge else 0.0

    def as_name(self) -> float:
        """Return how well it names a third party."""
        if self.company or self.way or self.data >= _MANY or self.size > _LONG:
            return -1.0
        if self.sdk or self.thing:
            return 2.0 if self.sdk else 1.5
        return -0.5 if self.size > _SHORT or self.data else 0.5

    def as_company(self) -> float:
        """Return how well it names a company."""
        if self.company:
            return 4.0
        if self.body:
            return 2.0
        return -0.2 if self.size <= _SHORT and not self.sdk and not self.data else -2.0

    def as_data(self) -> float:
        """Return how well it lists data."""
        if self.company or self.way:
            return -2.0
        if self.data:
            return 2.0 if self.data >= _MANY or not self.aim else 0.5
        return 1.0 if self.told else -0.5

    def as_purpose(self) -> float:
        """Return how well it tells an aim."""
        if self.company or self.way:
            return -1.5
        return 1.5 if self.aim else (-1.0 if self.data >= _MANY else 0.3)


_FITS: dict[str, Callable[[Part], float]] = {
    "name": Part.as_name,
    "company": Part.as_company,
    "data": Part.as_data,
    "purpose": Part.as_purpose,
    "scene": Part.as_purpose,
    "method": lambda p: 3.0 if p.way else -1.0,
    "permissions": lambda p: 2.5 if p.permission else -1.0,
    "link": lambda p: 1.0 if p.page and p.size <= _SHORT else -2.0,
}


class Aligner:
    """Finds the likeliest columns of a row's parts; both keep their order."""

    def __init__(self, words: Vocabulary, rules: PartRules) -> None:
        """Keep the lexicon and the patterns."""
        self._words = words
        self._rules = rules

    def part(self, text: str) -> Part:
        """Look at one part."""
        plain = Normal(text).text.strip()
        way = bool(self._rules.way.search(plain)) and len(plain) <= _LONG
        found = self._words.terms.find(plain)
        return Part(
            url=bool(_URL.search(plain)),
            company=bool(self._rules.company.search(plain)),
            body=bool(self._rules.body.search(plain)) and len(plain) <= _LONG,
            way=way,
            sdk="sdk" in plain and not way and len(plain) <= _LONG,
            thing=bool(self._rules.thing.search(plain)),
            data=sum(bool(kind) for _, _, kind, _ in found),
            told="信息" in plain or bool(self._rules.none.match(plain)),
            permission="权限" in plain,
            aim=bool(_AIM.search(plain)),
            page=bool(_PAGE.search(plain)),
            size=len(plain),
        )

    def columns(self, roles: Sequence[str], parts: Sequence[Part], firm: float = 1.0) -> list[int]:
        """Return the column of each part: the best of all ways that keep the order.

        `firm` (0 to 1): how surely the mark at which the row was cut stands between cells.
        """
        joins = [firm + (1 - firm) * _JOIN.get(role, _JOINED) for role in roles]
        skips = [_SKIP.get(role, _SKIPPED) for role in roles]
        best = [parts[0].fits(role) - sum(skips[:c]) for c, role in enumerate(roles)]
        steps: list[list[int]] = []
        for part in parts[1:]:
            reach, came = _step(best, skips, joins)
            steps.append(came)
            best = [score + part.fits(role) for score, role in zip(reach, roles, strict=True)]
        ends = [score - sum(skips[c + 1 :]) for c, score in enumerate(best)]
        column = max(range(len(roles)), key=ends.__getitem__)
        out = [column]
        for came in reversed(steps):
            column = came[column]
            out.append(column)
        return out[::-1]


def _step(
    best: Sequence[float], skips: Sequence[float], joins: Sequence[float]
) -> tuple[list[float], list[int]]:
    """Return the best score with which each column is reached, and from which column."""
    reach: list[float] = []
    came: list[int] = []
    for column, join in enumerate(joins):
        score, source = best[column] - join, column
        between = 0.0
        for before in range(column - 1, -1, -1):
            if best[before] - between > score:
                score, source = best[before] - between, before
            between += skips[before]
        reach.append(score)
        came.append(source)
    return reach, came

"""Who is meant: "this SDK", or the SDK that a line above named."""

import re

from scanner.policy.clauses import Reading
from scanner.policy.reader import Line
from scanner.policy.resolve import Resolver
from scanner.policy.sdk_items import bare

_APP = "app"
_THIRD = "third_party"
_SDK = "sdk"
_OTHERS = "第三方"
_COMPANY = re.compile("公(?:司，|，司，|司提供|司”提供)")
_BACK = ("该sdk", "此sdk", "上述sdk")
_CARRIED = 4
"""An SDK that was named is meant by "this SDK" in this many sentences, its own included."""
_OWNED = 14
"""So many lines below its name are an SDK's own at most."""
_NEXT = 2
"""A list that was cut goes on in the next line."""
_WIDE = frozenset({1, 2})
_NAMES_ONE = re.compile(
    r"[^，。；：]{0,40}sdk(?:（[^）]{0,40}）)?(?:$|，(?:来源|由|[^，。；]{2,30}公司))"
    r"|[^。]{0,60}(?:，sdk，|(?:该|此)类?sdk由)|[^，。；：]{2,24}，[^，。；：]{4,30}公司，"
    r"|[^，。；：]{2,24}，(?:[^，。；：]{2,24}，){0,2}[^，。；：]{0,24}(?:有，?)?限，?公，?司，"
    r"|[^，。；]{2,40}：由[“]?[^，。；]{4,40}公司[”]?提供"
)
"""A line that only names: "3.某某SDK", "某某SDK，来源于某某", "某某，某某有限公司，…"."""
_ROW = re.compile(
    r"((?:(?!集成|接入|使用|我们|我的|会|将)[^，。；：]){2,24}sdk(?:（[^）]{0,24}）)?)，"
    r"(?!为|用于|由|来源|该|此|我|您|以)(?:(?!会|将|我们)[^，。；：]){2,40}，[^。]{2}"
)
"""A row of a table whose cells stand between commas: the name, what it is, what it is for."""
_THEIRS = re.compile(
    r"(?:这些|此类|该等|该类)(?:功能|插件|按钮|工具|应用|网站|服务)(?:可能)?(?:会|将)?(?:收集|获取|记录)"
)
"""What links and buttons of others do, in a part that tells of others."""
_LISTS = re.compile(
    r"(?:(?:此|该)类|上述|第三方)[^，。；：]{0,6}sdk[^，。；：]{0,8}(?:收集|获取)[^，。；：]{0,12}"
    r"(?:包括|如下|有)：[^。]*；$"
)
"""A line that begins to list what such SDKs collect, and goes on in the next line."""
_PEOPLE = re.compile("我们|您|我[行司方]|本(?:应用|公司|软件|平台|产品|app)")


class Names:
    """Who "the SDK" of a clause is: named in it, or "this SDK" after one was named just before.

    A line that only names an SDK owns the lines below that name nobody: a list without a table.
    """

    def __init__(self, resolver: Resolver | None) -> None:
        """Keep the catalogue's names."""
        self._resolver = resolver
        self._last = ""
        self._path: tuple[str, ...] = ()
        self._left = 0
        self._owner = ""
        self._owned = 0
        self._row = ""
        self._cut = False
        self._of_others = False

    def hear(self, line: Line) -> None:
        """Remember the one SDK that a sentence names; two of them, or another section, are none."""
        self._left -= 1
        if line.block.path != self._path or self._left <= 0:
            self._last, self._path = "", line.block.path
        found: set[str] = set()
        self._row = ""
        text, path = line.text, line.block.path
        if self._resolver and _SDK in text:
            found = self._resolver.in_prose(text)
            self._row = self._of_row(line)
            if found:
                self._last, self._left = (min(found) if len(found) == 1 else ""), _CARRIED
        self._of_others = bool(path) and _OTHERS in path[-1]
        self._hear_owner(line, found)

    def _of_row(self, line: Line) -> str:
        """Return whose a row with commas between its cells is, by the name in its first cell."""
        cell = _ROW.match(line.text)
        if not cell or self._resolver is None:
            return ""
        first, last = line.normal.back(cell.start(1)), line.normal.back_end(cell.end(1))
        name = line.quote(line.start + first, line.start + last)
        return self._resolver.exactly(name) or f"name:{bare(name)}"

    def _hear_owner(self, line: Line, found: set[str]) -> None:
        """Begin, keep or end the passage of the SDK that a line by itself names."""
        self._owned -= 1
        self._cut = self._cut and self._owned > 0
        wide = line.block.kind == "heading" and line.block.level in _WIDE
        text = line.text
        may = _SDK in text or bool(_COMPANY.search(text))
        if not (may or wide or self._owned > 0):
            return
        people = _PEOPLE.search(text)
        if may and not people and _NAMES_ONE.match(text):
            self._owner, self._owned = (min(found) if len(found) == 1 else ""), _OWNED
        elif may and _LISTS.search(text):
            self._owner, self._owned, self._cut = "", _NEXT, True
        elif wide or (people and not self._cut):
            self._owned = 0

    def owns(self, reading: Reading, text: str, clause: str) -> bool:
        """Tell a statement without an actor of its own that stands below the name of an SDK.

        Nobody else may be named in its sentence, or in its clause where a list goes on.
        """
        if self._owned <= 0 or reading.actor != _APP or reading.polarity != "positive":
            return False
        told = clause if self._cut else text
        return reading.action in {"collect", "use"} and not _PEOPLE.search(told)

    def owner(self) -> str:
        """Return whose the lines below are: the SDK by its id as long as no other may be meant."""
        return self._owner if self._owner and self._owned > _OWNED - _CARRIED else _THIRD

    def actor(self, actor: str, clause: str) -> str:
        """Return the SDK's id where a clause about a third party names it, else the actor."""
        if actor == _THIRD and self._row:
            return self._row
        if actor == _APP and self._of_others and _THEIRS.match(clause):
            return _THIRD
        if actor != _THIRD or self._resolver is None or _SDK not in clause:
            return actor
        found = self._resolver.in_prose(clause)
        if len(found) == 1:
            return min(found)
        back = any(word in clause for word in _BACK)
        return self._last if back and not found and self._last else actor

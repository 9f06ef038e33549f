"""Lists of what is not done ("we collect none of the following", or a heading that says so), and
of measures that protect data.
"""

import re

from scanner.model.policy import Action
from scanner.policy.found import Sentence
from scanner.policy.negation import Negation
from scanner.policy.normal import Normal
from scanner.policy.reader import Line

_HEADING = re.compile(
    "(?:不会?|未|从不|绝不|无需|不需要)(?:主动)?(?:收集|获取|采集|读取|上传|使用|申请|记录)"
    "(?:的|哪些|什么|以下|任何)[^，。；：]{0,10}$"
)
"""A heading that ends so denies what is listed below it: "data we do not collect"."""
_LISTED = re.compile("(?:以下|下列|如下)[^。；]{0,24}：$|(?:包括|例如)[^，。；]{0,6}：$")
_CROSSED = re.compile(r"[-•·*\s]*[❌✗✘×](?![^，。；]{0,6}[不未无])")
"""A cross before an item is a no, unless the item says no by itself."""
_MEASURES = re.compile("(?:安全|技术|保护|管理|防护)措施$")
_GATHERS = frozenset({"collect"})


class DeniedLists:
    """Tells items of such lists."""

    def __init__(self, negation: Negation) -> None:
        """Take what finds denials."""
        self._negation = negation
        self._headings: dict[str, bool] = {}
        self._leader: tuple[Sentence, Action | None] | None = None

    def denied(self, line: Line) -> Action | None:
        """Return what is denied of an item that names data and says nothing of it by itself."""
        sentence = line.sentence
        if _CROSSED.match(sentence.text):
            return "collect"
        if sentence.verbs or sentence.kind == "heading":
            return None
        leader = sentence.led_by
        if leader is not None:
            return self._of_leader(leader)
        return "collect" if any(map(self._of_heading, line.block.path[-1:])) else None

    def measure(self, line: Line) -> bool:
        """Tell an item below a heading of security measures that has no verb of handling."""
        if any(kind != "use" for _, _, kind, _ in line.sentence.verbs):
            return False
        return any(_MEASURES.search(Normal(title).text.strip()) for title in line.block.path[-1:])

    def _of_leader(self, leader: Sentence) -> Action | None:
        if self._leader is None or self._leader[0] is not leader:
            self._leader = leader, self._told(leader)
        return self._leader[1]

    def _told(self, leader: Sentence) -> Action | None:
        """Return what a lead-in denies of its items; cases that bound a denial are no items."""
        text = leader.text
        listed = _LISTED.search(text)
        spans = self._negation.denied(text)
        if not listed or not spans or spans[-1][1] < listed.start():
            return None
        if self._negation.polarity(text, spans, *spans[-1]) != "negative":
            return None
        first = spans[-1][0]
        gathers = any(kind in _GATHERS for start, _, kind, _ in leader.verbs if start >= first)
        return "collect" if gathers else "share"

    def _of_heading(self, heading: str) -> bool:
        found = self._headings.get(heading)
        if found is None:
            found = self._headings[heading] = bool(_HEADING.search(Normal(heading).text.strip()))
        return found

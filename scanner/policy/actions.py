"""Who does what a clause says, and which action that is."""

import re

from scanner.model.policy import Action
from scanner.policy.found import Sentence
from scanner.policy.grammar import Grammar, Party
from scanner.policy.rulings import Facts, Ruling, Rulings
from scanner.policy.subjects import Subjects

_ACTIONS: dict[str, Action] = {
    "collect": "collect",
    "give": "collect",
    "share": "share",
    "use": "use",
    "store": "store",
    "entrust": "entrust",
    "abroad": "transfer_abroad",
}
_CLAUSE = re.compile(r"[^，；。]+")
_OF_ITEMS = frozenset({"collect", "give", "share", "store", "entrust"})
"""What a lead-in says of its items. "We use the following" mostly names permissions."""
_SHARED = frozenset({"共享", "分享", "披露"})
_FOR_USER = re.compile("，(?:以)?(?:方便|便于|供)您")
_DONE = re.compile("会|将|可[能以]|需|用于|用来|进行|形成|我们|我行|我司|使用您|分析您")
"""What says that something is done and not only named."""
_KIT_END = "sdk"
_GATHERS = re.compile(
    "(?:并且?|且|其|还|同时|以及)?(?:可能)?(?:需要?|会|将)(?:要|可能)?(?:在您[^，。；]{2,10}后)?"
    "(?:获取|收集|采集|读取|访问|申请)"
    "|(?:获取|收集|采集)[^，。；我您]{0,6}的(?:数据|信息)[^，。；我您]{0,6}(?:包括|有：|如下)"
)
_WILL = re.compile("会|将|可能|需")
_WILL_GET = re.compile(
    "(?:其|他们)?(?:可能)?(?:会|将|需要?)?(?:要|可能)?(?:获取|收集|采集|读取|访问|申请)|(?:可能)?包括"
)
_AHEAD = 12
_FOR_SELF = frozenset({"store", "share"})
_CHOOSE = "选择"
_FOR = re.compile("[-•·]?[^，；：。]{1,16}：(?:仅|主要|将)?用于")
"""What a label says data is for."""
_ASKING = frozenset({"collect", "permissions"})
"""Sections in which such a line names what is collected, and only then what for."""
_KEPT = "storage"
"""Where data without a verb is what is kept: rows of how long."""
_US = frozenset({"", "app", "user"})
"""Nobody else: what the user does is ours to answer for."""
_HANDED = frozenset({"", "give", "share"})
_INTO = re.compile(r"(?:同步|发送|传输|提供|共享|返回|反馈)(?:给|至|到)\Z")
_BUT = ("以外", "之外", "外的")
_TO = "给"
_YOU = re.compile("您(?:$|[，。；、（）]|以|用于|查看|进行|为您)")
"""Who is given his own data: "handed to you"."""
_OUT = re.compile(r"(?:向|给|至|到|与)\Z")

_PATTERNS = (
    "outward",
    "to_user",
    "to_us",
    "to_other",
    "our_servers",
    "handed",
    "may",
    "visible",
    "abroad_to",
    "kit_used",
    "kit_topic",
    "told_behind",
    "not_done",
    "submitted",
    "to_user_given",
    "row_name",
    "allowed",
    "asked_of",
    "published",
    "asks_for",
)
"""The patterns of the clause table by which actions are told."""


class Actions:
    """Reads actions by the clause table."""

    def __init__(self, grammar: Grammar, rulings: Rulings) -> None:
        """Compile the patterns."""
        rules = grammar.rules
        self._grammar, self._rulings = grammar, rulings
        self._says = {name: re.compile(getattr(rules, name)) for name in _PATTERNS}
        self._subjects = Subjects(grammar)
        self._checking, self._carried = frozenset(rules.checking), frozenset(rules.carried)
        self._shown, self._reported = frozenset(rules.shown), frozenset(rules.reported)
        self._uploaded, self._ours = frozenset(rules.uploaded), frozenset(rules.ours)
        self._reached_for = frozenset(rules.reached_for)
        self._led: tuple[Sentence, tuple[Action, str] | None] | None = None

    def doing(
        self, facts: Facts, ruling: Ruling, start: int, end: int, data: int
    ) -> tuple[Action, str]:
        """Return the action of a clause and the class of its actor; `data` is the first mention."""
        text = facts.sentence.text
        first, at = _place(ruling, start, data)
        actor = self._subjects.of(facts, at, first)
        if actor in {"", "user"} and self._only_named(facts, ruling, (start, end)):
            ruling = Ruling()
        told = self._by_place(facts, ruling, (start, end), actor, data)
        if told:
            return told
        action = self._action(facts, ruling, first, end)
        if action == "use" and actor not in _US and ruling.word in self._reached_for:
            action = "collect"
        lead = self._lead(facts.sentence) if not ruling.kind else None
        if lead and action == lead[0]:
            actor = actor or lead[1]
        handed = ruling.kind in _HANDED
        if handed and (
            self._says["to_us"].search(text, first, end) or self._home(facts, first, end)
        ):
            return "collect", "app"
        if (
            actor == "user"
            and ruling.kind == "give"
            and self._says["to_other"].search(text, first, end)
        ):
            return "collect", "third_party"
        shown = action == "share" and handed and self._says["visible"].search(text, first, end)
        return action, "app" if shown or actor in _US else actor

    def _by_place(
        self, facts: Facts, ruling: Ruling, span: tuple[int, int], actor: str, data: int
    ) -> tuple[Action, str] | None:
        """Return what the place of a clause tells, whatever its verb: in a row, behind an SDK,
        or in a line that asks for a permission.
        """
        (start, end), text = span, facts.sentence.text
        first, at = _place(ruling, start, data)
        willed = bool(_WILL.search(text, start, end))
        nobody = all(p.kind == "user" and not willed for p in facts.subjects)
        row = not actor and ruling.word not in _SHARED and nobody
        if row and self._says["row_name"].search(text, 0, start):
            action = self._action(facts, ruling, first, end) if willed else "collect"
            return action, "third_party"
        if self._by_kit(facts, first, at) or self._of_others(facts, first, end):
            return "collect", "third_party"
        asked = self._says["asks_for"].match(text, start, end)
        if asked and data < asked.end():
            return "collect", "app" if actor in _US else actor
        return None

    def _only_named(self, facts: Facts, ruling: Ruling, span: tuple[int, int]) -> bool:
        """Tell an item of a list in which a use is only part of a name: "records of use"."""
        placed = ruling.passive or ruling.put or ruling.at < span[0]
        if ruling.kind != "use" or placed or not facts.sentence.lead:
            return False
        return self._lead(facts.sentence) is not None and not _DONE.search(
            facts.sentence.text, *span
        )

    def by_user(self, facts: Facts, ruling: Ruling, start: int, end: int) -> bool:
        """Tell what the user does for himself: "you may save pictures"; he gives us nothing."""
        if ruling.kind not in _FOR_SELF or ruling.passive or ruling.at < 0:
            return False
        first, text = ruling.start if ruling.start >= 0 else start, facts.sentence.text
        given = any(
            v.kind == "give" and v.word != _CHOOSE and first <= v.start < end for v in facts.verbs
        )
        if given or self._says["to_us"].search(text, first, end):
            return False
        may = self._says["may"].search(text, 0, ruling.at)
        return bool(may) and self._subjects.of(facts, ruling.at, first) == "user"

    def _action(self, facts: Facts, ruling: Ruling, start: int, end: int) -> Action:
        text, kind = facts.sentence.text, ruling.kind
        company = self.company(facts, start, end)
        outward = bool(company or self._says["outward"].search(text, start, end))
        if (kind in {"", "give"} or ruling.gathered) and self._says["visible"].search(
            text, start, end
        ):
            return "use" if self._says["to_user"].search(text, start, end) else "share"
        if not kind:
            return self._unruled(facts, start, end, outward=outward)
        inside = self._subjects.inside(facts, start, ruling.at)
        asked = bool(inside) and inside[-1].kind == "user" and not ruling.passive
        asked = asked and not self._says["allowed"].search(text, inside[-1].end, ruling.at)
        plain = self._plain(text, ruling, (start, end), inside, asked=asked)
        if plain:
            return plain
        if kind == "give" or (kind == "share" and asked):
            return "collect" if asked else self._given(text, ruling, (start, end), outward=outward)
        other = company or self._says["to_other"].search(text, start, end)
        if ruling.word in self._reported and other:
            return "share"
        seen = self._seen(text, ruling, (start, end), outward=outward)
        listed = seen == "use" and ruling.word in self._carried
        if listed and any(v.kind == "collect" and start <= v.start < end for v in facts.verbs):
            seen = "collect"  # "does not collect, keep or transfer"
        return seen or _ACTIONS[kind]

    def _plain(
        self, text: str, ruling: Ruling, span: tuple[int, int], inside: list[Party], *, asked: bool
    ) -> Action | None:
        """Return what the words beside a verb make of it, whoever else is named."""
        kind, (start, end) = ruling.kind, span
        moved = kind in {"share", "give", "store"} and not asked
        if moved and self._says["abroad_to"].search(text, start, end):
            return "transfer_abroad"
        if ruling.word in self._ours and inside and inside[-1].kind == "app":
            return "use"
        if ruling.word.endswith(_TO) and _YOU.match(text, ruling.at + len(ruling.word)):
            return "use"
        if kind == "share" and asked and self._says["published"].search(text, start, end):
            return "share"
        asks = kind == "use" and self._says["asked_of"].search(text, start, end)
        return "collect" if asks else None

    def _seen(
        self, text: str, ruling: Ruling, span: tuple[int, int], *, outward: bool
    ) -> Action | None:
        """Return what it is to show data to its user, or to carry it without a receiver."""
        start, end = span
        to_user = ruling.word in self._shown and self._says["to_user"].search(text, start, end)
        if ruling.word in self._shown and _FOR_USER.match(text, end):
            return "use"
        if to_user or (ruling.word in self._carried and not outward):
            ours = not to_user and self._says["our_servers"].search(text, start, end)
            return "collect" if ours else "use"
        return None

    def _lead(self, sentence: Sentence) -> tuple[Action, str] | None:
        """Return what the lead-in of a list says of its items; nothing when it has no verb."""
        leader = sentence.led_by
        if leader is None:
            return None
        if self._led is None or self._led[0] is not leader:
            self._led = leader, self._of_lead(leader)
        return self._led[1]

    def _of_lead(self, leader: Sentence) -> tuple[Action, str] | None:
        facts = self._rulings.facts(leader)
        found = None
        for clause in _CLAUSE.finditer(leader.text):
            ruling = self._rulings.ruling(facts, *clause.span(), [])
            if ruling and ruling.kind in _OF_ITEMS:
                found = self.doing(facts, ruling, *clause.span(), clause.end())
        return found if found and found[0] != "use" else None

    def company(self, facts: Facts, start: int, end: int) -> Party | None:
        """Return the company that something is handed to between two places, by its name."""
        text = facts.sentence.text
        for party in facts.parties:
            named = party.kind.startswith("name:") and start <= party.start < end
            if named and _OUT.search(text, start, party.start):
                return party
        return None

    def _home(self, facts: Facts, start: int, end: int) -> bool:
        """Tell whether data is carried to us under our own name: "synchronised to (this app)"."""
        text = facts.sentence.text
        return any(
            party.own
            and start <= party.start < end
            and _INTO.search(text, start, party.start)
            and not text.startswith(_BUT, party.end)
            for party in facts.parties
        )

    def _unruled(self, facts: Facts, start: int, end: int, *, outward: bool) -> Action:
        """Return the action of a clause without a verb of the list: its lead's, or collection."""
        text = facts.sentence.text
        if outward and self._says["handed"].search(text, start, end):
            return "share"
        if self._grammar.disposal(text, start, end) >= 0:
            return "collect" if self._says["our_servers"].search(text, start, end) else "use"
        lead = self._lead(facts.sentence)
        if lead:
            return lead[0]
        if facts.sentence.section not in _ASKING and _FOR.match(text, start, end):
            return "use"
        if facts.sentence.section == _KEPT and not facts.sentence.lead:
            return "store"
        return _ACTIONS.get(facts.sentence.lead) or "collect"

    def _given(self, text: str, ruling: Ruling, span: tuple[int, int], *, outward: bool) -> Action:
        """Return what we do when we are who gives: share it, or use it for something."""
        start, end = span
        if outward:
            return "share"
        denied = self._says["not_done"].search(text, start, ruling.at)
        ours = self._says["our_servers"].search(text, start, end)
        if ruling.word in self._uploaded and (denied or ours or ruling.put):
            return "collect"
        if denied:
            return "share"
        if ruling.word in self._checking or self._says["to_user_given"].search(text, start, end):
            return "use"
        if ruling.put:
            return "share" if self._says["submitted"].search(text, start, end) else "use"
        return "collect"

    def _of_others(self, facts: Facts, start: int, end: int) -> bool:
        """Tell a clause without a subject behind its topic, or data that others are said to get."""
        text = facts.sentence.text
        if self._says["told_behind"].match(text, end):
            return True
        if not _WILL_GET.match(text, start):
            return False
        first = max(0, *(text.rfind(mark, 0, start) for mark in "；。"))
        return any(
            m.end() == start for m in self._says["kit_topic"].finditer(text, first, start + _AHEAD)
        )

    def _by_kit(self, facts: Facts, start: int, verb: int) -> bool:
        """Tell what an SDK does that a clause before says we use: nobody else is named since."""
        text = facts.sentence.text
        if _KIT_END not in text[:start] or not _GATHERS.match(text, start):
            return False
        used = self._says["kit_used"].search(text, 0, verb + _AHEAD)
        if used is None or used.end() > verb:
            return False
        return all(p.kind == "user" for p in facts.subjects if used.end() <= p.start < verb)


def _place(ruling: Ruling, start: int, data: int) -> tuple[int, int]:
    """Return where the ruled clause begins, and its verb: those of the data without a verb."""
    first = ruling.start if ruling.start >= 0 else start
    return first, ruling.at if ruling.at >= 0 else data

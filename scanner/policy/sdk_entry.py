"""One third party as it is put together: its fields, and what makes it one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from profiles.load import table
from scanner.model.base import Doc
from scanner.policy.align import SECOND, PartRules
from scanner.policy.blocks import bullet
from scanner.policy.normal import Normal, fold
from scanner.policy.resolve import Resolver
from scanner.policy.sdk_items import ItemReader, ItemRules, bare
from scanner.policy.words import Finder, Vocabulary

_MAX_HEADER = 24
_MAX_NAME = 60
_MAX_CELL = 2000
_TOLD = 2
_SHORT = 12
_LEAST = 2
_FIELDS = ("data", "purpose", "link", "company", "method", "permissions", "contact")
_NOT_HEADER = re.compile("http|有限公司|公司）|[：:].|请求|^联系(?!方式|电话|邮箱|人)")
_ASKED = frozenset({"data", "purpose", "scene", "permissions"})
_MAX_KEPT = 4096
_HAN = re.compile("[\u4e00-\u9fff]{2}")
_WORDS = re.compile(r"[ /]?[A-Za-z][A-Za-z .,/&’'()-]{4,}$")
_USED = re.compile("用于|用来|为")
_NAMED = re.compile("sdk。$", re.IGNORECASE)
_REPEATED = frozenset({"link", "purpose", "permissions", "method"})
"""Roles that one entry may tell twice under two keys."""
_ENDS = frozenset({"link", "company", "contact"})
"""What stands at the end of an entry that begins with its purpose and is named by its company."""
_SAYS = re.compile("名称|name|sdk", re.IGNORECASE)
_ONLY_URL = re.compile(r"\W{0,6}https?://\S{1,2000}$")


class ColumnRule(Doc):
    """A column role and the header words that name it."""

    role: str
    pattern: str


class SdkTable(Doc):
    """`tables/policy_sdk.yaml`."""

    checked: str
    source: tuple[str, ...]
    columns: tuple[ColumnRule, ...]
    none: str
    company: str
    not_name: str
    not_company: str
    listed: str
    generic: str
    aim: str
    use: str
    denied: str
    used: str
    by: str
    got: str
    body: str
    way: str
    thing: str
    serial: str
    bare: tuple[str, ...]
    cells: dict[str, tuple[str, ...]]


@dataclass(slots=True)
class Entry:
    """What is known of one third party so far. Offsets are characters of the document."""

    start: int = -1
    end: int = -1
    fields: dict[str, str] = field(default_factory=dict)
    name_line: str = ""
    item: bool = False
    titled: bool = False
    """The line that named it is a heading or numbered."""
    described: int = 0
    told: str = ""
    """The sentences below its name."""
    listing: bool = False
    """Its data are told in the lines after their key."""
    first: str = ""
    """The role that was filled first."""
    last: str = ""
    """The role that was filled last: a line cut in two goes on with it."""
    open: bool = False
    """The last line did not end, or announced a link."""

    @property
    def known(self) -> str:
        """The name, or the line that may be it."""
        return self.fields.get("name") or self.name_line

    def touch(self, start: int, end: int) -> None:
        """Widen its place."""
        self.start = start if self.start < 0 else min(self.start, start)
        self.end = max(self.end, end)


def width(text: str) -> int:
    """Return how wide a text is: two Latin letters are one Chinese character."""
    return len(text) // 2 if text.isascii() else len(text)


def _chinese(header: str) -> str:
    """Return a column name without its translation (`使用目的 Purpose`)."""
    found = _HAN.search(header)
    return _WORDS.sub("", header) if found else header


def _once(values: Sequence[str], roles: list[str]) -> list[str]:
    """Mark a second name or company: the one that says so is the cell of ours."""
    out = list(roles)
    for role in ("name", "company"):
        places = [n for n, own in enumerate(roles) if own == role]
        plain = [n for n in places if _SAYS.search(values[n])]
        for place in places:
            if place != (plain or places)[0]:
                out[place] = f"{SECOND}{role}"
    return out


class EntryRules:
    """The table compiled: column roles, and how entries begin, fill and count."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table and index the catalogue's names."""
        rules = table(words.know, "policy_sdk", SdkTable)
        self._words = words
        self._columns = [(c.role, re.compile(c.pattern)) for c in rules.columns]
        self._none = re.compile(rules.none)
        self._company = re.compile(rules.company)
        self._not_name = re.compile(rules.not_name)
        self._not_company = re.compile(rules.not_company)
        self.items = ItemReader(
            words,
            ItemRules(
                not_name=self._not_name,
                generic=re.compile(rules.generic),
                listed=re.compile(rules.listed),
                aim=re.compile(rules.aim),
                use=re.compile(rules.use),
                denied=re.compile(rules.denied),
                used=re.compile(rules.used),
                by=re.compile(rules.by),
                got=re.compile(rules.got),
            ),
        )
        self.resolver = Resolver(words.know)
        self.parts = PartRules(
            company=self._company,
            body=re.compile(rules.body),
            way=re.compile(rules.way),
            thing=re.compile(rules.thing),
            none=self._none,
        )
        self._serial = re.compile(rules.serial)
        kinds = {fold(word): kind for kind, words in rules.cells.items() for word in words}
        self.cells = Finder({word: "" if kind == "none" else kind for word, kind in kinds.items()})
        self.bare = frozenset(fold(word) for word in rules.bare)
        self._roles: dict[str, str] = {}

    def role(self, header: str) -> str:
        """Return the role of a column header or key, or an empty string."""
        if len(header) > _MAX_NAME:
            return ""
        if header not in self._roles:
            if len(self._roles) >= _MAX_KEPT:
                self._roles.clear()
            self._roles[header] = self._role(header)
        return self._roles[header]

    def _role(self, header: str) -> str:
        text = re.sub(r"[\s*_：:]", "", Normal(_chinese(header)).text)
        if not text or width(text) > _MAX_HEADER:
            return ""
        return next((role for role, pattern in self._columns if pattern.search(text)), "")

    def header(self, values: Sequence[str]) -> list[str]:
        """Return the roles of a header row, or nothing for a row of data."""
        filled = [v for v in values if v]
        if len(filled) < _TOLD or max(width(_chinese(v)) for v in filled) > _MAX_HEADER:
            return []
        if any(_NOT_HEADER.search(v) for v in filled):
            return []
        roles = [self.role(v) for v in values]
        party = "company" if "name" in roles else "name"
        roles = _once(values, [party if role == "party" else role for role in roles])
        known = {r for r in roles if r}
        hits = sum(bool(r) for r in roles)
        named = known & {"name", "company"} and known & _ASKED
        return roles if named and len(known) >= _TOLD and hits * 2 > len(filled) else []

    def serial(self, value: str) -> bool:
        """Tell whether a column name or a cell is a running number."""
        return bool(self._serial.match(Normal(value).text.strip()))

    def is_company(self, text: str) -> bool:
        """Tell whether a text is the name of a company."""
        return bool(self._company.fullmatch(Normal(text).text))

    def empty(self, value: str) -> bool:
        """Tell whether a cell says that there is nothing."""
        return bool(self._none.match(Normal(value).text.strip()))

    def names_data(self, line: str) -> bool:
        """Tell whether a line of what was announced names personal data, or a kind of it."""
        head, colon, after = Normal(bare(line)).text.partition("：")
        told = bool(_USED.match(after)) or head.endswith("）")
        if bullet(line.lstrip()):
            head = head.partition("。")[0]
        keyed = not told and (bool(after) or (bool(colon) and self.role(head) != ""))
        if keyed or "。" in head or ("sdk" in head and "、" not in head):
            return False
        kind = "信息" in head and len(head) <= _SHORT
        return bool(self._words.terms.find(head)) or kind

    def remark(self, line: str) -> bool:
        """Tell whether a short line is one of those that name nobody."""
        return bool(self._not_name.search(bare(Normal(line).text)))

    def begins(self, record: Entry, role: str, value: str) -> bool:
        """Tell whether a key starts the next third party."""
        if role == "party":
            return bool(record.fields) and ("company" in record.fields or not record.known)
        if role == "name":
            second = "name" in record.fields and self._company.search(Normal(value).text)
            return bool(record.fields) and not second and not self._owned(record)
        if role == record.last:
            return False
        if role == record.first and not record.known and record.last in _ENDS:
            return "data" in record.fields
        return role in record.fields and role not in _REPEATED

    def _owned(self, record: Entry) -> bool:
        """Tell whether a record holds nothing but the company of what is named next."""
        alone = len(record.fields) == 1
        return alone and self.is_company(next(iter(record.fields.values())))

    def put(self, record: Entry, role: str, value: str) -> None:
        """Keep a value; a company under "name of the third party" is the company."""
        if role.startswith(SECOND):
            return
        plain = Normal(value).text
        if role == "scene":
            role = "purpose"
        if role == "name" and record.known and self._company.search(plain):
            role = "company"
        if role == "name" and "name" in record.fields and self._owned(record):
            record.fields["company"] = record.fields.pop("name")
        if role == "data" and _ONLY_URL.match(value):
            role = "link"
        if role == "party":
            role = "company" if record.known and "sdk" not in plain else "name"
        old = record.fields.get(role, "")
        record.last = role
        record.first = record.first or role
        if (value or old) and len(old) < _MAX_CELL:
            record.fields[role] = f"{old} {value}".strip() if value not in old else old

    def usable(self, record: Entry, *, listed: bool = False, near: bool = False) -> bool:
        """Tell whether a record names a third party and says something about it.

        `listed`: it was put together from lines, so more is asked for; `near`: less, since the
        entry before was one.
        """
        fields = record.fields
        name = fields.get("name") or record.name_line
        company = fields.get("company", "")
        if not (name or company) or not any(fields.get(f) for f in _FIELDS):
            return False
        company = Normal(company).text
        if self.empty(name or "x") or self._not_company.search(company):
            return False
        if not listed:
            return any(fields.get(f) for f in ("data", "purpose", "permissions", "method"))
        told = {f for f in ("data", "purpose", "company", "link", "method") if fields.get(f)}
        if "data" in told and not self._is_data(fields["data"]):
            return False
        if "contact" in fields and not told & {"data", "purpose"}:
            return False
        third = "sdk" in Normal(name).text or bool(company) or "name" in fields
        third = third or near or self.resolver.find(name, "") != ""
        listed = "name" in fields and told >= {"company", "link"}
        return third and len(told) >= _TOLD and (listed or bool(told & {"data", "purpose"}))

    def _is_data(self, text: str) -> bool:
        plain = Normal(text).text.strip()
        named = self._words.terms.find(plain) or "信息" in plain or "权限" in plain
        known = bool(named) or bool(self._none.match(plain)) or len(plain) < _SHORT
        return known and not plain.startswith("指")

    def is_name(self, line: str) -> bool:
        """Tell whether a line may be the name of a third party."""
        body = bare(line).strip()
        body = body[:-1] if _NAMED.search(body) else body
        if not _LEAST <= len(body) <= _MAX_NAME or body[-1] in "。；;，,！？" or "。" in body:
            return False
        return not self._not_name.search(Normal(body).text)

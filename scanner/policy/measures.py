"""Readability of a policy, the permissions it explains, and its own 'A includes B'."""

import re
from collections.abc import Iterable, Iterator, Sequence

from profiles.load import table
from scanner.model.base import Doc
from scanner.model.policy import Quote, Readability, Subsumption
from scanner.policy.found import Mention
from scanner.policy.normal import han_characters
from scanner.policy.reader import Line
from scanner.policy.words import Finder, Vocabulary

_LONG = 120
_OPENING = re.compile(
    r"(?:信息|数据|资料|等)?(?:（(?:包括|如|例如|含|具体为|即|仅)?|，?(?:包括|例如|比如|具体为|如)(?:但不限于)?：?)"
)
_CONSTANT = re.compile(r"(?:android|com)(?:\.[a-z]+)*\.permission\.[A-Z][A-Z0-9_]{2,60}")


class PermissionWords(Doc):
    """Words that stand for permissions."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    permissions: tuple[str, ...]


class PermissionTable(Doc):
    """`tables/policy_permissions.yaml`."""

    checked: str
    source: tuple[str, ...]
    beside: str
    words: tuple[PermissionWords, ...]


class PermissionReader:
    """Finds which permissions a text explains."""

    def __init__(self, words: Vocabulary) -> None:
        """Compile the table."""
        rules = table(words.know, "policy_permissions", PermissionTable)
        self._beside = re.compile(rules.beside)
        self._owners: dict[str, set[str]] = {}
        for rule in rules.words:
            for word in (*rule.zh, *rule.en):
                self._owners.setdefault(word, set()).update(rule.permissions)
        self._finder = Finder({word: word for word in self._owners})

    def of(self, line: Line) -> set[str]:
        """Return the permissions that one sentence names."""
        found: set[str] = set()
        raw = line.quote(line.start, line.end)
        if "permission" in raw:
            found.update(_CONSTANT.findall(raw))
            found = {m.group() for m in _CONSTANT.finditer(raw)}
        if line.sentence.section == "permissions" or self._beside.search(line.text):
            for _, _, word, _ in self._finder.find(line.text):
                found |= self._owners[word]
        return found


def readability(text: str, lines: Sequence[Line], traditional: re.Pattern[str]) -> Readability:
    """Measure length, language and sentence length."""
    visible = sum(map(len, text.split()))
    han, odd = han_characters(text), len(traditional.findall(text))
    bodies = [len(line.text) for line in lines if line.block.kind != "heading"]
    return Readability(
        chars=len(text),
        cjk_share=round(han / visible, 4) if visible else 0.0,
        simplified_share=round(1 - odd / han, 4) if han else 0.0,
        sentences=len(bodies),
        mean_sentence=round(sum(bodies) / len(bodies), 1) if bodies else 0.0,
        long_sentences=sum(size > _LONG for size in bodies),
        headings=len({line.block.start for line in lines if line.block.kind == "heading"}),
    )


def subsumptions(lines: Iterable[Line], document: str) -> list[Subsumption]:
    """Return `device information (IMEI, MAC address, ...)` as parent and children."""
    out: list[Subsumption] = []
    for line in lines:
        mentions = line.sentence.mentions
        index = 0
        while index < len(mentions) - 1:
            members = _members(line.text, mentions, index)
            if members:
                parent = mentions[index]
                children = {m.data_type for m in members} - {parent.data_type}
                if children:
                    start = line.start + line.normal.back(parent.start)
                    end = line.start + line.normal.back_end(members[-1].end)
                    place = Quote(
                        document=document, start=start, end=end, text=line.quote(start, end)[:400]
                    )
                    out.append(
                        Subsumption(
                            parent=parent.data_type, children=tuple(sorted(children)), place=place
                        )
                    )
            index += 1 + len(members)
    return out


def finer(lines: Iterable[Line], document: str, words: dict[str, str]) -> Iterator[Subsumption]:
    """Return where the text names a finer type than its statements are filed under.

    Ages are filed under the date of birth: a policy that names ages has declared them.
    """
    seen: set[str] = set()
    for line in lines:
        for mention in line.sentence.mentions:
            child = words.get(mention.term, "")
            if not child or child in seen:
                continue
            seen.add(child)
            start = line.start + line.normal.back(mention.start)
            end = line.start + line.normal.back_end(mention.end)
            place = Quote(document=document, start=start, end=end, text=line.quote(start, end))
            yield Subsumption(parent=mention.data_type, children=(child,), place=place)


def _members(text: str, mentions: list[Mention], index: int) -> list[Mention]:
    """Return the mentions that the mention at `index` is said to include."""
    parent = mentions[index]
    opening = _OPENING.match(text, parent.end)
    if not opening:
        return []
    bracket = "（" in opening.group()
    end = _closing(text, opening.end()) if bracket else _stop(text, opening.end())
    return [m for m in mentions[index + 1 :] if opening.end() <= m.start and m.end <= end]


def _closing(text: str, start: int) -> int:
    depth = 1
    for place in range(start, len(text)):
        if text[place] == "（":
            depth += 1
        elif text[place] == "）":
            depth -= 1
            if not depth:
                return place
    return len(text)


def _stop(text: str, start: int) -> int:
    return min((at for at in (text.find(c, start) for c in "；。，") if at >= 0), default=len(text))

"""List items that name a third party and then tell of it: parts without a verb, or sentences."""

import re
from dataclasses import dataclass

from scanner.policy.blocks import bullet, numbering
from scanner.policy.normal import Normal
from scanner.policy.words import Vocabulary

_LEAD = re.compile(
    r"^[\s*_#•·\-+>【\[]*(?:\d{1,2}(?:[.．]\d{1,2}){1,4}[.．、]?|[（(]?\d{1,3}[)）.、．\s]|[（(]?[一二三四五六七八九十]{1,3}[)）、.](?:\s?\d{1,2}[.、．])?|[①-⑳]|[a-zA-Z][)）、]|[a-zA-Z][.．](?![A-Za-z]{1,3}[.．]))?"
    r"[\s*_]*"
)
_ITEM = re.compile(r"^([^：]{2,40}(?:（[^）]{1,40}）)?)：(.{2,1000})$")
_NO_NAME = re.compile(
    r"(?:会|将|可能|需要?)[^，]{0,6}(?:收集|获取|采集|读取)|(?:，[^，]{0,20}[\u4e00-\u9fff]{2}[^，]{0,20}){2}"
)
"""What says that somebody collects, or is a row whose cells stand between commas, is no name."""
_ANOTHER = re.compile(
    r"(?!我们|使用)[^,，：:。；]{2,24}sdk(?:[（(][^）)]{0,24}[）)])?[*\s]{0,4}"
    r"(?:[：:]|[,，](?!为|需|可能|会|将|用于|我|由|来源)[^,，：:。；]{2,40}[,，])",
    re.IGNORECASE,
)
"""How a line opens that names another SDK: before a colon, or in a row with commas for cells."""
_ENDS = "。；;：:.！!"
_COMMAS = (",", "，", "、")
_LATIN = re.compile(r"(?<![a-z])[a-z]{3,}")
_PART = re.compile(r"\s*(?:[①-⑳]|[a-z][.、)）])")


def bare(line: str) -> str:
    """Return a line without its number, bullet and mark-up."""
    return _LEAD.sub("", line)


def lead(line: str) -> int:
    """Return how many characters the number, bullet and mark-up of a line take."""
    found = _LEAD.match(line)
    return found.end() if found else 0


def numbered(line: str) -> bool:
    """Tell whether a line begins with a number or a bullet."""
    body = line.strip("*_#　 \t")
    return bool(bullet(body) or numbering(body)[1])


def broken(text: str) -> bool:
    """Tell whether a value was cut: a bracket is open, or it ends at a comma."""
    tail = text.rstrip("*_ \t")[-1:]
    opened = sum(map(text.count, "（(【[")) - sum(map(text.count, "）)】]"))
    return opened > 0 or tail in _COMMAS


def enumerated(line: str) -> bool:
    """Tell whether a line is one of the parts `①`, `a.` of what was announced before."""
    return bool(_PART.match(line))


def opens_anew(line: str) -> bool:
    """Tell whether a line names another SDK or announces something: no end of an item before."""
    return line.rstrip("*_ \t").endswith(("：", ":")) or bool(_ANOTHER.match(line))


def unfinished(line: str) -> bool:
    """Tell whether a line was cut in the middle of a sentence."""
    return line.rstrip("*_ \t")[-1:] not in _ENDS


@dataclass(frozen=True, slots=True)
class ItemRules:
    """Patterns of `tables/policy_sdk.yaml` that an item is read with."""

    not_name: re.Pattern[str]
    generic: re.Pattern[str]
    listed: re.Pattern[str]
    aim: re.Pattern[str]
    use: re.Pattern[str]
    denied: re.Pattern[str]
    used: re.Pattern[str]
    by: re.Pattern[str]
    got: re.Pattern[str]


class ItemReader:
    """Reads `1.某某SDK：设备信息、位置权限` and `（2）某某SDK：为了统计，需要获取您的IMEI。`."""

    def __init__(self, words: Vocabulary, rules: ItemRules) -> None:
        """Keep the lexicon and the patterns."""
        self._words = words
        self._rules = rules

    def read(self, line: str, *, near: bool) -> dict[str, str]:
        """Return name, data and purpose of an item, or nothing. `near`: another stands close by."""
        if "：" not in line and ":" not in line:
            return {}
        found = _ITEM.match(bare(Normal(line).text))
        if not found:
            return {}
        name, told = found.group(1), found.group(2)
        own = "sdk" in name or (near and "该sdk" in told)
        fits = near and (self._fits(name, told) or self._foreign(name, line))
        if not (own or fits) or self._nobody(name):
            return {}
        sentences = "。" in told.rstrip("。")
        if sentences and not ((own or self._foreign(name, line)) and numbered(line)):
            return {}
        kinds = any(k for _, _, k, _ in self._words.terms.find(told))
        if not (kinds or "权限" in told or (own and near and numbered(line))):
            return {}
        return self._fields(line)

    def below(self, name: str, told: str) -> dict[str, str]:
        """Read the sentences that stand below the bare name of an SDK, or return nothing."""
        plain, own = Normal(told).text, Normal(name).text
        meant = "该sdk" in plain or own in plain or self._rules.used.search(plain)
        if not own.endswith("sdk") or not meant or self._nobody(own):
            return {}
        fields = {"name": name}
        by = self._rules.by.search(told)
        if by:
            fields["company"] = by.group(1)
        aim = self._rules.aim.match(told)
        if aim:
            fields["purpose"] = aim.group(1)
        got = self._rules.got.search(told)
        if got and not self._rules.denied.search(told):
            fields["data"] = got.group().strip("。；;， ")
        known = any(kind for _, _, kind, _ in self._words.terms.find(plain))
        return fields if known or "company" in fields else {}

    def _nobody(self, name: str) -> bool:
        rules = self._rules
        return bool(
            name == "sdk"
            or rules.generic.match(name.removesuffix("sdk"))
            or rules.not_name.search(name)
            or _NO_NAME.search(name)
        )

    def _foreign(self, name: str, line: str) -> bool:
        """Tell whether a numbered item has a name in Latin letters that is no word for data."""
        latin = bool(_LATIN.search(name)) and not self._words.terms.find(name)
        return latin and numbered(line)

    def _fits(self, name: str, told: str) -> bool:
        """Tell whether an item beside listed third parties is one too: parts, no verbs."""
        parts = re.split(r"[、，/]", told)
        known = sum("权限" in part or bool(self._words.terms.find(part)) for part in parts)
        return bool(self._rules.listed.search(name)) and known * 2 > len(parts)

    def _fields(self, line: str) -> dict[str, str]:
        """Cut an item into name, purpose and data; what is denied is no data."""
        original = bare(line)
        cut = min(original.find(c) for c in "：:" if c in original)
        told = original[cut + 1 :].strip(" *_")
        fields = {"name": original[:cut].strip(" *_")}
        aim = self._rules.aim.match(told)
        if aim:
            fields["purpose"] = aim.group(1)
            told = told[aim.end() :]
        use = self._rules.use.search(told)
        if use:
            fields.setdefault("purpose", use.group())
            told = told[: use.start()] + told[use.end() :]
        if not self._rules.denied.search(told):
            fields["data"] = told.strip("。；;， ")
        return {role: text for role, text in fields.items() if text}

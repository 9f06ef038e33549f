"""Names in a policy to SDK ids of the catalogue."""

import re

from profiles.model import Knowledge
from scanner.policy.normal import Normal

_NOISE = re.compile(
    r"sdk|[\s\-_—·.、/“”\"'*]|（[^）]*）|客户端|安卓版?|android|ios|官方|软件开发工具包|服务$"
)
_BRACKETS = re.compile(r"（([^）]{1,60})）")
_LEAST = 3
_SHORT = 4
_REACH = 24
_WORD = re.compile("sdk")


class Resolver:
    """Finds an SDK by the name a policy gives it, or by the company when that is unambiguous."""

    def __init__(self, know: Knowledge) -> None:
        """Index names and companies; a name claimed by two SDKs resolves to neither."""
        names: dict[str, set[str]] = {}
        companies: dict[str, set[str]] = {}
        for sdk in know.sdks.values():
            if sdk.fallback:
                continue
            for name in (*sdk.policy_names, sdk.name.zh, sdk.name.en):
                names.setdefault(_plain(name), set()).add(sdk.id)
            for company in sdk.company_names:
                companies.setdefault(_plain(company), set()).add(sdk.id)
        self._names = {k: min(v) for k, v in names.items() if k and len(v) == 1}
        self._companies = companies
        self._by_length = sorted((n for n in self._names if len(n) >= _LEAST), key=_longest)

    def find(self, name: str, company: str) -> str:
        """Return the SDK id, or an empty string."""
        text = Normal(name).text
        for candidate in (text, *_BRACKETS.findall(text)):
            for part in (candidate, *re.split(r"[、/，|]", candidate)):
                found = self._names.get(_plain(part))
                if found:
                    return found
        bare = _plain(text)
        for known in self._by_length:
            if known in bare and _apart(known, text):
                return self._names[known]
        alone = company and _plain(Normal(company).text) == bare
        owners = self._companies.get(bare, set()) if alone else set()
        return next(iter(owners)) if len(owners) == 1 else ""

    def exactly(self, name: str) -> str:
        """Return the SDK that a name stands for as a whole, or an empty string."""
        return self._names.get(_plain(name), "")

    def in_prose(self, text: str) -> set[str]:
        """Return the SDKs a normalised clause names right before the word SDK."""
        found = set()
        for place in _WORD.finditer(text):
            bare = _plain(text[max(0, place.start() - _REACH) : place.start()])
            for size in range(len(bare), _LEAST - 2, -1):
                name = bare[-size:]
                cut = name[0].isascii() and bare[: len(bare) - size][-1:].isascii()
                known = self._names.get(name)
                if known and not (cut and size < len(bare)):
                    found.add(known)
                    break
        return found


def _plain(name: str) -> str:
    return _NOISE.sub("", Normal(name).text).strip()


def _apart(known: str, text: str) -> bool:
    """Tell whether a short Latin name stands by itself: "face" is not by ACE."""
    if len(known) > _SHORT or not known.isascii():
        return True
    return bool(re.search(f"(?<![a-z]){re.escape(known)}(?![a-z])", text))


def _longest(name: str) -> tuple[int, str]:
    return -len(name), name
